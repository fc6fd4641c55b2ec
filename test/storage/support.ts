// What the storage tests share: rows to store, a database of their own, and a raw look at what was really written.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before } from 'node:test'
import { Pool } from 'pg'
import { SpringbarError } from '../../src/errors.ts'
import { openStorage } from '../../src/storage/open.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { createDatabase } from '../support/postgres.ts'

type RawRow = Readonly<Record<string, unknown>>

/** The database behind the storage's back, through a connection of the test's own. */
export interface Raw {
  readonly query: (sql: string) => Promise<readonly RawRow[]>
  /** The names of all tables. */
  readonly tables: () => Promise<readonly string[]>
}

/** An empty database. */
export interface Place {
  readonly url: string
  readonly raw: Raw
  readonly drop: () => Promise<void>
}

/** One of the databases that the store runs on. */
export interface Engine {
  readonly name: 'SQLite' | 'PostgreSQL'
  readonly createPlace: () => Promise<Place>
}

export const sqlite: Engine = {
  name: 'SQLite',
  createPlace: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'springbar-storage-'))
    const file = join(folder, 'springbar.db')
    const query: Raw['query'] = async (sql) => {
      const connection = new DatabaseSync(file)
      try {
        const isRead = /^\s*(select|pragma)/i.test(sql)
        if (isRead) return connection.prepare(sql).all()
        connection.exec(sql)
        return []
      } finally {
        connection.close()
      }
    }
    const tables = async () =>
      (await query(`select name from sqlite_schema where type = 'table'`)).map(({ name }) => String(name))
    return {
      url: `sqlite:${file}`,
      raw: { query, tables },
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
}

export const postgres: Engine = {
  name: 'PostgreSQL',
  createPlace: async () => {
    const database = await createDatabase('storage')
    const pool = new Pool({ connectionString: database.url, max: 2 })
    // Dropping the database ends connections that are still saying goodbye.
    pool.on('error', () => undefined)
    const query: Raw['query'] = async (sql) => (await pool.query(sql)).rows
    const tables = async () =>
      (await query(`select tablename from pg_tables where schemaname = 'public'`)).map(({ tablename }) =>
        String(tablename),
      )
    return {
      url: database.url,
      raw: { query, tables },
      drop: async () => {
        await pool.end()
        await database.drop()
      },
    }
  },
}

/** A database opened twice, as two replicas of the service do. */
export interface Opened extends Place {
  readonly storage: Storage
  readonly replica: Storage
}

/** Opens a database for the tests of the suite that calls this. */
export function useStorage(engine: Engine): () => Opened {
  let opened: Opened | undefined
  before(async () => {
    const place = await engine.createPlace()
    const storage = await openStorage({ url: place.url })
    opened = { ...place, storage, replica: await openStorage({ url: place.url }) }
  })
  after(async () => {
    await opened?.storage.close()
    await opened?.replica.close()
    await opened?.drop()
  })
  return () => {
    if (opened === undefined) throw new Error('The database is opened before the first test.')
    return opened
  }
}

/** For `assert.rejects`: the service's own error with this code. */
export const isError =
  (code: SpringbarError['code']) =>
  (error: unknown): boolean =>
    error instanceof SpringbarError && error.code === code

let drawn = 0

/** Hex digits that look random, are new with every call, and the same in every run. */
export const newHex = (digits = 32): string =>
  createHash('sha256').update(`springbar ${++drawn}`).digest('hex').slice(0, digits)

/** Runs this many callers at the same time, in turn on the given storages. */
export const race = <Result>(
  callers: number,
  storages: readonly Storage[],
  one: (storage: Storage, caller: number) => Promise<Result>,
): Promise<Result[]> =>
  Promise.all(
    Array.from({ length: callers }, (_, caller) => {
      const storage = storages[caller % storages.length]
      if (storage === undefined) throw new Error('A race needs a storage.')
      return one(storage, caller)
    }),
  )
