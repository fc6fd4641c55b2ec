import { SpringbarError } from '../../errors.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { Connection } from '../../model/connection.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import { asConnectionId, type ConnectionId, newHexId } from '../../model/ids.ts'
import type { AnyAuthorization } from '../../model/source.ts'
import type { AnyGrant, AnyTokens } from '../../oauth/index.ts'
import type { Tables } from '../../storage/storage.ts'
import { findPlace, takePlace } from '../connections/connection-place.ts'
import type { Context } from '../context.ts'
import { failureEvent } from '../events/new-event.ts'
import { newRevocation } from '../revocations/new-revocation.ts'
import {
  assertUnrevoked,
  type Life,
  lifeSince,
  type PerhapsRevoked,
} from '../revocations/outlive-revocation.ts'
import { sealTokens } from '../sealing/sealed-tokens.ts'
import { writeAgain } from '../write-again.ts'
import { isFinished, noteEnd } from './attempts.ts'

/** A grant, or the permission that a phone reports: there are no tokens to that. */
type KeptGrant = Omit<AnyGrant, 'tokens'> & { readonly tokens: AnyTokens | null }

/** Under which circumstances a grant is kept. */
export interface Keeping {
  /** Where the attempt stands: back from the vendor, or after somebody's word. */
  readonly from?: 'exchanging' | 'pending'
  /** What to hold when another end user must not lose the vendor account before the person was asked. */
  readonly holdBeforeMoving?: (() => HeldGrant) | null
  /** What a connection that is new is called; an id of its own when missing. */
  readonly connectionId?: ConnectionId
  /** What is known of the grant's life; that the vendor gave it after the person came back, when missing. */
  readonly life?: Life
}

/**
 * Makes a connection of a grant, in one transaction with its events and the attempt's end: all of it is durable when
 * this resolves, or none. When the right to connect was lost on the way, or the application's policy refuses the vendor
 * account, the grant goes to the revocation queue. When
 * the person has to be asked first, the grant is held and the attempt is `pending`. Throws {@link PerhapsRevoked}.
 */
export async function keepGrant(
  context: Context,
  attempt: Attempt,
  authorization: Pick<AnyAuthorization, 'vendor'>,
  grant: KeptGrant,
  { connectionId = newConnectionId(context), ...keeping }: Keeping = {},
): Promise<Attempt> {
  const fresh = newConnection(context, attempt, authorization, grant, connectionId)
  const kept = await writeAgain(context, (tables) => keep(context, tables, attempt, fresh, grant, keeping))
  if (isFinished(kept.status)) noteEnd(context, kept)
  return kept
}

/** An id for a connection that is to be. */
export const newConnectionId = ({ random }: Pick<Context, 'random'>): ConnectionId =>
  asConnectionId(newHexId(random))

const SESSION_ENDED = Object.freeze({ error: 'session_expired', cause: 'session_ended' })

/** As {@link keepGrant}, within a unit of work that does more. The attempt must be `exchanging`. */
export async function keep(
  context: Context,
  tables: Tables,
  attempt: Attempt,
  fresh: Connection,
  grant: KeptGrant,
  {
    from = 'exchanging',
    holdBeforeMoving = null,
    life = lifeSince(attempt.returnedAt),
  }: Omit<Keeping, 'connectionId'> = {},
): Promise<Attempt> {
  const session = await tables.sessions.find(attempt.sessionLookup)
  const endUser = await tables.endUsers.find(attempt.applicationId, attempt.endUserId)
  const mayConnect = session?.endedAt === null && endUser?.deleteAt === null
  const place = mayConnect ? await findPlace(context, tables, fresh) : SESSION_ENDED
  if (holdBeforeMoving !== null && 'losers' in place && place.losers.length > 0)
    return holdGrant(context, tables, holdBeforeMoving(), life)
  if (!('error' in place) && fresh.sealedTokens !== null) await assertUnrevoked(context, tables, fresh, life)
  if (from === 'pending') await tables.heldGrants.settle(attempt.id)
  const refusal = 'error' in place ? place : null
  const connectionId = 'error' in place ? null : await takePlace(context, tables, fresh, place, grant.tokens)
  if (refusal !== null && fresh.sealedTokens !== null)
    await tables.revocations.enqueue(newRevocation(context, fresh))
  const finished = await tables.attempts.transition(attempt.id, from, {
    status: refusal === null ? 'done' : 'failed',
    connected: refusal === null,
    error: refusal?.error ?? null,
    cause: refusal?.cause ?? null,
    connectionId,
    finishedAt: context.now(),
  })
  // Swept away as overdue: the person was told that it failed, so nothing may be connected.
  if (finished === null)
    throw new SpringbarError('attempt_expired', 'The attempt ended before the grant was stored.')
  if (refusal !== null) await tables.events.append(await failureEvent(context, tables, finished))
  return finished
}

/**
 * Sets an attempt that is back from the vendor waiting for somebody's word. Throws `attempt_expired` when it has ended, and
 * {@link PerhapsRevoked} for tokens that may have been ended.
 */
export async function holdGrant(
  context: Context,
  tables: Tables,
  held: HeldGrant,
  life: Life,
): Promise<Attempt> {
  const { accountId } = held
  if (accountId !== null) await assertUnrevoked(context, tables, { ...held, accountId }, life)
  const waiting = await tables.attempts.transition(held.attemptId, 'exchanging', { status: 'pending' })
  if (waiting === null)
    throw new SpringbarError('attempt_expired', 'The attempt ended before the grant was held.')
  await tables.heldGrants.insert(held)
  return waiting
}

/** Ends at the vendor a grant that was received and cannot be kept. */
export async function abandonGrant(
  context: Context,
  attempt: Attempt,
  authorization: Pick<AnyAuthorization, 'vendor'>,
  grant: KeptGrant,
): Promise<void> {
  // An id of its own: the grant may have been for a connection that lives on.
  const orphan = newConnection(context, attempt, authorization, grant, newConnectionId(context))
  await context.storage.write((tables) => tables.revocations.enqueue(newRevocation(context, orphan)))
}

/** What would be stored of a grant. */
export function newConnection(
  context: Context,
  attempt: Attempt,
  authorization: Pick<AnyAuthorization, 'vendor'>,
  grant: KeptGrant,
  id: ConnectionId,
): Connection {
  const now = context.now()
  if (attempt.sourceId === null)
    throw new SpringbarError('server_error', 'An attempt that left has a source.')
  return {
    id,
    applicationId: attempt.applicationId,
    endUserId: attempt.endUserId,
    sourceId: attempt.sourceId,
    vendor: authorization.vendor,
    accountId: grant.accountId,
    shareKey: '',
    status: 'active',
    disconnectedBy: null,
    reauthReason: null,
    grantedScopes: grant.grantedScopes,
    missingScopes: grant.missingScopes,
    sealedTokens:
      grant.tokens && sealTokens(context, { applicationId: attempt.applicationId, id }, grant.tokens),
    accessExpiresAt: grant.accessExpiresAt,
    refreshExpiresAt: grant.refreshExpiresAt,
    version: 1,
    connectedAt: now,
    updatedAt: now,
    disconnectedAt: null,
  }
}
