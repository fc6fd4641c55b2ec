/**
 * Connections that live on a phone.
 *
 * @module broker/phones — owns what an app on a phone redeems and reports. The page that shows the code belongs to the
 * attempt.
 */

import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application } from '../../model/application.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { Connection } from '../../model/connection.ts'
import type { EndUser } from '../../model/end-user.ts'
import { asApplicationId } from '../../model/ids.ts'
import { handleOf, parsePairingCode } from '../../model/pairing.ts'
import { type Secret, secret } from '../../model/secret.ts'
import type { Tables } from '../../storage/storage.ts'
import { connectedAfterFailure, noteEnd } from '../attempts/attempts.ts'
import { keep, newConnection, newConnectionId } from '../attempts/keep-grant.ts'
import { pairingCodeHash } from '../attempts/new-pairing.ts'
import { availabilityIn } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { failureEvent } from '../events/new-event.ts'
import { writeAgain } from '../write-again.ts'

/** What the person allowed on the phone, as far as the app can know it, in the phone's own names. */
export interface Permissions {
  readonly granted: readonly string[]
  readonly missing: readonly string[]
}

/** What an app on a phone brings. No API key: a phone cannot keep one. */
export interface PairingRequest {
  /** Which application it is the app of; public. */
  readonly applicationId: string
  readonly code: string
  /** Who is logged in to the app, by the end user's id or alias; null when the app does not know. */
  readonly expected: { readonly endUserId: string | null; readonly partnerUserId: string | null }
  readonly permissions: Permissions
}

/** What it gets: the right to report on one connection, and nothing else. */
export interface PairedDevice {
  readonly deviceToken: Secret
  readonly connection: Connection
  readonly endUser: EndUser
}

const DEVICE_TOKEN_BYTES = 32

/** How a device token begins, so that it is recognised wherever it turns up. */
export const DEVICE_TOKEN_PREFIX = 'sbd_'

/** Why a code was not good. The first three look the same from outside. */
type Failure = 'wrong' | 'over' | 'switched_off' | 'session_expired' | 'user_mismatch'

/**
 * Redeems a pairing code: the attempt that shows it succeeds, and its connection is that of any other source, but
 * without tokens. A code works once. A wrong one counts against the pairing that it may have been meant for, and against
 * the application. Throws `invalid_pairing_code` (also for another application's code), `rate_limited`,
 * `session_expired`, and `user_mismatch` when somebody else is logged in to the app than the code was made for.
 */
export async function redeemPairing(context: Context, request: PairingRequest): Promise<PairedDevice> {
  const application = context.applications.get(asApplicationId(request.applicationId))
  const code = parsePairingCode(request.code)
  if (application === undefined || code === null) throw refusalOf('wrong')
  const { endUserId, partnerUserId } = request.expected
  if (application.binding.kind === 'confirm' && endUserId === null && partnerUserId === null)
    throw new SpringbarError(
      'invalid_request',
      'endUserId: is missing. This application wants to know who is logged in to its app.',
    )
  const now = context.now()
  const tally = `pairing failures ${application.id}`
  const { count, windowMs } = limits.pairingFailures
  if ((await context.storage.read.tallies.read(tally, now)) >= count)
    throw new SpringbarError('rate_limited', 'Too many wrong pairing codes for this application.', {
      headers: { 'Retry-After': String(Math.ceil(windowMs / 1000)) },
    })
  const token = DEVICE_TOKEN_PREFIX + Buffer.from(context.random(DEVICE_TOKEN_BYTES)).toString('base64url')
  const { redeemed, ended } = await writeAgain(context, async (tables) => {
    const paired = await pair(context, tables, application, request, { code, token })
    if (paired.redeemed === 'wrong') await tables.tallies.count(tally, now, now + windowMs)
    return paired
  })
  if (ended !== null) noteEnd(context, ended)
  if (typeof redeemed === 'string') {
    context.log.info('pairing refused', { application: application.id, reason: redeemed })
    throw refusalOf(redeemed)
  }
  return redeemed
}

