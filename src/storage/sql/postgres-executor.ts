import type { ClientBase, Pool } from 'pg'
import type { SpringbarError } from '../../errors.ts'
import { conflict, type Executor, mistake, unavailable, unitIsOver, writeThroughRead } from './executor.ts'
import type { Statement, Value } from './prepared.ts'

// SQLSTATE codes and classes, https://www.postgresql.org/docs/current/errcodes-appendix.html
const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'
const SERIALIZATION_FAILURE = '40001'
const DEADLOCK_DETECTED = '40P01'
/** Connection, transaction state, rollback, resources, object state, operator's intervention, system, internal. */
const UNABLE = ['08', '25', '40', '53', '55', '57', '58', 'XX']

/** PostgreSQL's code of an error; null for one that did not come from the server. */
export function sqlState(error: unknown): string | null {
  return error instanceof Error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code))
    ? String(error.code)
    : null
}

/** Whether the transaction may succeed when it is run again at once. */
export const mayRunAgain = (error: unknown): boolean => {
  const state = sqlState(error instanceof Error && error.cause !== undefined ? error.cause : error)
  return state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED
}

/** PostgreSQL's error as ours. Its own message and detail may quote values, so they stay behind as the cause. */
export function translate(error: unknown): SpringbarError {
  const state = sqlState(error)
  if (state === UNIQUE_VIOLATION || state === FOREIGN_KEY_VIOLATION) return conflict(error)
  if (state === null || UNABLE.includes(state.slice(0, 2)))
    return unavailable('PostgreSQL cannot do this now.', error)
  return mistake('PostgreSQL refused a statement.', error)
}

type Queryable = Pick<ClientBase | Pool, 'query'>

/** Runs statements, each prepared once on a connection. Rejects with what `pg` rejects with. */
interface Runner {
  readonly rows: <Parameters, Result>(
    on: Queryable,
    statement: Statement<Parameters, Result>,
    parameters: Parameters,
  ) => Promise<Result[]>
  readonly change: <Parameters>(
    on: Queryable,
    statement: Statement<Parameters, unknown>,
    parameters: Parameters,
  ) => Promise<number>
}

/** The runner of a store. It remembers how the rows of each named statement are read. */
export function createRunner(): Runner {
  const readers = new Map<string, (values: readonly Value[]) => unknown>()

  const run = <Parameters>(
    on: Queryable,
    { name, sql, bind }: Statement<Parameters, unknown>,
    parameters: Parameters,
  ) =>
    on.query<Value[]>({
      ...(name === null ? {} : { name }),
      text: sql,
      values: bind(parameters),
      rowMode: 'array',
    })

  return {
    rows: async <Parameters, Result>(
      on: Queryable,
      statement: Statement<Parameters, Result>,
      parameters: Parameters,
    ) => {
      const { fields, rows } = await run(on, statement, parameters)
      const known = statement.name === null ? undefined : readers.get(statement.name)
      const read = known ?? statement.reader(fields.map((field) => field.name))
      if (statement.name !== null) readers.set(statement.name, read)
      return rows.map((values) => read(values) as Result) // by this statement's own reader
    },
    change: async (on, statement, parameters) => (await run(on, statement, parameters)).rowCount ?? 0,
  }
}

/** The executor behind `Storage.read`: each statement on any free connection of the pool. */
export function createReader(run: Runner, pool: Pool): Executor {
  const rows = async <Parameters, Result>(
    statement: Statement<Parameters, Result>,
    parameters: Parameters,
  ) => {
    if (!statement.isRead) throw writeThroughRead()
    try {
      return await run.rows(pool, statement, parameters)
    } catch (error) {
      throw translate(error)
    }
  }
  return {
    all: rows,
    first: async (statement, parameters) => (await rows(statement, parameters))[0] ?? null,
    change: () => Promise.reject(writeThroughRead()),
    changeOrConflict: () => Promise.reject(writeThroughRead()),
  }
}

/** The executor of one unit of work, and what ends its use: it returns the first refusal that the unit could not go on from. */
export interface Unit {
  readonly executor: Executor
  readonly close: () => SpringbarError | null
}

/** A unit of work on the connection of its transaction. */
export function createUnit(run: Runner, client: ClientBase): Unit {
  let isOver = false
  let refusal: SpringbarError | null = null
  const attempt = async <Result>(action: () => Promise<Result>): Promise<Result> => {
    if (isOver) throw unitIsOver()
    try {
      return await action()
    } catch (error) {
      const failure = translate(error)
      refusal ??= failure
      throw failure
    }
  }
  /** A refused statement ends a transaction here; going on needs a savepoint before it. */
  const changeUnderSavepoint: Executor['change'] = async (statement, parameters) => {
    await client.query('savepoint statement')
    try {
      const changed = await run.change(client, statement, parameters)
      await client.query('release savepoint statement')
      return changed
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error
      await client.query('rollback to savepoint statement')
      return COLLIDED
    }
  }
  return {
    executor: {
      all: (statement, parameters) => attempt(() => run.rows(client, statement, parameters)),
      first: async (statement, parameters) =>
        (await attempt(() => run.rows(client, statement, parameters)))[0] ?? null,
      change: (statement, parameters) => attempt(() => run.change(client, statement, parameters)),
      changeOrConflict: async (statement, parameters) => {
        const changed = await attempt(() => changeUnderSavepoint(statement, parameters))
        if (changed === COLLIDED) throw conflict()
        return changed
      },
    },
    close: () => {
      isOver = true
      return refusal
    },
  }
}

/** In the place of a number of rows. */
const COLLIDED = -1
