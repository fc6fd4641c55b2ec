import type { Application } from '../../model/application.ts'
import { type Attempt, parseAttemptId } from '../../model/attempt.ts'
import { parseSessionToken } from '../../model/session-token.ts'
import { sameDigest } from '../../vault/index.ts'
import { applicationOf, type Context } from '../context.ts'
import { buildRedirectLocation } from '../redirect-uris/redirect-location.ts'
import { isFinished } from './attempts.ts'
import { resultCodeOf } from './redeem-result.ts'

/** What the result page has to say or do. */
export type Outcome =
  /** Nothing is known; the page speaks in general words and forwards nowhere. */
  | { readonly kind: 'unknown' }
  /** The attempt is still under way. */
  | { readonly kind: 'pending'; readonly attempt: Attempt; readonly application: Application }
  | { readonly kind: 'forward'; readonly attempt: Attempt; readonly location: string }
  | { readonly kind: 'show'; readonly attempt: Attempt; readonly application: Application }

/**
 * The stored outcome of an attempt, for the holder of its id and of its session's token. What the query claims is not
 * asked. It is forwarded only to the redirect URI that was stored with the attempt, and only while that is still listed.
 */
export async function readOutcome(context: Context, attemptId: string, token: string): Promise<Outcome> {
  const id = parseAttemptId(attemptId)
  const lookup = parseSessionToken(token)?.lookup
  if (id === null || lookup === undefined) return { kind: 'unknown' }
  const [attempt, session] = await Promise.all([
    context.storage.read.attempts.find(id),
    context.storage.read.sessions.find(lookup),
  ])
  if (attempt === null || session === null || attempt.sessionLookup !== lookup) return { kind: 'unknown' }
  if (!sameDigest(session.tokenHash, context.vault.ofRandom('session-token', token)))
    return { kind: 'unknown' }
  const application = applicationOf(context, attempt.applicationId)
  if (application === null) return { kind: 'unknown' }
  if (!isFinished(attempt.status)) return { kind: 'pending', attempt, application }
  const location = await forwardLocation(context, application, attempt)
  return location === null ? { kind: 'show', attempt, application } : { kind: 'forward', attempt, location }
}

async function forwardLocation(
  context: Context,
  application: Application,
  attempt: Attempt,
): Promise<string | null> {
  const { redirectEntry, redirectQuery, connected } = attempt
  if (redirectEntry === null || connected === null) return null
  const listed =
    application.redirectUris.has(redirectEntry) ||
    (await context.storage.read.redirectUris.has(application.id, redirectEntry))
  if (!listed) return null
  return buildRedirectLocation(
    { entry: redirectEntry, query: redirectQuery },
    { dataSource: attempt.sourceId, connected, error: attempt.error, result: resultCodeOf(context, attempt) },
  )
}
