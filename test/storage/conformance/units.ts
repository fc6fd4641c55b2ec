// What a unit of work is: whole or nothing, durable when told, and as if no other ran at the same time.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Tables } from '../../../src/storage/storage.ts'
import {
  appendLines,
  MINUTE,
  NOW,
  newApplication,
  newConnection,
  newEndUser,
  newSession,
  storeEndUser,
} from '../rows.ts'
import { type Engine, isError, type Opened, race } from '../support.ts'

/** Makes every commit fail whose transaction wrote an audit line `refuse-commit`. */
const refuseCommit: Readonly<Record<Engine['name'], string>> = {
  SQLite: `
    create table witness (end_user_id text references end_users (id) deferrable initially deferred);
    create trigger refuse_commit after insert on audit_entries when new.action = 'refuse-commit'
      begin insert into witness values ('nobody'); end;`,
  PostgreSQL: `
    create function refuse_commit() returns trigger language plpgsql as $$
      begin raise exception 'refused'; end $$;
    create constraint trigger refuse_commit after insert on audit_entries deferrable initially deferred
      for each row when (new.action = 'refuse-commit') execute function refuse_commit();`,
}

const allowCommit: Readonly<Record<Engine['name'], string>> = {
  SQLite: 'drop trigger refuse_commit; drop table witness;',
  PostgreSQL: 'drop trigger refuse_commit on audit_entries; drop function refuse_commit;',
}

