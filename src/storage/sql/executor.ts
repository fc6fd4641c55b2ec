import { SpringbarError } from '../../errors.ts'
import type { Statement } from './prepared.ts'

/**
 * Runs statements on one connection, or in one unit of work. What an engine refuses comes out as a `SpringbarError`;
 * a unit in which a statement was refused is undone even when it caught that error.
 */
export interface Executor {
  readonly all: <Parameters, Result>(
    statement: Statement<Parameters, Result>,
    parameters: Parameters,
  ) => Promise<readonly Result[]>
  readonly first: <Parameters, Result>(
    statement: Statement<Parameters, Result>,
    parameters: Parameters,
  ) => Promise<Result | null>
  /** How many rows were inserted, updated or deleted. */
  readonly change: <Parameters>(
    statement: Statement<Parameters, unknown>,
    parameters: Parameters,
  ) => Promise<number>
  /** The same for a change that may break a rule of uniqueness: after that `conflict` the unit may go on. */
  readonly changeOrConflict: <Parameters>(
    statement: Statement<Parameters, unknown>,
    parameters: Parameters,
  ) => Promise<number>
}

/** The failure that an engine's refusal of a row stands for. */
export const conflict = (cause?: unknown): SpringbarError =>
  new SpringbarError('conflict', 'Another row stands against this one, or the row it belongs to is gone.', {
    cause,
  })

/** The failure of a database that cannot do its work now: busy, full, gone. */
export const unavailable = (detail: string, cause?: unknown): SpringbarError =>
  new SpringbarError('storage_unavailable', detail, { cause })

/** The failure of a statement that the engine does not understand, and of a unit that breaks the rules: our mistake. */
export const mistake = (detail: string, cause?: unknown): SpringbarError =>
  new SpringbarError('server_error', detail, { cause })

/** `Storage.read` promises what is durable; a write through it would belong to no unit. */
export const writeThroughRead = (): SpringbarError => mistake('Storage.read was used to write.')

/** Tables of a unit were kept and used after it. */
export const unitIsOver = (): SpringbarError =>
  mistake('The tables of a unit of work were used after its end.')
