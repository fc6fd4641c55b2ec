import { SpringbarError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Attempt } from '../model/attempt.ts'
import type { Connection } from '../model/connection.ts'
import type { HeldGrant } from '../model/held-grant.ts'
import { asConnectionId, type ConnectionId, newHexId } from '../model/ids.ts'
import type { AnyAuthorization } from '../model/source.ts'
import type { AnyGrant, AnyTokens } from '../oauth/index.ts'
import type { Tables } from '../storage/storage.ts'
import type { Context } from './context.ts'
import { endConnection } from './end-connection.ts'
import { connectionEvent, failureEvent } from './new-event.ts'
import { newRevocation } from './new-revocation.ts'
import { scheduleRenewal } from './renewal-schedule.ts'
import { sealTokens } from './sealed-tokens.ts'
import { writeAgain } from './write-again.ts'

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
}

/**
 * Makes a connection of a grant, in one transaction with its events and the attempt's end: all of it is durable when
 * this resolves, or none. When the right to connect was lost on the way, the grant goes to the revocation queue. When
 * the person has to be asked first, the grant is held and the attempt is `pending`.
 */
export async function keepGrant(
  context: Context,
  attempt: Attempt,
  authorization: Pick<AnyAuthorization, 'vendor'>,
  grant: KeptGrant,
  { connectionId = newConnectionId(context), ...keeping }: Keeping = {},
): Promise<Attempt> {
  const fresh = newConnection(context, attempt, authorization, grant, connectionId)
  return writeAgain(context, (tables) => keep(context, tables, attempt, fresh, grant, keeping))
}

/** An id for a connection that is to be. */
export const newConnectionId = ({ random }: Pick<Context, 'random'>): ConnectionId =>
  asConnectionId(newHexId(random))

/** As {@link keepGrant}, within a unit of work that does more. The attempt must be `exchanging`. */
export async function keep(
  context: Context,
  tables: Tables,
  attempt: Attempt,
  fresh: Connection,
  grant: KeptGrant,
  { from = 'exchanging', holdBeforeMoving = null }: Omit<Keeping, 'connectionId'> = {},
): Promise<Attempt> {
  const session = await tables.sessions.find(attempt.sessionLookup)
  const endUser = await tables.endUsers.find(attempt.applicationId, attempt.endUserId)
  const mayConnect = session?.endedAt === null && endUser?.deleteAt === null
  if (mayConnect && holdBeforeMoving !== null) {
    const owner = await tables.connections.findOwner(fresh.applicationId, fresh.vendor, fresh.accountId)
    if (owner !== null && owner.endUserId !== fresh.endUserId) return holdGrant(tables, holdBeforeMoving())
  }
  if (from === 'pending') await tables.heldGrants.settle(attempt.id)
  const connectionId = mayConnect ? await connect(context, tables, fresh, grant) : null
  if (!mayConnect && fresh.sealedTokens !== null)
    await tables.revocations.enqueue(newRevocation(context, fresh))
  const finished = await tables.attempts.transition(attempt.id, from, {
    status: mayConnect ? 'done' : 'failed',
    connected: mayConnect,
    error: mayConnect ? null : 'session_expired',
    cause: mayConnect ? null : 'session_ended',
    connectionId,
    finishedAt: context.now(),
  })
  // Swept away as overdue: the person was told that it failed, so nothing may be connected.
  if (finished === null)
    throw new SpringbarError('attempt_expired', 'The attempt ended before the grant was stored.')
  if (!mayConnect) await tables.events.append(await failureEvent(context, tables, finished))
  return finished
}

