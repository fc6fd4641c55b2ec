/**
 * A token that works now.
 *
 * @module broker/tokens — owns a living grant: read, renewed in time and by one at a time, paced by what vendors
 * allow, used by the proxy. It ends elsewhere.
 */

import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import { type ConnectionId, newHexId } from '../../model/ids.ts'
import type { Secret } from '../../model/secret.ts'
import { isOAuth2 } from '../../model/source.ts'
import { authorizationOf } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { openTokens } from '../sealing/sealed-tokens.ts'
import { type RenewalOutcome, renewTokens } from './renew-tokens.ts'
import { newRenewal } from './renewal-schedule.ts'

/** A token that works now. */
export interface LiveToken {
  readonly connection: Connection
  readonly accessToken: Secret
  /** What calls need beside the token, such as the region of the account; empty at most vendors. */
  readonly extras: Readonly<Record<string, string>>
  /** Epoch milliseconds; null when it does not expire. */
  readonly expiresAt: number | null
}

/** How a token is read. */
export interface TokenReading {
  /** Renew even a token that looks fresh, because the vendor has just refused it. It must still be this one. */
  readonly unlessStillValid?: Secret
}

/**
 * A valid access token of a connection, renewed first when it is about to end. Of any number of callers, in any number of
 * processes, one asks the vendor; the others wait for what it stores.
 * Throws `not_found`, `connection_ended`, `needs_reauth`, `not_readable` for a source without tokens to read, and
 * `vendor_unavailable` while the vendor cannot be asked and the old token is over.
 */
export async function readToken(
  context: Context,
  application: Application,
  id: ConnectionId,
  { unlessStillValid }: TokenReading = {},
): Promise<LiveToken> {
  const deadline = context.now() + limits.tokenWaitMs
  let isOver = false
  for (
    let waitMs: number = limits.tokenPollMs.first;
    ;
    waitMs = Math.min(waitMs * 2, limits.tokenPollMs.max)
  ) {
    const living = await openLiving(context, application, id)
    const { live } = living
    const isRefused = live.accessToken.reveal() === unlessStillValid?.reveal()
    if (!isRefused && isFresh(context, live)) return live
    // Nothing fresher can be had.
    if (!living.isRenewable && isAlive(context, live)) return live
    const outcome = await takeTurn(context, live)
    if (outcome?.kind === 'failed') return fallBack(context, live, isRefused, outcome)
    if (outcome?.kind === 'ended') throw needsReauth(outcome.reason)
    // Also a vendor that gives back the same token, or one of a short life, has done what it can.
    if (outcome?.kind === 'renewed') {
      const renewed = await openLiving(context, application, id)
      if (isAlive(context, renewed.live)) return renewed.live
    }
    if (isOver) throw unavailable('renewal_in_progress', limits.renewalRetryAfterMs)
    // Whoever was held up themselves still looks once what there is by now.
    isOver = context.now() >= deadline
    if (!isOver) await context.wait(waitMs)
  }
}

/** A connection that can be read from. Throws `not_found`, `needs_reauth` and `connection_ended` for any other. */
export function requireLiving(connection: Connection | null): Connection {
  if (connection === null) throw new SpringbarError('not_found', 'There is no connection with this id.')
  if (connection.status === 'needs_reauth') throw needsReauth(connection.reauthReason)
  if (connection.status === 'disconnected')
    throw new SpringbarError('connection_ended', 'The connection has ended.')
  return connection
}

/** What stands in a connection that can be read. */
interface Living {
  readonly live: LiveToken
  readonly isRenewable: boolean
}

async function openLiving(context: Context, application: Application, id: ConnectionId): Promise<Living> {
  const connection = requireLiving(await context.storage.read.connections.find(application.id, id))
  const known = authorizationOf(context.sources, application, connection.sourceId, connection.vendor)
  if (known !== null && !isOAuth2(known.authorization))
    throw new SpringbarError(
      'not_readable',
      'A token of OAuth 1.0a signs each request; read through the proxy.',
    )
  if (known === null && context.sources.get(connection.sourceId)?.kind === 'native')
    throw new SpringbarError('not_readable', 'The data of this source is read on the phone.')
  if (connection.sealedTokens === null)
    throw new SpringbarError('not_readable', 'There is no token of this connection to read.')
  const { accessToken, refreshToken, extras = {} } = openTokens(context, connection, connection.sealedTokens)
  const live = { connection, accessToken, extras, expiresAt: connection.accessExpiresAt }
  return { live, isRenewable: refreshToken !== null }
}

const isFresh = ({ now }: Context, { expiresAt }: LiveToken): boolean =>
  expiresAt === null || expiresAt - now() >= limits.tokenLifeLeftMs

const isAlive = ({ now }: Context, { expiresAt }: LiveToken): boolean =>
  expiresAt === null || expiresAt > now()

/** Null when somebody else has the turn, or has just had it: then there is something new to read. */
async function takeTurn(context: Context, { connection }: LiveToken): Promise<RenewalOutcome | null> {
  const { applicationId, id } = connection
  const owner = newHexId(context.random)
  const turn = await context.storage.write(async (tables) => {
    const now = context.now()
    const current = await tables.connections.find(applicationId, id)
    if (current?.sealedTokens !== connection.sealedTokens) return null
    // Connections from before renewals were kept have none yet.
    if ((await tables.renewals.find(applicationId, id)) === null)
      await tables.renewals.put(newRenewal(connection, now))
    return tables.renewals.take(applicationId, id, owner, now, now + limits.renewalLeaseMs)
  })
  return turn === null ? null : renewTokens(context, turn)
}

/** The old token, for as long as it lives; after that the truth. */
function fallBack(
  context: Context,
  live: LiveToken,
  isRefused: boolean,
  { cause, retryAfterMs }: Extract<RenewalOutcome, { kind: 'failed' }>,
): LiveToken {
  if (!isRefused && isAlive(context, live)) return live
  throw unavailable(cause, retryAfterMs)
}

const needsReauth = (reason: string | null): SpringbarError =>
  new SpringbarError('needs_reauth', 'The grant has ended at the vendor; the person must connect again.', {
    extra: reason === null ? {} : { reason },
  })

const unavailable = (cause: string, retryAfterMs: number): SpringbarError =>
  new SpringbarError(
    'vendor_unavailable',
    'The token has ended, and the vendor could not be asked for a new one.',
    {
      headers: { 'Retry-After': String(Math.ceil(retryAfterMs / 1_000)) },
      extra: { reason: cause },
    },
  )
