import { errorName } from '../../errors.ts'
import { type Attempt, formatReference, referenceOf } from '../../model/attempt.ts'
import type { AuditEntry } from '../../model/audit.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import type { OutcomeError } from '../../model/result.ts'
import type { Revocation } from '../../model/revocation.ts'
import type { Tables } from '../../storage/storage.ts'
import { appendAudit } from '../audit/append-audit.ts'
import type { Context } from '../context.ts'
import { failureEvent } from '../events/new-event.ts'
import { newRevocation } from '../revocations/new-revocation.ts'
import { noteEnd } from './attempts.ts'
import { openHeld } from './held-grant.ts'

/** Why what was held will never be used. */
export interface Drop {
  readonly error: OutcomeError
  readonly cause: string
  /** Whether nobody may have given a word yet: of two who answer at the same time, one counts. */
  readonly unlessReleased?: boolean
  /** Whether the tokens are on their way to being ended already. */
  readonly isAbandoned?: boolean
  /** What the audit log says about it; nothing when missing. */
  readonly audit?: Pick<AuditEntry, 'actor' | 'action'>
}

/**
 * Ends an attempt that waited: what was held is thrown away, tokens go to the revocation queue, and the failure is an
 * event, all in one unit. Returns the attempt as it is then; null when somebody else was faster.
 */
export async function dropHeldGrant(
  context: Context,
  attempt: Attempt,
  { error, cause, unlessReleased = false, isAbandoned = false, audit }: Drop,
): Promise<Attempt | null> {
  const now = context.now()
  const failed = await context.storage.write(async (tables) => {
    const held = await tables.heldGrants.find(attempt.id)
    if (held === null) return null
    if (unlessReleased && (await tables.heldGrants.release(attempt.id, now, held.expiresAt)) === null)
      return null
    const changed = await tables.attempts.transition(attempt.id, 'pending', {
      status: 'failed',
      connected: false,
      error,
      cause,
      finishedAt: now,
    })
    if (changed === null) return null
    if (isAbandoned) await tables.heldGrants.settle(attempt.id)
    else await throwAway(context, tables, attempt, held)
    await tables.events.append(await failureEvent(context, tables, changed))
    if (audit !== undefined)
      await appendAudit(context, tables, {
        ...audit,
        at: now,
        applicationId: attempt.applicationId,
        object: formatReference(referenceOf(attempt.id)),
        result: 'refused',
        requestId: null,
      })
    return changed
  })
  if (failed !== null) noteEnd(context, failed)
  return failed
}

/**
 * Throws away what is held. A code that was not exchanged dies at the vendor by itself; tokens are revoked there. Those
 * that do not open any more cannot be, and the log says so. Gives the revocation; null when there is none.
 */
export async function throwAway(
  context: Context,
  tables: Tables,
  attempt: Attempt,
  held: HeldGrant,
): Promise<Revocation | null> {
  if (!(await tables.heldGrants.settle(attempt.id))) return null
  try {
    const opened = openHeld(context, attempt, held)
    if (opened?.kind !== 'grant') return null
    const revocation = newRevocation(context, opened.orphan)
    await tables.revocations.enqueue(revocation)
    return revocation
  } catch (error) {
    context.log.error('what was held does not open', { vendor: held.vendor, error: errorName(error) })
    return null
  }
}