export function unitRules(engine: Engine, opened: () => Opened): void {
  describe('units of work', () => {
    const idsOf = async ({ raw }: Opened, applicationId: string) =>
      (
        await raw.query(
          `select id from end_users where application_id = '${applicationId}' order by created_at`,
        )
      ).map(({ id }) => id)

    test('what a unit returns is what its caller gets, and its rows are stored', async () => {
      const { storage } = opened()
      const endUser = newEndUser(newApplication())
      const answer = await storage.write(async (tables) => {
        await tables.endUsers.createOrGet(endUser)
        return 'done'
      })
      assert.equal(answer, 'done')
      assert.deepEqual(await idsOf(opened(), endUser.applicationId), [endUser.id])
    })

    test('a unit that throws leaves nothing, and those committed with it stay', async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      const [first, second, third] = [1, 2, 3].map((n) => newEndUser(applicationId, { createdAt: NOW + n }))
      assert.ok(first && second && third)
      const broken = new Error('broken')
      const outcomes = await Promise.allSettled([
        storage.write((tables) => tables.endUsers.createOrGet(first)),
        storage.write(async (tables) => {
          await tables.endUsers.createOrGet(second)
          throw broken
        }),
        storage.write((tables) => tables.endUsers.createOrGet(third)),
      ])
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      assert.equal(outcomes[1]?.status === 'rejected' && outcomes[1].reason, broken)
      assert.deepEqual(await idsOf(opened(), applicationId), [first.id, third.id])
    })

    test('a unit that throws alone, or before it awaits anything, leaves nothing', async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      const throwing = (tables: Tables): Promise<void> => {
        void tables.endUsers.createOrGet(newEndUser(applicationId))
        throw new Error('at once')
      }
      await assert.rejects(storage.write(throwing), /at once/)
      assert.deepEqual(await idsOf(opened(), applicationId), [])
      await storage.write((tables) => tables.endUsers.createOrGet(newEndUser(applicationId)))
      assert.equal((await idsOf(opened(), applicationId)).length, 1)
    })

    test('a read sees nothing of a unit before its commit, and all of it after', async () => {
      const { storage, replica } = opened()
      const endUser = newEndUser(newApplication())
      const { applicationId, id } = endUser
      const during = await storage.write(async (tables) => {
        await tables.endUsers.createOrGet(endUser)
        assert.deepEqual(await tables.endUsers.find(applicationId, id), endUser)
        return Promise.all([storage, replica].map(({ read }) => read.endUsers.find(applicationId, id)))
      })
      assert.deepEqual(during, [null, null])
      assert.deepEqual(await storage.read.endUsers.find(applicationId, id), endUser)
      // Another replica's commit is seen in the next round of the event loop at the latest.
      await new Promise((resolve) => setImmediate(resolve))
      assert.deepEqual(await replica.read.endUsers.find(applicationId, id), endUser)
    })

    test('a unit that goes on after a refused statement is undone all the same', async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      const writing = storage.write(async (tables) => {
        await tables.endUsers.createOrGet(newEndUser(applicationId))
        await tables.sessions.insert(newSession(newEndUser(applicationId))).catch(() => undefined)
        return 'looks good'
      })
      await assert.rejects(writing, isError('conflict'))
      assert.deepEqual(await idsOf(opened(), applicationId), [])
    })

    test('a unit is undone by a refused statement that nobody waited for', async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      const writing = storage.write(async (tables) => {
        await tables.endUsers.createOrGet(newEndUser(applicationId))
        tables.sessions.insert(newSession(newEndUser(applicationId))).catch(() => undefined)
      })
      await assert.rejects(writing)
      assert.deepEqual(await idsOf(opened(), applicationId), [])
    })

    test('a unit can go on after the conflict of a connection', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const living = newConnection(owner)
      const ended = newConnection(owner, { status: 'disconnected', accountId: living.accountId })
      const seen = await storage.write(async (tables) => {
        await tables.connections.insert(living)
        await tables.connections.insert(ended)
        await assert.rejects(
          tables.connections.insert(newConnection(owner, { accountId: living.accountId })),
          isError('conflict'),
        )
        await assert.rejects(
          tables.connections.update(owner.applicationId, ended.id, 1, { status: 'active' }),
          isError('conflict'),
        )
        return tables.connections.listOf(owner.applicationId, [owner.id])
      })
      const byId = (one: { id: string }, other: { id: string }) => one.id.localeCompare(other.id)
      assert.deepEqual(seen.toSorted(byId), [living, ended].toSorted(byId))
      assert.deepEqual(await storage.read.connections.listOf(owner.applicationId, [owner.id]), seen)
    })

    test('a commit that the database refuses is told, and nothing of the unit is stored', async (t) => {
      const { storage, raw } = opened()
      await raw.query(refuseCommit[engine.name])
      t.after(() => raw.query(allowCommit[engine.name]))
      const applicationId = newApplication()
      const writing = storage.write(async (tables) => {
        await tables.endUsers.createOrGet(newEndUser(applicationId))
        await appendLines(tables, applicationId, [{ action: 'refuse-commit' }])
      })
      await assert.rejects(writing, isError('storage_unavailable'))
      assert.deepEqual(await idsOf(opened(), applicationId), [])
      await storage.write((tables) => tables.endUsers.createOrGet(newEndUser(applicationId)))
      assert.equal((await idsOf(opened(), applicationId)).length, 1)
    })

    test('Storage.read refuses to write', async () => {
      const { storage } = opened()
      const endUser = newEndUser(newApplication())
      await assert.rejects(storage.read.endUsers.createOrGet(endUser), isError('server_error'))
      await assert.rejects(
        storage.read.revocations.lease('me', NOW, NOW + MINUTE, 5),
        isError('server_error'),
      )
      assert.deepEqual(await idsOf(opened(), endUser.applicationId), [])
    })

    test('tables that are kept after their unit refuse to be used', async () => {
      const { storage } = opened()
      const endUser = newEndUser(newApplication())
      const kept = await storage.write(async (tables) => ({ tables }))
      await assert.rejects(kept.tables.endUsers.createOrGet(endUser), isError('server_error'))
      await assert.rejects(
        kept.tables.endUsers.find(endUser.applicationId, endUser.id),
        isError('server_error'),
      )
      assert.deepEqual(await idsOf(opened(), endUser.applicationId), [])
    })

    test('units that decide by what they read behave as if one ran after the other', async () => {
      const { storage, replica } = opened()
      const applicationId = newApplication()
      const added = await race(20, [storage, replica], ({ write }, caller) =>
        write(async (tables) => {
          const listed = await tables.redirectUris.list(applicationId)
          if (listed.length >= 5) return false
          return tables.redirectUris.add(applicationId, `https://app.example.com/${caller}`, NOW)
        }),
      )
      assert.equal(added.filter(Boolean).length, 5)
      assert.equal((await storage.read.redirectUris.list(applicationId)).length, 5)
    })

    test('the database answers a ping', async () => {
      await opened().storage.ping()
    })

    test('a closed storage has finished what was written before and refuses what comes after', async () => {
      const { url, storage } = opened()
      const { openStorage } = await import('../../../src/storage/open.ts')
      const closing = await openStorage({ url })
      const applicationId = newApplication()
      const written = race(10, [closing], ({ write }) =>
        write((tables) => tables.endUsers.createOrGet(newEndUser(applicationId))),
      )
      await closing.close()
      assert.equal((await written).length, 10)
      assert.equal((await idsOf(opened(), applicationId)).length, 10)
      await assert.rejects(
        closing.write((tables) => tables.endUsers.createOrGet(newEndUser(applicationId))),
        isError('storage_unavailable'),
      )
      await assert.rejects(closing.ping(), isError('storage_unavailable'))
      await closing.close()
      await storage.ping()
    })
  })
}
