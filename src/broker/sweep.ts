import { limits } from '../limits.ts'
import { dropHeldGrant } from './attempts/drop-held-grant.ts'
import { fail } from './attempts/finish-connect.ts'
import type { Context } from './context.ts'
import { eraseEndUsers } from './end-users/erase-end-users.ts'
import { runRevocations } from './revocations/run-revocations.ts'

/**
 * One round of background work: ends attempts that nobody will finish, carries out what is queued, removes what is
 * kept no longer. Every part is bounded, and safe to run in many processes at once.
 */
export async function sweep(context: Context): Promise<void> {
  await endOverdueAttempts(context)
  await dropOverdueGrants(context)
  await eraseEndUsers(context)
  await runRevocations(context)
  await removeOldRows(context)
}

async function endOverdueAttempts(context: Context): Promise<void> {
  const now = context.now()
  const { attempts } = context.storage.read
  for (const attempt of await attempts.overdue('created', now, limits.sweepBatch))
    await fail(context, attempt, 'created', 'attempt_expired', 'abandoned')
  for (const attempt of await attempts.overdue(
    'exchanging',
    now - limits.attemptExchangeMs,
    limits.sweepBatch,
  ))
    await fail(context, attempt, 'exchanging', 'server_error', 'interrupted')
}

/** No word came in time, or the process that was given it did not live to use what was held. */
async function dropOverdueGrants(context: Context): Promise<void> {
  const { attempts, heldGrants } = context.storage.read
  for (const held of await heldGrants.overdue(context.now(), limits.sweepBatch)) {
    const attempt = await attempts.find(held.attemptId)
    if (attempt === null) continue
    const waited = held.releasedAt === null
    const cause = held.awaits === 'person' ? 'not_answered' : 'not_confirmed'
    await dropHeldGrant(
      context,
      attempt,
      waited ? { error: 'attempt_expired', cause } : { error: 'server_error', cause: 'interrupted' },
    )
  }
}

async function removeOldRows(context: Context): Promise<void> {
  const now = context.now()
  const { write } = context.storage
  const batch = limits.sweepBatch
  await inBatches(() =>
    write(({ sessions }) => sessions.deleteExpired(now - limits.sessionKeptAfterEndMs, batch)),
  )
  await inBatches(() =>
    write(({ revocations }) => revocations.forgetSent(now - limits.revocationRememberedMs, batch)),
  )
  await inBatches(() => write(({ pairings }) => pairings.deleteExpired(now, batch)))
  await inBatches(() => write(({ appearancePreviews }) => appearancePreviews.deleteExpired(now, batch)))
  await inBatches(() => write(({ tallies }) => tallies.deleteEnded(now, batch)))
  await inBatches(() => write(({ attempts }) => attempts.deleteFinished(now - limits.attemptKeptMs, batch)))
  await inBatches(() =>
    write(({ heldGrants }) => heldGrants.deleteSettled(now - limits.attemptKeptMs, batch)),
  )
  await inBatches(() =>
    write(({ inboundNotifications }) =>
      inboundNotifications.deleteOld(now - limits.inboundRememberedMs, batch),
    ),
  )
  await inBatches(() => forgetOldEvents(context))
  await inBatches(() =>
    write(({ records }) => records.deleteIdempotencyKeys(now - limits.idempotencyKeptMs, batch)),
  )
}

/** Each feed forgets its beginning, and where it begins then is remembered with it. */
async function forgetOldEvents({ storage: { read, write }, now }: Context): Promise<number> {
  const expired = await read.events.expired(now() - limits.eventKeptMs, limits.sweepBatch)
  if (expired.length === 0) return 0
  // They come in order, so that the last place of each application stays.
  const horizons = new Map(expired.map(({ applicationId, sequence }) => [applicationId, sequence]))
  return write(async ({ events }) => {
    let removed = 0
    for (const [applicationId, through] of horizons) removed += await events.forget(applicationId, through)
    return removed
  })
}

/** Removes batch after batch, each a unit of work of its own, until one is not full. */
async function inBatches(remove: () => Promise<number>): Promise<void> {
  for (let round = 0; round < limits.sweepRounds; round++) if ((await remove()) < limits.sweepBatch) return
}
