import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application } from '../../model/application.ts'
import { type Attempt, parseAttemptId } from '../../model/attempt.ts'
import type { Connection } from '../../model/connection.ts'
import { sameDigest } from '../../vault/index.ts'
import type { Context } from '../context.ts'
import { isFinished } from './attempts.ts'

/** What really happened, as the application's backend learns it. */
export interface RedeemedResult {
  readonly attempt: Attempt
  /** The connection that it made or ended, as it was then; null when there was none. */
  readonly connection: Connection | null
}

/**
 * The code that stands in the redirect: the attempt's id and a keyed digest of it. Nothing is stored for it, and
 * the same attempt always gives the same code.
 */
export const resultCodeOf = (context: Context, attempt: Attempt): string =>
  `${attempt.id}-${context.vault.ofRandom('result-code', attempt.id)}`

/** Redeems a result code, for the application that it was made for, within its time. Throws `not_found` otherwise. */
export async function redeemResult(
  context: Context,
  application: Application,
  code: string,
): Promise<RedeemedResult> {
  const id = parseAttemptId(code.slice(0, code.indexOf('-')))
  const attempt = id === null ? null : await context.storage.read.attempts.find(id)
  if (
    attempt === null ||
    attempt.applicationId !== application.id ||
    !sameDigest(resultCodeOf(context, attempt), code) ||
    !isFinished(attempt.status) ||
    context.now() > (attempt.finishedAt ?? 0) + limits.resultRedeemMs
  )
    throw new SpringbarError('not_found', 'There is no such result, or its time is over.')
  const connection =
    attempt.connectionId === null
      ? null
      : await context.storage.read.connections.find(application.id, attempt.connectionId)
  return { attempt, connection: connection && asItWas(attempt, connection) }
}

/**
 * What became of a connection after the attempt that made it is no part of that attempt's result, or two answers to one code
 * would differ.
 */
function asItWas({ status, action, finishedAt }: Attempt, connection: Connection): Connection {
  if (action !== 'connect' || status !== 'done') return connection
  const unchanged = { disconnectedBy: null, disconnectedAt: null, reauthReason: null }
  return { ...connection, ...unchanged, status: 'active', updatedAt: finishedAt ?? connection.updatedAt }
}
