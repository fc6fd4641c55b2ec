import { errorName } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Client } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import type { Authorization } from '../../model/source.ts'
import { type RefreshedGrant, requestedScopes, type Tokens } from '../../oauth/index.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Context } from '../context.ts'
import { connectionEvent } from '../events/new-event.ts'
import { noteHistory } from '../events/note-history.ts'
import { newRevocation } from '../revocations/new-revocation.ts'
import { openTokens, sealTokens } from '../sealing/sealed-tokens.ts'
import { newRenewal, renewalDueAt } from './renewal-schedule.ts'

type Renewed = Pick<
  Connection,
  'accessExpiresAt' | 'refreshExpiresAt' | 'grantedScopes' | 'missingScopes'
> & {
  readonly sealedTokens: string
}

/**
 * Stores the new pair, whoever holds the turn by now: it exists nowhere else, so a database that does not answer is asked
 * again for as long as `limits.renewalStoreMs`. The tokens that were sent are the fence: the pair goes into the row only
 * while they stand there. Tokens of a connection that was ended or erased meanwhile are ended at the vendor instead; those
 * of one that was connected anew are of no use to anybody. True when the pair is what is stored.
 */
export function storeRenewed(
  context: Context,
  connection: Connection,
  { authorization, client }: { readonly authorization: Authorization; readonly client: Client },
  refreshed: RefreshedGrant,
): Promise<boolean> {
  const { accessExpiresAt, refreshExpiresAt, tokens } = refreshed
  const renewed: Renewed = {
    sealedTokens: sealTokens(context, connection, withExtras(context, connection, tokens)),
    accessExpiresAt,
    refreshExpiresAt,
    ...scopesAfter(connection, refreshed, requestedScopes(authorization, client)),
  }
  const dueAt = renewalDueAt(context, refreshed, authorization.refresh.earlySeconds)
  return insist(context, connection, (tables) => store(context, tables, connection, renewed, dueAt))
}

async function store(
  context: Context,
  tables: Tables,
  connection: Connection,
  renewed: Renewed,
  dueAt: number | null,
): Promise<boolean> {
  const current = await tables.connections.find(connection.applicationId, connection.id)
  if (current === null || current.status === 'disconnected') {
    await tables.revocations.enqueue(newRevocation(context, { ...connection, ...renewed }))
    return false
  }
  // A commit whose confirmation was lost.
  if (current.sealedTokens === renewed.sealedTokens) return true
  if (current.sealedTokens !== connection.sealedTokens) return false
  await tables.connections.update(current.applicationId, current.id, current.version, {
    ...renewed,
    status: 'active',
    reauthReason: null,
    updatedAt: context.now(),
  })
  await noteHistory(context, tables, current, 'renewed')
  // Whatever was believed of the grant, it lives. That was said by another answer of the vendor, so it is asked at once.
  const isRepair = current.status === 'needs_reauth'
  if (isRepair)
    await tables.events.append(await connectionEvent(context, tables, 'connection.repaired', current))
  if (!isSame(current.grantedScopes, renewed.grantedScopes)) {
    const { grantedScopes, missingScopes } = renewed
    await tables.events.append(
      await connectionEvent(context, tables, 'connection.scopes_changed', current, {
        grantedScopes,
        missingScopes,
      }),
    )
  }
  if (isRepair) await tables.renewals.put(newRenewal(current, context.now()))
  else if (dueAt === null) await tables.renewals.remove(current.applicationId, current.id)
  else await tables.renewals.put(newRenewal(current, dueAt))
  return true
}

/** Runs a unit again until it is committed, its time is over, or the process ends. */
async function insist<T>(
  context: Context,
  { id }: Connection,
  unit: (tables: Tables) => Promise<T>,
): Promise<T> {
  const until = context.now() + limits.renewalStoreMs
  const { first, max } = limits.renewalStoreWaitMs
  for (let waitMs: number = first; ; waitMs = Math.min(waitMs * 2, max)) {
    try {
      return await context.storage.write(unit)
    } catch (error) {
      if (context.now() >= until) throw error
      context.log.error('new tokens could not be stored yet', { connection: id, error: errorName(error) })
      await context.wait(waitMs)
    }
  }
}

/** What an answer leaves out is as it was (RFC 6749 §6). */
function scopesAfter(
  { grantedScopes, missingScopes }: Connection,
  refreshed: RefreshedGrant,
  requested: readonly string[],
): Pick<Connection, 'grantedScopes' | 'missingScopes'> {
  const told = refreshed.grantedScopes
  if (told === null || isSame(told, grantedScopes)) return { grantedScopes, missingScopes }
  return { grantedScopes: told, missingScopes: requested.filter((scope) => !told.includes(scope)) }
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted())

/** What is sealed beside the tokens and comes with no answer. */
function withExtras(context: Context, connection: Connection, tokens: Tokens): Tokens {
  if (connection.sealedTokens === null) return tokens
  const { extras } = openTokens(context, connection, connection.sealedTokens)
  return extras === undefined ? tokens : { ...tokens, extras }
}
