import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SpringbarError } from '../../errors.ts'
import { conflict, type Executor, mistake, unavailable, unitIsOver, writeThroughRead } from './executor.ts'
import type { Statement, Value } from './prepared.ts'

// Primary result codes, https://www.sqlite.org/rescode.html
export const SQLITE_BUSY = 5
const SQLITE_CONSTRAINT = 19
const SQLITE_NOTADB = 26
/** Internal, busy, locked, no memory, read-only, interrupted, I/O, corrupt, full, cannot open, protocol. */
const UNABLE: ReadonlySet<number> = new Set([2, SQLITE_BUSY, 6, 7, 8, 9, 10, 11, 13, 14, 15, SQLITE_NOTADB])

/** SQLite's primary result code of an error; null for an error that is not SQLite's. */
export function resultCode(error: unknown): number | null {
  const isOurs = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
  // Extended codes carry the primary one in their lowest byte.
  return isOurs ? (error.errcode as number) & 0xff : null
}

/** Extended codes of a file, and of its folder, that could not be brought to the disk: https://www.sqlite.org/rescode.html */
const FAILED_SYNCS: ReadonlySet<unknown> = new Set([1034, 1290])

/**
 * Whether the system could not say that what was written is on the disk. It forgets then what was not, and a second try may
 * succeed without having written it; so nothing that is told after it can be relied on.
 */
export const isFailedSync = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && FAILED_SYNCS.has(error.errcode)

/** What SQLite, or Node.js on its behalf, refused as the service's own error. */
export function translate(error: unknown): SpringbarError {
  const code = resultCode(error)
  if (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE')
    return unavailable('The database is closed.', error)
  if (code === SQLITE_CONSTRAINT) return conflict(error)
  if (code !== null && UNABLE.has(code)) return unavailable('SQLite cannot do this now.', error)
  return mistake('SQLite refused a statement.', error)
}

/** Runs statements on one connection, each prepared once. Throws what SQLite throws. */
export interface Runner {
  readonly all: <Parameters, Result>(
    statement: Statement<Parameters, Result>,
    parameters: Parameters,
  ) => Result[]
  readonly first: <Parameters, Result>(
    statement: Statement<Parameters, Result>,
    parameters: Parameters,
  ) => Result | null
  readonly change: <Parameters>(statement: Statement<Parameters, unknown>, parameters: Parameters) => number
}

interface Prepared {
  readonly statement: StatementSync
  readonly read: (values: readonly Value[]) => unknown
}

/** The runner of a connection. It calls `node:sqlite` directly; Kysely's executor would add several promises to each. */
export function createRunner(connection: DatabaseSync): Runner {
  const kept = new Map<string, Prepared>()

  const prepared = ({ name, sql, reader }: Statement<never, unknown>): Prepared => {
    const known = name === null ? undefined : kept.get(name)
    if (known !== undefined) return known
    const statement = connection.prepare(sql)
    statement.setReturnArrays(true)
    const entry = { statement, read: reader(statement.columns().map((column) => column.name)) }
    if (name !== null) kept.set(name, entry)
    return entry
  }

  return {
    all: <Parameters, Result>(of: Statement<Parameters, Result>, parameters: Parameters) => {
      const { statement, read } = prepared(of)
      const rows = statement.all(...of.bind(parameters)) as unknown as Value[][] // arrays, as `prepared` asked for
      return rows.map((values) => read(values) as Result) // by this statement's own reader
    },
    first: <Parameters, Result>(of: Statement<Parameters, Result>, parameters: Parameters) => {
      const { statement, read } = prepared(of)
      const values = statement.get(...of.bind(parameters)) as unknown as Value[] | undefined // as above
      return values === undefined ? null : (read(values) as Result) // as above
    },
    change: (of, parameters) => Number(prepared(of).statement.run(...of.bind(parameters)).changes),
  }
}

/** The executor behind `Storage.read`. `beforeRead` may refuse by throwing what SQLite throws. */
export function createReader(run: Runner, beforeRead: () => void): Executor {
  const answer = <Result>(isRead: boolean, action: () => Result): Promise<Result> => {
    if (!isRead) return Promise.reject(writeThroughRead())
    try {
      beforeRead()
      return Promise.resolve(action())
    } catch (error) {
      return Promise.reject(translate(error))
    }
  }
  return {
    all: (statement, parameters) => answer(statement.isRead, () => run.all(statement, parameters)),
    first: (statement, parameters) => answer(statement.isRead, () => run.first(statement, parameters)),
    change: () => Promise.reject(writeThroughRead()),
    changeOrConflict: () => Promise.reject(writeThroughRead()),
  }
}

/** The executor of one unit of work. `close` ends its use and returns the first refusal that was not a `conflict` to go on from. */
export function createUnit(run: Runner): {
  readonly executor: Executor
  readonly close: () => SpringbarError | null
} {
  let isOver = false
  let refusal: SpringbarError | null = null
  const attempt = <Result>(action: () => Result, mayGoOn = false): Promise<Result> => {
    if (isOver) return Promise.reject(unitIsOver())
    try {
      return Promise.resolve(action())
    } catch (error) {
      const failure = translate(error)
      // A constraint undoes its own statement only; the unit is intact.
      if (!(mayGoOn && failure.code === 'conflict')) refusal ??= failure
      return Promise.reject(failure)
    }
  }
  return {
    executor: {
      all: (statement, parameters) => attempt(() => run.all(statement, parameters)),
      first: (statement, parameters) => attempt(() => run.first(statement, parameters)),
      change: (statement, parameters) => attempt(() => run.change(statement, parameters)),
      changeOrConflict: (statement, parameters) => attempt(() => run.change(statement, parameters), true),
    },
    close: () => {
      isOver = true
      return refusal
    },
  }
}