/** Sets an attempt that is back from the vendor waiting for somebody's word. Throws `attempt_expired` when it has ended. */
export async function holdGrant(tables: Tables, held: HeldGrant): Promise<Attempt> {
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

/** Stores the connection, or repairs the one that is there; moves the vendor account if another end user holds it. */
async function connect(
  context: Context,
  tables: Tables,
  fresh: Connection,
  grant: KeptGrant,
): Promise<Connection['id']> {
  const owner = await tables.connections.findOwner(fresh.applicationId, fresh.vendor, fresh.accountId)
  if (owner !== null && owner.endUserId === fresh.endUserId)
    return repair(context, tables, owner, fresh, grant)
  const history = (await tables.connections.listOf(fresh.applicationId, [fresh.endUserId])).filter(
    ({ sourceId }) => sourceId === fresh.sourceId,
  )
  const others = history.filter(({ status }) => status !== 'disconnected')
  const causeId = newHexId(context.random)
  // The vendor account itself lives on under its new owner, so nothing is revoked there.
  if (owner !== null) {
    await endConnection(context, tables, owner, { by: 'displaced', causeId, revoke: false })
    await noteMove(context, tables, owner, fresh)
  }
  for (const other of others)
    await endConnection(context, tables, other, { by: 'replaced', causeId, revoke: true })
  await tables.connections.insert(fresh)
  await scheduleRenewal(context, tables, fresh, grant.tokens)
  await noteManyAccounts(context, tables, history, fresh)
  const detail = owner === null && others.length === 0 ? {} : { causeId }
  await tables.events.append(
    await connectionEvent(context, tables, 'notification.source.connect', fresh, detail),
  )
  return fresh.id
}

/** Both end users of a vendor account that moved stand in the audit log, the one who lost it first. */
async function noteMove(
  context: Context,
  tables: Tables,
  owner: Connection,
  fresh: Connection,
): Promise<void> {
  const { applicationId } = fresh
  const common = {
    at: context.now(),
    actor: 'end-user',
    applicationId,
    result: 'ok',
    requestId: null,
  } as const
  await tables.records.appendAudit({ ...common, action: 'connection.lose-account', object: owner.endUserId })
  await tables.records.appendAudit({ ...common, action: 'connection.take-account', object: fresh.endUserId })
}

/** One end user who collects other people's accounts looks like this: many of one source within a day. */
async function noteManyAccounts(
  context: Context,
  tables: Tables,
  history: readonly Connection[],
  fresh: Connection,
): Promise<void> {
  const since = fresh.connectedAt - limits.accountsCountedMs
  const recent = history.filter(({ connectedAt }) => connectedAt > since)
  const accounts = new Set([...recent, fresh].map(({ vendor, accountId }) => `${vendor} ${accountId}`))
  if (accounts.size <= limits.accountsPerDay) return
  await tables.records.appendAudit({
    at: context.now(),
    actor: 'system',
    applicationId: fresh.applicationId,
    action: 'connection.suspicious',
    object: fresh.id,
    result: 'ok',
    requestId: null,
  })
}

/** The same person connected the same vendor account again: the connection stays, with new tokens. */
async function repair(
  context: Context,
  tables: Tables,
  current: Connection,
  fresh: Connection,
  grant: KeptGrant,
): Promise<Connection['id']> {
  const repaired = await tables.connections.update(current.applicationId, current.id, current.version, {
    status: 'active',
    reauthReason: null,
    grantedScopes: fresh.grantedScopes,
    missingScopes: fresh.missingScopes,
    sealedTokens: grant.tokens && sealTokens(context, current, grant.tokens),
    accessExpiresAt: fresh.accessExpiresAt,
    refreshExpiresAt: fresh.refreshExpiresAt,
    updatedAt: fresh.updatedAt,
  })
  if (!repaired) throw new SpringbarError('conflict', 'The connection changed meanwhile.')
  await scheduleRenewal(context, tables, { ...fresh, id: current.id }, grant.tokens)
  await tables.events.append(await connectionEvent(context, tables, 'connection.repaired', current))
  const { grantedScopes, missingScopes } = fresh
  if (!isSameSet(current.grantedScopes, grantedScopes) || !isSameSet(current.missingScopes, missingScopes))
    await tables.events.append(
      await connectionEvent(context, tables, 'connection.scopes_changed', current, {
        grantedScopes,
        missingScopes,
      }),
    )
  return current.id
}

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((scope) => other.includes(scope))

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
