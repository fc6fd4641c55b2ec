import { errorName } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Connection, ReauthReason } from '../model/connection.ts'
import type { Renewal } from '../model/renewal.ts'
import { type Authorization, isOAuth2 } from '../model/source.ts'
import { type RefreshedGrant, refreshGrant, type Tokens, VendorError } from '../oauth/index.ts'
import { applicationOf, type Context } from './context.ts'
import { demandReauth } from './demand-reauth.ts'
import { authorizationOf } from './find-source.ts'
import { connectionEvent } from './new-event.ts'
import { newRevocation } from './new-revocation.ts'
import { newRenewal, renewalBackoffMs, renewalDueAt } from './renewal-schedule.ts'
import { openTokens, sealTokens } from './sealed-tokens.ts'

/** What came of one turn. */
export type RenewalOutcome =
  /** The new tokens are stored. */
  | { readonly kind: 'renewed' }
  /** There was nothing to do: somebody else had done it, or the connection has ended. */
  | { readonly kind: 'not-needed' }
  /** The vendor, or our configuration, did not let us; the grant is as it was. */
  | {
      readonly kind: 'failed'
      readonly cause: string
      readonly isOutage: boolean
      readonly retryAfterMs: number
    }
  /** The grant is dead; the person must connect again. */
  | { readonly kind: 'ended'; readonly reason: ReauthReason }

/**
 * Renews one connection's tokens within a turn that the caller has taken (`Renewals.take`), and gives the turn back. The
 * new tokens are stored before anybody uses them. Never rejects for what a vendor does.
 */
export async function renewTokens(context: Context, turn: Renewal): Promise<RenewalOutcome> {
  const { applicationId, connectionId } = turn
  const connection = await context.storage.read.connections.find(applicationId, connectionId)
  if (connection?.status !== 'active' || connection.sealedTokens === null) return giveUp(context, turn)
  const application = applicationOf(context, applicationId)
  const known =
    application && authorizationOf(context.sources, application, connection.sourceId, connection.vendor)
  if (!known || !isOAuth2(known.authorization))
    return postpone(context, turn, { cause: 'no_client', isOutage: false, retryAfterMs: 0 })
  const { authorization, client } = known
  const tokens = openTokens(context, connection, connection.sealedTokens)
  if (tokens.refreshToken === null) return giveUp(context, turn)
  if (connection.refreshExpiresAt !== null && connection.refreshExpiresAt <= context.now())
    return end(context, turn, connection, 'refresh_token_expired')
  // From here on an answer may be on its way that nobody hears: said before the request leaves.
  const isMine = await context.storage.write((tables) =>
    tables.renewals.open(connectionId, turn.leaseOwner ?? ''),
  )
  if (!isMine) return { kind: 'not-needed' }
  let refreshed: RefreshedGrant
  try {
    refreshed = await refreshGrant(context, authorization, client, { ...connection, tokens })
  } catch (error) {
    if (!(error instanceof VendorError)) {
      context.log.error('renewal broke', { connection: connectionId, error: errorName(error) })
      return postpone(context, turn, { cause: 'unexpected', isOutage: false, retryAfterMs: 0 })
    }
    return judge(context, turn, connection, authorization, error)
  }
  return store(context, connection, authorization, refreshed)
}

/** What a failure means: the end of the grant, a refusal to be heard twice, or nothing that lasts. */
function judge(
  context: Context,
  turn: Renewal,
  connection: Connection,
  { refresh }: Authorization,
  error: VendorError,
): Promise<RenewalOutcome> {
  const retryAfterMs = (error.retryAfterSeconds ?? 0) * 1_000
  if (!error.endsGrant)
    return postpone(context, turn, { cause: causeOf(error), isOutage: error.retryable, retryAfterMs })
  const { confirmRefusalAfterSeconds = 0 } = refresh
  const heardBefore =
    turn.refusedAt !== null && context.now() - turn.refusedAt >= confirmRefusalAfterSeconds * 1_000
  if (confirmRefusalAfterSeconds > 0 && !heardBefore)
    return postpone(context, turn, {
      cause: causeOf(error),
      isOutage: false,
      retryAfterMs: confirmRefusalAfterSeconds * 1_000,
      refusedAt: turn.refusedAt ?? context.now(),
    })
  // Where an earlier request was never answered, the vendor has most likely rotated, and the new pair is lost.
  return end(context, turn, connection, turn.isOpen ? 'renewal_interrupted' : 'refused')
}

