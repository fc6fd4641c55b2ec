import { errorName } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Client } from '../../model/application.ts'
import { type Connection, REAUTH_REASONS, type ReauthReason } from '../../model/connection.ts'
import type { Renewal } from '../../model/renewal.ts'
import { type Authorization, isOAuth2 } from '../../model/source.ts'
import { type RefreshedGrant, refreshGrant, type Tokens, VendorError } from '../../oauth/index.ts'
import type { RenewalChange, Tables } from '../../storage/storage.ts'
import { authorizationOf } from '../catalogue/find-source.ts'
import { applicationOf, type Context } from '../context.ts'
import { noteHistory } from '../events/note-history.ts'
import { openTokens } from '../sealing/sealed-tokens.ts'
import { demandReauth } from './demand-reauth.ts'
import { renewalBackoffMs } from './renewal-schedule.ts'
import { storeRenewed } from './store-renewed.ts'

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
      /** The vendor said that it is asked too often. */
      readonly isBusy: boolean
      readonly retryAfterMs: number
    }
  /** The grant is dead; the person must connect again. */
  | { readonly kind: 'ended'; readonly reason: ReauthReason }

/** What becomes of a connection whose grant the vendor calls dead, inside a unit of work. */
export type EndOfGrant = (tables: Tables, connection: Connection, reason: ReauthReason) => Promise<void>

/**
 * Renews one connection's tokens within a turn that the caller has taken (`Renewals.take`), and gives the turn back. The
 * new tokens are stored before anybody uses them. Never rejects for what a vendor does. A dead grant makes the connection
 * `needs_reauth`, unless `endOfGrant` knows more.
 */
export async function renewTokens(
  context: Context,
  turn: Renewal,
  endOfGrant: EndOfGrant = (tables, connection, reason) => demandReauth(context, tables, connection, reason),
): Promise<RenewalOutcome> {
  const outcome = await renew(context, turn, endOfGrant)
  context.noteRenewal?.(turn.vendor, wordOf(outcome))
  return outcome
}

/** What the operator's counters say of a turn. */
export const RENEWAL_WORDS = ['renewed', 'not-needed', 'failed', 'unavailable', ...REAUTH_REASONS] as const

function wordOf(outcome: RenewalOutcome): (typeof RENEWAL_WORDS)[number] {
  if (outcome.kind === 'ended') return outcome.reason
  return outcome.kind === 'failed' && outcome.isOutage ? 'unavailable' : outcome.kind
}

async function renew(context: Context, turn: Renewal, endOfGrant: EndOfGrant): Promise<RenewalOutcome> {
  const { applicationId, connectionId } = turn
  const connection = await context.storage.read.connections.find(applicationId, connectionId)
  if (connection?.status !== 'active' || connection.sealedTokens === null) return giveUp(context, turn)
  const application = applicationOf(context, applicationId)
  const known =
    application && authorizationOf(context.sources, application, connection.sourceId, connection.vendor)
  if (known && !isOAuth2(known.authorization)) return giveUp(context, turn)
  const tokens = openTokens(context, connection, connection.sealedTokens)
  if (tokens.refreshToken === null) return endWithAccess(context, turn, connection, endOfGrant)
  if (connection.refreshExpiresAt !== null && connection.refreshExpiresAt <= context.now())
    return end(context, turn, connection, 'refresh_token_expired', endOfGrant)
  if (!known || !isOAuth2(known.authorization))
    return postpone(context, turn, { cause: 'no_client', isOutage: false, retryAfterMs: 0 })
  return request(context, turn, connection, tokens, {
    authorization: known.authorization,
    client: known.client,
    endOfGrant,
  })
}

interface Way {
  readonly endOfGrant: EndOfGrant
  readonly authorization: Authorization
  readonly client: Client
}

async function request(
  context: Context,
  turn: Renewal,
  connection: Connection,
  tokens: Tokens,
  way: Way,
): Promise<RenewalOutcome> {
  // From here on an answer may be on its way that nobody hears: said before the request leaves.
  const until = context.now() + limits.renewalLeaseMs
  const isMine = await context.storage.write((tables) =>
    tables.renewals.open(turn.connectionId, turn.leaseOwner ?? '', until),
  )
  if (!isMine) return { kind: 'not-needed' }
  // A process that stood still in between must not send what somebody else may have sent by now.
  if (until - context.now() < limits.renewalSendWithinMs) return leave(context, turn, { isOpen: turn.isOpen })
  let refreshed: RefreshedGrant
  try {
    refreshed = await refreshGrant(context, way.authorization, way.client, { ...connection, tokens })
  } catch (error) {
    if (error instanceof VendorError) return judge(context, turn, connection, way, error)
    context.log.error('renewal broke', { connection: connection.id, error: errorName(error) })
    return postpone(context, turn, { cause: 'unexpected', isOutage: false, retryAfterMs: 0, isOpen: true })
  }
  return (await storeRenewed(context, connection, way, refreshed))
    ? { kind: 'renewed' }
    : { kind: 'not-needed' }
}

