// The schema: brought up to date by whoever starts, once, whole, and never backwards.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, type TestContext, test } from 'node:test'
import { openStorage } from '../../../src/storage/open.ts'
import type { Migration } from '../../../src/storage/sql/migrate.ts'
import { migrations } from '../../../src/storage/sql/migrations/index.ts'
import { openPostgres } from '../../../src/storage/sql/postgres.ts'
import { openSqlite } from '../../../src/storage/sql/sqlite.ts'
import type { Engine as OpenedEngine } from '../../../src/storage/watch-events.ts'
import { storeEndUser } from '../rows.ts'
import { type Engine, isError, type Place } from '../support.ts'

const CHILD = new URL('../open-and-store.ts', import.meta.url).pathname

/** Opens with other steps than those of this version. */
const openWith = (url: string, steps: readonly Migration[]): Promise<OpenedEngine> =>
  url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length), steps) : openPostgres(url, steps)

const applied = async ({ raw }: Place) =>
  (await raw.query('select version, name from migrations order by version')).map(({ version, name }) => [
    Number(version),
    name,
  ])

export function migrationRules(engine: Engine): void {
  describe('migrations', () => {
    const createPlace = async (t: TestContext) => {
      const place = await engine.createPlace()
      t.after(place.drop)
      return place
    }
    const current = migrations.map(({ version, name }) => [version, name])

    test('an empty database is migrated at the first start and left alone at the second', async (t) => {
      const place = await createPlace(t)
      const first = await openStorage({ url: place.url })
      const endUser = await storeEndUser(first)
      await first.close()
      const second = await openStorage({ url: place.url })
      assert.deepEqual(await second.read.endUsers.find(endUser.applicationId, endUser.id), endUser)
      await second.close()
      assert.deepEqual(await applied(place), current)
    })

    test('processes and instances that start at the same time migrate once', async (t) => {
      const place = await createPlace(t)
      const children = Array.from({ length: 3 }, () => {
        const child = spawn(process.execPath, [...process.execArgv, CHILD, place.url], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        return text(child.stdout)
      })
      const instances = await Promise.all([1, 2, 3].map(() => openStorage({ url: place.url })))
      assert.deepEqual(await Promise.all(children), ['stored', 'stored', 'stored'])
      await Promise.all(instances.map((storage) => storeEndUser(storage)))
      await Promise.all(instances.map((storage) => storage.close()))
      assert.deepEqual(await applied(place), current)
      assert.equal((await place.raw.query('select id from end_users')).length, 6)
    })

    test('a database of a newer version is refused, with a sentence, and not touched', async (t) => {
      const place = await createPlace(t)
      const newer: Migration = {
        version: 99,
        name: 'newer',
        statements: () => ['create table later (id text)'],
      }
      await (await openWith(place.url, [...migrations, newer])).close()
      await assert.rejects(openStorage({ url: place.url }), (error: Error) => {
        assert.ok(isError('storage_unavailable')(error))
        assert.match(error.message, /belongs to a newer version of Springbar: its schema is 99/)
        return true
      })
      assert.deepEqual(await applied(place), [...current, [99, 'newer']])
      await (await openWith(place.url, [...migrations, newer])).close()
    })

    test('a step that breaks in the middle leaves the schema that was there', async (t) => {
      const place = await createPlace(t)
      await (await openStorage({ url: place.url })).close()
      const tables = await place.raw.tables()
      const broken: Migration = {
        version: 99,
        name: 'broken',
        statements: () => ['create table half (id text)', 'create table end_users (id text)'],
      }
      await assert.rejects(openWith(place.url, [...migrations, broken]), isError('storage_unavailable'))
      assert.deepEqual(await applied(place), current)
      assert.deepEqual(await place.raw.tables(), tables)
      await (await openStorage({ url: place.url })).close()
    })
  })
}
