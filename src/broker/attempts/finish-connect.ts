import { errorName, SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application } from '../../model/application.ts'
import { type Attempt, cookieKeyOf } from '../../model/attempt.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import type { ConnectionId } from '../../model/ids.ts'
import type { OutcomeError } from '../../model/result.ts'
import { type AnyAuthorization, type Authorization, isOAuth2 } from '../../model/source.ts'
import { type AnyGrant, exchangeCode, readAuthorizationResponse, VendorError } from '../../oauth/index.ts'
import { sameDigest } from '../../vault/index.ts'
import { authorizationOf } from '../catalogue/find-source.ts'
import { causeOf } from '../cause-of.ts'
import { applicationOf, type Context } from '../context.ts'
import { failureEvent } from '../events/new-event.ts'
import { connectedAfterFailure, noteEnd } from './attempts.ts'
import { browserSecretOf, callbackUri, codeVerifierOf } from './begin-connect.ts'
import { ticketProof, verifyLocation } from './confirm-attempt.ts'
import { type HeldCode, holdCode } from './held-grant.ts'
import { abandonGrant } from './keep-grant.ts'
import { hold, keepOrHold } from './keep-or-hold.ts'
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

/** Where a person's return from a vendor leads. */
export interface Arrival {
  readonly attempt: Attempt
  /** The application's page that has to confirm the attempt; null for the result page. */
  readonly verifyLocation: string | null
}

const STATE = /^([0-9A-Z]{10})[A-Za-z0-9_-]{43}$/

/**
 * Takes the browser's return from a vendor to its outcome, or to whoever has to give a word first, and returns the
 * attempt as it is then: `done`, `failed`, `pending`, or `exchanging` when another request is just finishing it. Throws `invalid_state`, `already_used`,
 * `browser_changed` or `attempt_expired` where nobody can be told but the person in front of this browser.
 */
export async function finishConnect(context: Context, request: CallbackRequest): Promise<Arrival> {
  return arrivalOf(context, await settle(context, request), request.state)
}

/** Where the browser goes on. One that reloads the callback brings the same ticket again. */
export function arrivalOf(context: Context, attempt: Attempt, state: string): Arrival {
  const binding = applicationOf(context, attempt.applicationId)?.binding
  const waits = attempt.status === 'pending' && binding?.kind === 'confirm'
  return { attempt, verifyLocation: waits ? verifyLocation(context, binding, attempt, state) : null }
}

async function settle(context: Context, request: CallbackRequest): Promise<Attempt> {
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

/** From the claimed attempt to its outcome, or to the wait for a word. Whatever goes wrong, the attempt ends. */
async function exchange(context: Context, attempt: Attempt, request: CallbackRequest): Promise<Attempt> {
  const failed = (error: OutcomeError, cause: string) => fail(context, attempt, 'exchanging', error, cause)
  const application = applicationOf(context, attempt.applicationId)
  const known = application && authorizationOf(context.sources, application, attempt.sourceId, attempt.vendor)
  if (!known) return failed('source_not_available', 'no_client')
  const session = await context.storage.read.sessions.find(attempt.sessionLookup)
  if (session === null || session.endedAt !== null) return failed('session_expired', 'session_ended')

  const { authorization } = known
  let grant: AnyGrant
  let connectionId: ConnectionId | null
  try {
    const code = waitingCode(context, attempt, application, authorization, request)
    if (code !== null) return await hold(context, code)
    grant = await readGrant(context, attempt, known, request)
    // Before a confirmation nothing is done with a grant.
    const waits = application.binding.kind === 'confirm'
    connectionId = waits ? null : await prepareConnection(context, attempt, known, grant)
  } catch (error) {
    if (error instanceof VendorError) return failed(error.outcome, causeOf(error))
    context.log.error('exchange broke', { vendor: authorization.vendor, error: errorName(error) })
    return failed('server_error', 'unexpected')
  }
  try {
    return await keepOrHold(context, attempt, {
      application,
      vendor: authorization.vendor,
      grant,
      state: request.state,
      connectionId,
    })
  } catch (error) {
    await abandonGrant(context, attempt, authorization, grant)
    if (error instanceof VendorError) return failed(error.outcome, causeOf(error))
    context.log.error('grant was not kept', { vendor: authorization.vendor, error: errorName(error) })
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
  const code = readCode(context, authorization, parameters, state)
  const redirectUri = callbackUri(context, authorization.vendor)
  return exchangeCode(context, authorization, client, { ...code, redirectUri })
}

/** The code of the callback, with what its exchange needs beside it. Throws a {@link VendorError}. */
function readCode(
  context: Context,
  authorization: Authorization,
  parameters: URLSearchParams,
  state: string,
): HeldCode {
  const { code, grantedScopes } = readAuthorizationResponse(authorization, parameters, state)
  return { code, codeVerifier: codeVerifierOf(context, state), callbackScopes: grantedScopes }
}

/**
 * The code that has to wait for the application's confirmation; null where none is asked for, and where tokens wait
 * instead: because the vendor's codes may die before it comes, because the application wants it so, or because the protocol
 * has no code. Throws a {@link VendorError}.
 */
function waitingCode(
  context: Context,
  attempt: Attempt,
  { binding }: Application,
  authorization: AnyAuthorization,
  { parameters, state }: CallbackRequest,
): HeldGrant | null {
  if (binding.kind !== 'confirm' || !isOAuth2(authorization)) return null
  const { codeLifetimeSeconds } = authorization.tokenRequest
  const isShort = codeLifetimeSeconds * 1000 < limits.heldGrantMs
  if (binding.exchange === 'before-confirm' || (binding.exchange === null && isShort)) return null
  const code = readCode(context, authorization, parameters, state)
  return holdCode(context, attempt, ticketProof(context, state), { code, codeLifetimeSeconds })
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
  noteEnd(context, failed)
  return failed
}

/** The attempt as it is now. Throws `invalid_state` when it is gone. */
export async function reread(context: Context, attempt: Attempt): Promise<Attempt> {
  const current = await context.storage.read.attempts.find(attempt.id)
  if (current === null) throw new SpringbarError('invalid_state', 'The attempt was removed.')
  return current
}
