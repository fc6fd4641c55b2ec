/**
 * Whose a vendor account is, and what a new connection displaces.
 *
 * @module broker/connections — owns a connection between its trips: its place among others, its end here, the change
 * of a vendor's generation. Its tokens are in `tokens/`, the end at the vendor in `revocations/`.
 */

import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Connection } from '../../model/connection.ts'
import { type ConnectionId, newHexId } from '../../model/ids.ts'
import type { OutcomeError } from '../../model/result.ts'
import type { AnyTokens } from '../../oauth/index.ts'
import type { Tables } from '../../storage/storage.ts'
import { appendAudit } from '../audit/append-audit.ts'
import { subjectHashOf } from '../audit/deletion-receipt.ts'
import type { Context } from '../context.ts'
import { connectionEvent } from '../events/new-event.ts'
import { sealTokens } from '../sealing/sealed-tokens.ts'
import { wantSubscriptions } from '../subscriptions/want-subscriptions.ts'
import { scheduleRenewal } from '../tokens/renewal-schedule.ts'
import { accountPolicyOf } from './account-policy.ts'
import { endConnection } from './end-connection.ts'

/** Where a connection finds its place among those that live. */
export interface Place {
  /** The end user's connection to the same vendor account, which is repaired; null for a new one. */
  readonly own: Connection | null
  /** Those of other end users, who lose the account. */
  readonly losers: readonly Connection[]
  /** The end user's connections to other accounts of the source, which are replaced. */
  readonly replaced: readonly Connection[]
  /** See `Connection.shareKey`. */
  readonly shareKey: string
  /** All that the end user ever had of the source. */
  readonly before: readonly Connection[]
}

/** Why there is no place. */
export interface NoPlace {
  readonly error: OutcomeError
  readonly cause: string
}

/**
 * Looks for the place of a connection by the application's policies, inside the unit of work that takes it. A vendor
 * account that somebody else has connected moves, is refused, or is shared; another account of the end user's own is
 * replaced, or stays beside it.
 */
export async function findPlace(
  context: Context,
  tables: Tables,
  fresh: Connection,
): Promise<Place | NoPlace> {
  const { applicationId, endUserId, vendor, accountId, sourceId } = fresh
  const { onAccountTaken, accountsPerSource } = accountPolicyOf(context, fresh)
  const owners = await tables.connections.ownersOf(applicationId, vendor, accountId)
  const own = owners.find((owner) => owner.endUserId === endUserId) ?? null
  const others = owners.filter((owner) => owner.endUserId !== endUserId)
  // Who has the account already keeps it, whatever became the rule since.
  if (onAccountTaken === 'refuse' && own === null && others.length > 0)
    return { error: 'account_in_use', cause: 'account_taken' }
  const listed = own === null ? await tables.connections.listOf(applicationId, [endUserId]) : []
  const before = listed.filter((one) => one.sourceId === sourceId)
  const living = before.filter(({ status }) => status !== 'disconnected')
  const keepsOthers = accountsPerSource === 'several'
  if (keepsOthers && living.length >= limits.accountsPerSource)
    return { error: 'source_not_available', cause: 'too_many_accounts' }
  return {
    own,
    losers: onAccountTaken === 'move' ? others : [],
    replaced: keepsOthers ? [] : living,
    shareKey: onAccountTaken === 'share' ? endUserId : '',
    before,
  }
}

/** Stores the connection, or repairs the one that is there, after those who lose by it were told. Gives its id. */
export async function takePlace(
  context: Context,
  tables: Tables,
  fresh: Connection,
  { own, losers, replaced, shareKey, before }: Place,
  tokens: AnyTokens | null,
): Promise<ConnectionId> {
  const causeId = newHexId(context.random)
  for (const loser of losers) {
    // The vendor account itself lives on under its new owner, so nothing is revoked there.
    await endConnection(context, tables, loser, { by: 'displaced', causeId, revoke: false })
    await noteMove(context, tables, loser, fresh)
  }
  for (const other of replaced)
    await endConnection(context, tables, other, { by: 'replaced', causeId, revoke: true })
  const joined = losers.length + replaced.length === 0 ? {} : { causeId }
  if (own !== null) return repair(context, tables, own, fresh, tokens)
  await tables.connections.insert({ ...fresh, shareKey })
  await scheduleRenewal(context, tables, fresh, tokens)
  await wantSubscriptions(context, tables, { ...fresh, connectionId: fresh.id })
  await noteManyAccounts(context, tables, before, fresh)
  await tables.events.append(
    await connectionEvent(context, tables, 'notification.source.connect', fresh, joined),
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
  await appendAudit(context, tables, {
    ...common,
    action: 'connection.lose-account',
    object: subjectHashOf(context, owner.endUserId),
  })
  await appendAudit(context, tables, {
    ...common,
    action: 'connection.take-account',
    object: subjectHashOf(context, fresh.endUserId),
  })
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
  await appendAudit(context, tables, {
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
  tokens: AnyTokens | null,
): Promise<ConnectionId> {
  const repaired = await tables.connections.update(current.applicationId, current.id, current.version, {
    status: 'active',
    reauthReason: null,
    grantedScopes: fresh.grantedScopes,
    missingScopes: fresh.missingScopes,
    sealedTokens: tokens && sealTokens(context, current, tokens),
    accessExpiresAt: fresh.accessExpiresAt,
    refreshExpiresAt: fresh.refreshExpiresAt,
    updatedAt: fresh.updatedAt,
  })
  if (!repaired) throw new SpringbarError('conflict', 'The connection changed meanwhile.')
  await scheduleRenewal(context, tables, { ...fresh, id: current.id }, tokens)
  await wantSubscriptions(context, tables, { ...current, connectionId: current.id })
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