function refusalOf(failure: Failure): SpringbarError {
  if (failure === 'session_expired')
    return new SpringbarError('session_expired', 'The session in which the code was shown has ended.')
  if (failure === 'user_mismatch')
    return new SpringbarError('user_mismatch', 'The code was made for another end user.')
  return new SpringbarError('invalid_pairing_code', 'There is no such pairing code, or not any more.')
}

/** What came of a code, and the attempt that it ended. */
interface Paired {
  readonly redeemed: PairedDevice | Failure
  readonly ended: Attempt | null
}

const nothing = (redeemed: Failure): Paired => ({ redeemed, ended: null })

async function pair(
  context: Context,
  tables: Tables,
  application: Application,
  request: PairingRequest,
  { code, token }: { readonly code: string; readonly token: string },
): Promise<Paired> {
  const now = context.now()
  const taken = await tables.pairings.take(
    { applicationId: application.id, handle: handleOf(code), codeHash: pairingCodeHash(context, code) },
    now,
    limits.pairingTriesPerCode,
  )
  if (taken === null) return nothing('wrong')
  const open = await tables.attempts.find(taken.attemptId)
  const endUser = open && (await tables.endUsers.find(application.id, open.endUserId))
  if (open === null || endUser === null) return nothing('over')
  const source = await sourceOf(context, tables, application, open)
  if (source === null) return nothing('switched_off')
  if (!isExpected(endUser, request.expected))
    return { redeemed: 'user_mismatch', ended: await end(context, tables, open) }
  const attempt = await tables.attempts.transition(open.id, 'created', {
    status: 'exchanging',
    returnedAt: now,
  })
  if (attempt === null) return nothing('over')
  const id = newConnectionId(context)
  const grant = {
    accountId: id,
    tokens: null,
    accessExpiresAt: null,
    refreshExpiresAt: null,
    grantedScopes: request.permissions.granted,
    missingScopes: request.permissions.missing,
  }
  const finished = await keep(
    context,
    tables,
    attempt,
    newConnection(context, attempt, source, grant, id),
    grant,
  )
  const connection = finished.status === 'done' ? await tables.connections.find(application.id, id) : null
  if (connection === null) return { redeemed: 'session_expired', ended: finished }
  await tables.devices.insert({
    tokenHash: context.vault.ofRandom('device-token', token),
    applicationId: application.id,
    endUserId: endUser.id,
    connectionId: id,
    createdAt: now,
    reportedAt: now,
  })
  return { redeemed: { deviceToken: secret(token), connection, endUser }, ended: finished }
}

const isExpected = (endUser: EndUser, { endUserId, partnerUserId }: PairingRequest['expected']): boolean =>
  (endUserId === null || endUserId === endUser.id) &&
  (partnerUserId === null || partnerUserId === endUser.alias)

/** The source that the attempt is for, while it can be connected by pairing. */
async function sourceOf(context: Context, tables: Tables, application: Application, attempt: Attempt) {
  const session = await tables.sessions.find(attempt.sessionLookup)
  const source = attempt.sourceId === null ? undefined : context.sources.get(attempt.sourceId)
  if (session === null || source === undefined) return null
  const availability = availabilityIn(source, application, session)
  return availability.kind === 'available' && availability.by === 'pairing' ? availability.source : null
}

/** Somebody else's app took the code: nothing is connected, and the page that shows it says so. */
async function end(context: Context, tables: Tables, attempt: Attempt): Promise<Attempt | null> {
  const failed = await tables.attempts.transition(attempt.id, 'created', {
    status: 'failed',
    connected: connectedAfterFailure(attempt.action),
    error: 'browser_changed',
    cause: 'user_mismatch',
    finishedAt: context.now(),
  })
  if (failed !== null) await tables.events.append(await failureEvent(context, tables, failed))
  return failed
}