const causeOf = ({ cause, status }: VendorError): string => (status === null ? cause : `${cause} ${status}`)

interface Postponement {
  readonly cause: string
  readonly isOutage: boolean
  readonly retryAfterMs: number
  readonly refusedAt?: number
}

async function postpone(
  context: Context,
  turn: Renewal,
  { cause, isOutage, retryAfterMs, refusedAt }: Postponement,
): Promise<RenewalOutcome> {
  const waitMs = renewalBackoffMs(context, turn.tries, retryAfterMs)
  await context.storage.write((tables) =>
    tables.renewals.settle(turn.connectionId, turn.leaseOwner ?? '', {
      dueAt: context.now() + waitMs,
      tries: turn.tries + 1,
      cause,
      refusedAt: refusedAt ?? turn.refusedAt,
    }),
  )
  context.log.warn('tokens were not renewed', {
    connection: turn.connectionId,
    vendor: turn.vendor,
    cause,
    tries: turn.tries + 1,
  })
  return { kind: 'failed', cause, isOutage, retryAfterMs: Math.max(retryAfterMs, limits.renewalRetryAfterMs) }
}

async function giveUp(context: Context, { applicationId, connectionId }: Renewal): Promise<RenewalOutcome> {
  await context.storage.write((tables) => tables.renewals.remove(applicationId, connectionId))
  return { kind: 'not-needed' }
}

/** Believes that the grant is dead, unless the stored tokens are no longer the ones that were refused. */
async function end(
  context: Context,
  turn: Renewal,
  connection: Connection,
  reason: ReauthReason,
): Promise<RenewalOutcome> {
  const isEnded = await context.storage.write(async (tables) => {
    const current = await tables.connections.find(connection.applicationId, connection.id)
    if (current?.status !== 'active' || current.sealedTokens !== connection.sealedTokens) {
      await tables.renewals.settle(turn.connectionId, turn.leaseOwner ?? '', {})
      return false
    }
    await demandReauth(context, tables, current, reason)
    return true
  })
  if (!isEnded) return { kind: 'not-needed' }
  context.log.warn('a grant has ended', { connection: connection.id, vendor: connection.vendor, reason })
  return { kind: 'ended', reason }
}

/**
 * Stores the new pair, whoever holds the turn by now: it exists nowhere else. Tokens of a connection that was ended
 * meanwhile are ended at the vendor instead; those of one that was connected anew are of no use to anybody.
 */
async function store(
  context: Context,
  connection: Connection,
  authorization: Authorization,
  refreshed: RefreshedGrant,
): Promise<RenewalOutcome> {
  const { accessExpiresAt, refreshExpiresAt, grantedScopes, tokens } = refreshed
  const renewed = {
    sealedTokens: sealTokens(context, connection, withExtras(context, connection, tokens)),
    accessExpiresAt,
    refreshExpiresAt,
    updatedAt: context.now(),
    ...(grantedScopes === null ? {} : { grantedScopes }),
  }
  const dueAt = renewalDueAt(context, refreshed, authorization.refresh.earlySeconds)
  return context.storage.write(async (tables): Promise<RenewalOutcome> => {
    const current = await tables.connections.find(connection.applicationId, connection.id)
    if (current === null) return { kind: 'not-needed' }
    if (current.status === 'disconnected') {
      await tables.revocations.enqueue(newRevocation(context, { ...connection, ...renewed }))
      return { kind: 'not-needed' }
    }
    if (current.sealedTokens !== connection.sealedTokens) return { kind: 'not-needed' }
    // Whatever was believed of the grant: it lives.
    const isRepair = current.status === 'needs_reauth'
    await tables.connections.update(current.applicationId, current.id, current.version, {
      ...renewed,
      status: 'active',
      reauthReason: null,
    })
    if (isRepair)
      await tables.events.append(await connectionEvent(context, tables, 'connection.repaired', current))
    if (dueAt === null) await tables.renewals.remove(current.applicationId, current.id)
    else await tables.renewals.put(newRenewal(current, dueAt))
    return { kind: 'renewed' }
  })
}

/** What is sealed beside the tokens and comes with no answer. */
function withExtras(context: Context, connection: Connection, tokens: Tokens): Tokens {
  if (connection.sealedTokens === null) return tokens
  const { extras } = openTokens(context, connection, connection.sealedTokens)
  return extras === undefined ? tokens : { ...tokens, extras }
}
