import { errorName, SpringbarError } from '../errors.ts'
import { type Attempt, cookieKeyOf } from '../model/attempt.ts'
import type { ConnectionId } from '../model/ids.ts'
import type { OutcomeError } from '../model/result.ts'
import { isOAuth2 } from '../model/source.ts'
import { type AnyGrant, exchangeCode, readAuthorizationResponse, VendorError } from '../oauth/index.ts'
import { sameDigest } from '../vault/index.ts'
import { connectedAfterFailure, logFailure } from './attempts.ts'
import { browserSecretOf, callbackUri, codeVerifierOf } from './begin-connect.ts'
import { causeOf } from './cause-of.ts'
import { applicationOf, type Context } from './context.ts'
import { authorizationOf } from './find-source.ts'
import { abandonGrant, keepGrant } from './keep-grant.ts'
import { failureEvent } from './new-event.ts'
import { returnWithOAuth1 } from './oauth1-trip.ts'
import { prepareConnection } from './prepare-connection.ts'

/** A callback as the vendor's page made the browser send it; every parameter stood in the query exactly once. */
export interface CallbackRequest {
  /** The last segment of the callback's path. */
  readonly vendor: string
  readonly parameters: URLSearchParams
  readonly state: string
  /** The secrets of all attempt cookies that came along, by the key in their name (`cookieKeyOf`). */
  readonly browserSecrets: ReadonlyMap<string, string>
}

const STATE = /^([0-9A-Z]{10})[A-Za-z0-9_-]{43}$/

/**
 * Takes the browser's return from a vendor to its outcome and returns the attempt as it is then: `done`, `failed`, or
 * `exchanging` when another request is just finishing it. Throws `invalid_state`, `already_used`,
 * `browser_changed` or `attempt_expired` where nobody can be told but the person in front of this browser.
 */
export async function finishConnect(context: Context, request: CallbackRequest): Promise<Attempt> {
  const attempt = await findAttempt(context, request.state)
  const sameBrowser = isSameBrowser(context, attempt, request)
  if (attempt.status !== 'created') {
    if (sameBrowser) return attempt
    throw refusalOf(attempt, attempt.error === 'attempt_expired' ? 'attempt_expired' : 'already_used')
  }
  if (attempt.vendor !== request.vendor) {
    await fail(context, attempt, 'created', 'vendor_error', 'vendor_mismatch')
    throw new SpringbarError('invalid_state', 'The state was made for another callback.')
  }
  if (context.now() >= attempt.expiresAt) {
    const expired = await fail(context, attempt, 'created', 'attempt_expired', 'state_expired')
    if (sameBrowser) return expired
    // The cookie ends with the attempt, so whoever comes too late comes without one.
    throw refusalOf(attempt, 'attempt_expired')
  }
  if (!sameBrowser) {
    await fail(context, attempt, 'created', 'browser_changed', 'browser_mismatch')
    throw refusalOf(attempt, 'browser_changed')
  }

  const claimed = await context.storage.write((tables) =>
    tables.attempts.transition(attempt.id, 'created', { status: 'exchanging', returnedAt: context.now() }),
  )
  // Somebody was faster; theirs is the outcome.
  if (claimed === null) return reread(context, attempt)
  return exchange(context, claimed, request)
}

const REFUSALS = Object.freeze({
  already_used: 'This state was used before.',
  attempt_expired: 'The attempt has expired.',
  browser_changed: 'The attempt was started in another browser.',
})

/** What somebody is told who cannot be shown the attempt's outcome. */
export const refusalOf = ({ applicationId }: Attempt, code: keyof typeof REFUSALS): SpringbarError =>
  new SpringbarError(code, REFUSALS[code], { about: { applicationId } })

