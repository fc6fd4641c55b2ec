import { limits } from '../../limits.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { Session } from '../../model/session.ts'
import type { Context } from '../context.ts'

/** More sources than anybody tries within the time. */
const ATTEMPTS_READ = 50

/**
 * The connects of a session that failed a moment ago and were the last thing tried at their source, by the source's id: what
 * somebody who comes back to the list wants to read there.
 */
export async function latestFailures(
  { storage, now }: Pick<Context, 'storage' | 'now'>,
  { applicationId, endUserId, lookup }: Session,
): Promise<ReadonlyMap<number, Attempt>> {
  const ago = (ms: number): number => now() - ms
  // An attempt may have waited for its whole life at the vendor.
  const attempts = await storage.read.attempts.latestOf(
    applicationId,
    endUserId,
    ago(2 * limits.attemptLifetimeMs),
    ATTEMPTS_READ,
  )
  const latest = new Map<number, Attempt>()
  for (const attempt of attempts) {
    const { sourceId } = attempt
    if (sourceId !== null && !latest.has(sourceId)) latest.set(sourceId, attempt)
  }
  const isFresh = ({ finishedAt }: Attempt) =>
    finishedAt !== null && finishedAt > ago(limits.attemptLifetimeMs)
  return new Map(
    [...latest].filter(
      ([, attempt]) =>
        attempt.status === 'failed' &&
        attempt.action === 'connect' &&
        attempt.sessionLookup === lookup &&
        isFresh(attempt),
    ),
  )
}
