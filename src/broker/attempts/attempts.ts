import { limits } from '../../limits.ts'
import {
  type Attempt,
  type AttemptStatus,
  formatReference,
  newAttemptId,
  referenceOf,
} from '../../model/attempt.ts'
import type { OutcomeError } from '../../model/result.ts'
import type { Context } from '../context.ts'
import { failureEvent } from '../events/new-event.ts'
import type { Link } from './open-link.ts'

/** A new attempt for a link, with everything that only a trip to a vendor fills in left empty. */
export function newAttempt(
  context: Context,
  link: Link,
  own: Pick<Attempt, 'action' | 'status'> & Partial<Attempt>,
): Attempt {
  const createdAt = context.now()
  return {
    id: newAttemptId(createdAt, context.random),
    applicationId: link.application.id,
    endUserId: link.session.endUserId,
    sessionLookup: link.session.lookup,
    sourceId: link.source?.id ?? null,
    vendor: null,
    redirectEntry: link.redirect?.entry ?? null,
    redirectQuery: link.redirect?.query ?? null,
    locale: link.locale,
    stateHash: null,
    sealedRequestToken: null,
    connected: null,
    error: null,
    cause: null,
    connectionId: null,
    createdAt,
    expiresAt: createdAt + limits.attemptLifetimeMs,
    returnedAt: null,
    finishedAt: isFinished(own.status) ? createdAt : null,
    ...own,
  }
}

/** Whether the attempt has its outcome. */
export const isFinished = (status: AttemptStatus): boolean => status === 'done' || status === 'failed'

/** What a failed attempt says in the documented `connected`: nothing was connected, or nothing was disconnected. */
export const connectedAfterFailure = (action: Attempt['action']): boolean => action === 'disconnect'

/** Stores an attempt that failed before it left, so that its outcome can be shown and forwarded. */
export async function recordFailure(
  context: Context,
  link: Link,
  action: Attempt['action'],
  error: OutcomeError,
  cause: string,
  own: Partial<Pick<Attempt, 'id'>> = {},
): Promise<Attempt> {
  const attempt = newAttempt(context, link, {
    action,
    status: 'failed',
    connected: connectedAfterFailure(action),
    error,
    cause,
    ...own,
  })
  await context.storage.write(async (tables) => {
    await tables.attempts.insert(attempt)
    await tables.events.append(await failureEvent(context, tables, attempt))
  })
  noteEnd(context, attempt)
  return attempt
}

/**
 * Tells the operator of an attempt that has just ended: it is counted, and one that failed is a line in the log, found by the
 * reference that the person was shown. To cancel or to come too late is nobody's failure.
 */
export function noteEnd(
  { log, sources, noteAttempt }: Pick<Context, 'log' | 'sources' | 'noteAttempt'>,
  attempt: Attempt,
): void {
  const { id, applicationId, sourceId, vendor, action, error, cause } = attempt
  const source = sourceId === null ? undefined : sources.get(sourceId)
  noteAttempt?.({ action, source: source?.key ?? 'none', outcome: error ?? 'done' })
  if (error === null) return
  const fields = {
    reference: formatReference(referenceOf(id)),
    application: applicationId,
    source: sourceId,
    vendor,
    action,
    error,
    cause,
  }
  const byPerson = error === 'access_denied' || error === 'attempt_expired' || error === 'session_expired'
  if (byPerson) log.info('attempt ended', fields)
  else log.warn('attempt failed', fields)
}