/** What a failure means: the end of the grant, a refusal to be heard twice, or nothing that lasts. */
function judge(
  context: Context,
  turn: Renewal,
  connection: Connection,
  { authorization: { refresh }, endOfGrant }: Way,
  error: VendorError,
): Promise<RenewalOutcome> {
  const retryAfterMs = (error.retryAfterSeconds ?? 0) * 1_000
  const isOpen = turn.isOpen || error.mayBeDone
  if (!error.endsGrant) {
    const isBusy = error.asksTooOften
    const isOutage = error.retryable && error.cause !== 'busy' && !isBusy
    return postpone(context, turn, { cause: causeOf(error), isOutage, isBusy, retryAfterMs, isOpen })
  }
  const { confirmRefusalAfterSeconds = 0 } = refresh
  const heardBefore =
    turn.refusedAt !== null && context.now() - turn.refusedAt >= confirmRefusalAfterSeconds * 1_000
  if (confirmRefusalAfterSeconds > 0 && !heardBefore)
    return postpone(context, turn, {
      cause: causeOf(error),
      isOutage: false,
      retryAfterMs: confirmRefusalAfterSeconds * 1_000,
      refusedAt: turn.refusedAt ?? context.now(),
      isOpen,
    })
  // Where an earlier request was never answered, the vendor has most likely rotated, and the new pair is lost.
  return end(context, turn, connection, turn.isOpen ? 'renewal_interrupted' : 'refused', endOfGrant)
}

const causeOf = ({ cause, status }: VendorError): string => (status === null ? cause : `${cause} ${status}`)

interface Postponement {
  readonly cause: string
  readonly isOutage: boolean
  readonly isBusy?: boolean
  readonly retryAfterMs: number
  readonly refusedAt?: number
  /** Whether an answer may still have been lost; as it was when missing. */
  readonly isOpen?: boolean
}

async function postpone(
  context: Context,
  turn: Renewal,
  { cause, isOutage, isBusy = false, retryAfterMs, refusedAt, isOpen }: Postponement,
): Promise<RenewalOutcome> {
  const waitMs = renewalBackoffMs(context, turn.tries, retryAfterMs)
  await context.storage.write(async (tables) => {
    const isSettled = await tables.renewals.settle(turn.connectionId, turn.leaseOwner ?? '', {
      dueAt: context.now() + waitMs,
      tries: turn.tries + 1,
      cause,
      refusedAt: refusedAt ?? turn.refusedAt,
      isOpen: isOpen ?? turn.isOpen,
    })
    // The first of a row of failures says it; an outage of hours must not push everything else out of the history.
    if (isSettled && turn.cause !== cause)
      await noteHistory(context, tables, { ...turn, id: turn.connectionId }, 'renewal_failed', cause)
  })
  context.log.warn('tokens were not renewed', {
    connection: turn.connectionId,
    vendor: turn.vendor,
    cause,
    tries: turn.tries + 1,
  })
  const leftAloneMs = Math.max(retryAfterMs, limits.renewalRetryAfterMs)
  return { kind: 'failed', cause, isOutage, isBusy, retryAfterMs: leftAloneMs }
}

/** Gives the turn back as something that needs no try. */
async function leave(
  context: Context,
  { connectionId, leaseOwner }: Renewal,
  change: RenewalChange,
): Promise<RenewalOutcome> {
  await context.storage.write((tables) => tables.renewals.settle(connectionId, leaseOwner ?? '', change))
  return { kind: 'not-needed' }
}

/** Nothing is left to renew, unless a new grant was stored since the connection was read. */
async function giveUp(
  context: Context,
  { applicationId, connectionId, leaseOwner }: Renewal,
): Promise<RenewalOutcome> {
  await context.storage.write(async (tables) => {
    const renewal = await tables.renewals.find(applicationId, connectionId)
    if (renewal?.leaseOwner === leaseOwner) await tables.renewals.remove(applicationId, connectionId)
  })
  return { kind: 'not-needed' }
}

/** Without a refresh token the grant ends with its access token, and is looked at again then. */
function endWithAccess(
  context: Context,
  turn: Renewal,
  connection: Connection,
  endOfGrant: EndOfGrant,
): Promise<RenewalOutcome> {
  const { accessExpiresAt } = connection
  if (accessExpiresAt === null) return giveUp(context, turn)
  if (accessExpiresAt > context.now()) return leave(context, turn, { dueAt: accessExpiresAt })
  return end(context, turn, connection, 'access_token_expired', endOfGrant)
}

/**
 * Believes that the grant is dead, unless the stored tokens are no longer the ones that were refused, or somebody else has
 * the turn: then they may have been refused because of what that one is doing.
 */
async function end(
  context: Context,
  turn: Renewal,
  connection: Connection,
  reason: ReauthReason,
  endOfGrant: EndOfGrant,
): Promise<RenewalOutcome> {
  const { applicationId, id } = connection
  const isEnded = await context.storage.write(async (tables) => {
    const current = await tables.connections.find(applicationId, id)
    const renewal = await tables.renewals.find(applicationId, id)
    const isMine = renewal !== null && renewal.leaseOwner === turn.leaseOwner
    if (!isMine || current?.status !== 'active' || current.sealedTokens !== connection.sealedTokens) {
      await tables.renewals.settle(id, turn.leaseOwner ?? '', {})
      return false
    }
    await endOfGrant(tables, current, reason)
    return true
  })
  if (!isEnded) return { kind: 'not-needed' }
  context.log.warn('a grant has ended', { connection: id, vendor: connection.vendor, reason })
  return { kind: 'ended', reason }
}
