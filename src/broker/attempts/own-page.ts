import type { Application } from '../../model/application.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { Session } from '../../model/session.ts'
import { type Availability, availabilityIn } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { applicationOf } from '../context.ts'
import { type CallbackRequest, fail, findAttempt, isSameBrowser, refusalOf } from './finish-connect.ts'

/** What a browser brings to a page of ours that stands in for a vendor's. */
export type OwnPageRequest = Pick<CallbackRequest, 'state' | 'browserSecrets'>

/** How a source of these is connected. */
type Way = 'log-in' | 'pairing'

/** An attempt that waits for the person on the page, with everything that the page needs. */
export interface OpenPage<By extends Way> {
  readonly kind: 'open'
  readonly attempt: Attempt
  readonly application: Application
  readonly session: Session
  readonly source: Extract<Availability, { by: By }>['source']
}

/** What there is to show: the page, or the attempt's outcome. */
export type OwnPage<By extends Way> = OpenPage<By> | { readonly kind: 'over'; readonly attempt: Attempt }

/**
 * Opens the page of an attempt for the browser that started it. What ended meanwhile, or can no longer succeed, is over.
 * Throws `invalid_state` and `browser_changed`; the attempt stays open for the right browser then.
 */
export async function openOwnPage<By extends Way>(
  context: Context,
  request: OwnPageRequest,
  by: By,
): Promise<OwnPage<By>> {
  const attempt = await findAttempt(context, request.state)
  if (!isSameBrowser(context, attempt, request)) {
    const tooLate = attempt.status === 'created' && context.now() >= attempt.expiresAt
    throw refusalOf(attempt, tooLate ? 'attempt_expired' : 'browser_changed')
  }
  const over = (ended: Attempt) => ({ kind: 'over', attempt: ended }) as const
  if (attempt.status !== 'created') return over(attempt)
  if (context.now() >= attempt.expiresAt)
    return over(await fail(context, attempt, 'created', 'attempt_expired', 'state_expired'))
  const application = applicationOf(context, attempt.applicationId)
  const session = await context.storage.read.sessions.find(attempt.sessionLookup)
  if (session === null || session.endedAt !== null)
    return over(await fail(context, attempt, 'created', 'session_expired', 'session_ended'))
  const source = attempt.sourceId === null ? undefined : context.sources.get(attempt.sourceId)
  const availability =
    application === null || source === undefined ? null : availabilityIn(source, application, session)
  if (application === null || availability?.kind !== 'available' || availability.by !== by)
    return over(await fail(context, attempt, 'created', 'source_not_available', 'switched_off'))
  // The line above has just compared the way, which decides the kind of source.
  const found = availability.source as OpenPage<By>['source']
  return { kind: 'open', attempt, application, session, source: found }
}

/** Ends an attempt because the person pressed "Cancel". What kept them goes into the cause. */
export const cancelOnOwnPage = (
  context: Context,
  { attempt }: Pick<OpenPage<Way>, 'attempt'>,
): Promise<Attempt> =>
  fail(
    context,
    attempt,
    'created',
    'access_denied',
    attempt.cause === null ? 'cancelled' : `cancelled_after_${attempt.cause}`,
  )