/** The attempt of a `state`. Throws `invalid_state`. */
export async function findAttempt(context: Context, state: string): Promise<Attempt> {
  const reference = STATE.exec(state)?.[1]
  const attempt =
    reference === undefined
      ? null
      : await context.storage.read.attempts.findByState(reference, context.vault.ofRandom('state', state))
  if (attempt === null) throw new SpringbarError('invalid_state', 'The state is missing or unknown.')
  return attempt
}

/** Whether the browser that asks is the one that started the attempt. */
export function isSameBrowser(
  context: Context,
  attempt: Attempt,
  { state, browserSecrets }: Pick<CallbackRequest, 'state' | 'browserSecrets'>,
): boolean {
  const secret = browserSecrets.get(cookieKeyOf(attempt.id))
  return secret !== undefined && sameDigest(browserSecretOf(context, state), secret)
}

/** From the claimed attempt to its outcome. Whatever goes wrong, the attempt ends. */
async function exchange(context: Context, attempt: Attempt, request: CallbackRequest): Promise<Attempt> {
  const failed = (error: OutcomeError, cause: string) => fail(context, attempt, 'exchanging', error, cause)
  const application = applicationOf(context, attempt.applicationId)
  const known = application && authorizationOf(context.sources, application, attempt.sourceId, attempt.vendor)
  if (!known) return failed('source_not_available', 'no_client')
  const session = await context.storage.read.sessions.find(attempt.sessionLookup)
  if (session === null || session.endedAt !== null) return failed('session_expired', 'session_ended')

  let grant: AnyGrant
  let connectionId: ConnectionId
  try {
    grant = await readGrant(context, attempt, known, request)
    connectionId = await prepareConnection(context, attempt, known, grant)
  } catch (error) {
    if (error instanceof VendorError) return failed(error.outcome, causeOf(error))
    context.log.error('exchange broke', { vendor: known.authorization.vendor, error: errorName(error) })
    return failed('server_error', 'unexpected')
  }
  try {
    return await keepGrant(context, attempt, known.authorization, grant, connectionId)
  } catch (error) {
    context.log.error('grant was not kept', { vendor: known.authorization.vendor, error: errorName(error) })
    await abandonGrant(context, attempt, known.authorization, grant)
    return failed('server_error', 'not_stored')
  }
}

/** Makes a grant of the callback, in the vendor's protocol. */
async function readGrant(
  context: Context,
  attempt: Attempt,
  { authorization, client }: NonNullable<ReturnType<typeof authorizationOf>>,
  { parameters, state }: CallbackRequest,
): Promise<AnyGrant> {
  if (!isOAuth2(authorization))
    return returnWithOAuth1(context, attempt, { authorization, client }, parameters)
  const answer = readAuthorizationResponse(authorization, parameters, state)
  return exchangeCode(context, authorization, client, {
    code: answer.code,
    redirectUri: callbackUri(context, authorization.vendor),
    codeVerifier: codeVerifierOf(context, state),
    callbackScopes: answer.grantedScopes,
  })
}

/** Ends an attempt with a failure and its event, unless it has ended meanwhile. */
export async function fail(
  context: Context,
  attempt: Attempt,
  from: 'created' | 'exchanging',
  error: OutcomeError,
  cause: string,
): Promise<Attempt> {
  const now = context.now()
  const failed = await context.storage.write(async (tables) => {
    const changed = await tables.attempts.transition(attempt.id, from, {
      status: 'failed',
      connected: connectedAfterFailure(attempt.action),
      error,
      cause,
      returnedAt: attempt.returnedAt ?? now,
      finishedAt: now,
    })
    if (changed !== null) await tables.events.append(await failureEvent(context, tables, changed))
    return changed
  })
  if (failed === null) return reread(context, attempt)
  logFailure(context, failed)
  return failed
}

/** The attempt as it is now. Throws `invalid_state` when it is gone. */
export async function reread(context: Context, attempt: Attempt): Promise<Attempt> {
  const current = await context.storage.read.attempts.find(attempt.id)
  if (current === null) throw new SpringbarError('invalid_state', 'The attempt was removed.')
  return current
}
