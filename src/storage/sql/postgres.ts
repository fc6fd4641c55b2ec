import { Client, type ClientBase, Pool, type PoolClient, types } from 'pg'
import { limits } from '../../limits.ts'
import type { Tables } from '../storage.ts'
import type { Engine } from '../watch-events.ts'
import { unavailable } from './executor.ts'
import { type Migration, migrationSteps } from './migrate.ts'
import {
  createReader,
  createRunner,
  createUnit,
  mayRunAgain,
  sqlState,
  translate,
  type Unit,
} from './postgres-executor.ts'
import type { Value } from './prepared.ts'
import { bindAll, createStore } from './store.ts'

/** Where the storage says what an operator should know. */
export interface StorageLog {
  readonly warn: (message: string, fields?: Readonly<Record<string, string>>) => void
}

/** Connections of one process. A server's default limit is 100, for all processes together. */
const POOL_SIZE = 20
/** Longest wait for a connection, new or free. */
const CONNECT_TIMEOUT_MS = 5_000
/** Every statement is a few indexed rows; one that takes longer is stuck. */
const STATEMENT_TIMEOUT_MS = 10_000
/** When the server itself does not answer. Longer than its own limit, so that it gets to say why. */
const ANSWER_TIMEOUT_MS = 15_000
/**
 * How often a unit is run again that the server undid because of another one. In each round at least one of those
 * that stand in each other's way is committed, so this is enough for as many as there are connections on several replicas.
 */
const UNIT_TRIES = 5 * POOL_SIZE

/** Two keys: this one, and 0. The locks of event feeds use another first key. */
const MIGRATION_LOCK = 0x5b_0000

/** Milliseconds and counts fit a number. Everything else that we store is text. */
const numberTypes = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser, // one of its overloads
}

/**
 * Opens a PostgreSQL database and migrates it. Every unit of work is a serializable transaction, so that on both
 * engines units behave as if one ran after the other. Rejects with `storage_unavailable` and one sentence for the
 * operator, which does not quote the URL: a password may stand in it.
 */
export async function openPostgres(
  url: string,
  migrations: readonly Migration[],
  log?: StorageLog,
): Promise<Engine> {
  await migrate(url, migrations)
  const pool = createPool(url, log)
  const tablesOn = createStore('postgres')
  const run = createRunner()
  let closing: Promise<void> | null = null

  const write: Engine['write'] = async (unit) => {
    for (let tried = 1; ; tried++) {
      if (pool.waitingCount >= limits.writeQueue) throw unavailable('Too many writes are waiting.')
      const client = await pool.connect().catch((error: unknown) => {
        throw translate(error)
      })
      const transaction = createUnit(run, client)
      try {
        return await runUnit(client, transaction, tablesOn(transaction.executor), unit)
      } catch (error) {
        if (!mayRunAgain(error) || tried === UNIT_TRIES) throw error
      }
    }
  }

  return Object.freeze({
    read: bindAll(tablesOn(createReader(run, pool))),
    write,
    async ping() {
      await pool.query('select 1').catch((error: unknown) => {
        throw translate(error)
      })
    },
    close() {
      closing ??= pool.end()
      return closing
    },
  })
}

/** One transaction around a unit. Gives the connection back, or ends it when its state is not known. */
async function runUnit<Result>(
  client: PoolClient,
  { close }: Unit,
  tables: Tables,
  unit: (tables: Tables) => Promise<Result>,
): Promise<Result> {
  let isLost = false
  try {
    await begin(client)
    const result = await unit(tables)
    const refusal = close()
    if (refusal !== null) throw refusal
    await commit(client)
    return result
  } catch (error) {
    const refusal = close()
    await client.query('rollback').catch(() => {
      isLost = true
    })
    // What the server said first tells whether to run the unit again, whatever the unit made of it.
    throw mayRunAgain(refusal) ? refusal : error
  } finally {
    client.release(isLost)
  }
}

async function begin(client: ClientBase): Promise<void> {
  try {
    await client.query('begin isolation level serializable')
  } catch (error) {
    throw translate(error)
  }
}

async function commit(client: ClientBase): Promise<void> {
  try {
    const { command } = await client.query('commit')
    // In a transaction where something failed unnoticed, this is answered with a rollback and not with an error.
    if (command !== 'COMMIT') throw unavailable('PostgreSQL undid the transaction.')
  } catch (error) {
    throw unavailable('PostgreSQL did not commit.', error)
  }
}

function createPool(url: string, log: StorageLog | undefined): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'springbar',
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    types: numberTypes,
  })
  const warn = (error: unknown) => {
    if (!pool.ending) log?.warn('a database connection was lost', { code: sqlState(error) ?? 'unknown' })
  }
  // A connection that breaks while nobody asks it anything says so as an event, which must not end the process.
  pool.on('error', warn)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** On a connection of its own, without the limits for statements: others may be migrating, and a big table takes time. */
async function migrate(url: string, migrations: readonly Migration[]): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'springbar',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1, 0)', [MIGRATION_LOCK])
    const steps = migrationSteps('postgres', migrations)
    for (let next = steps.next(); !next.done; ) {
      const { rows } = await client.query<Value[]>({ text: next.value, rowMode: 'array' })
      next = steps.next(rows)
    }
    await client.query('commit')
  } catch (error) {
    throw error instanceof Error && error.name === 'SpringbarError'
      ? error
      : unavailable(sentenceFor(sqlState(error)), error)
  } finally {
    // Ends an open transaction too.
    await client.end().catch(() => undefined)
  }
}

function sentenceFor(state: string | null): string {
  if (state?.startsWith('28'))
    return 'PostgreSQL refused the user or the password of the configured database.'
  if (state === '3D000') return 'PostgreSQL has no database of the configured name: create it first.'
  if (state === '42501') return 'The configured user may not create tables in the PostgreSQL database.'
  if (state === null)
    return 'PostgreSQL does not answer at the configured address (database, or DATABASE_URL).'
  return `PostgreSQL refused to bring its tables up to date (SQLSTATE ${state}).`
}
