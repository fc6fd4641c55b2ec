import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Connection } from '../../model/connection.ts'
import { newHexId } from '../../model/ids.ts'
import { isOAuth2 } from '../../model/source.ts'
import { asksAccount, findAccountAgain, VendorError } from '../../oauth/index.ts'
import type { Tables } from '../../storage/storage.ts'
import { authorizationOf } from '../catalogue/find-source.ts'
import { endConnection } from '../connections/end-connection.ts'
import { applicationOf, type Context } from '../context.ts'
import { openTokens } from '../sealing/sealed-tokens.ts'
import { renewTokens } from '../tokens/renew-tokens.ts'
import { newRenewal } from '../tokens/renewal-schedule.ts'
import { writeAgain } from '../write-again.ts'

/** What came of a vendor's word about one connection. */
export type Heard =
  | { readonly kind: 'done' }
  /** The vendor cannot be asked now. */
  | { readonly kind: 'again'; readonly cause: string; readonly retryAfterMs: number }

/** Heard, and nothing is left to do. */
export const DONE: Heard = Object.freeze({ kind: 'done' })

/** To be heard once more, after a wait. */
export const again = (cause: string, retryAfterMs = 0): Heard => ({ kind: 'again', cause, retryAfterMs })

/**
 * Ends a connection whose vendor says that the person removed the application there. It is believed when the vendor's own
 * token endpoint, or the call for the account, says the same: a notification may be forged, old or late, and the person may
 * have connected again since. Where there is nothing to ask, one that proved itself counts. The tokens are destroyed,
 * nothing is sent to the vendor, and one event tells it.
 */
export async function endRemoved(context: Context, named: Connection, isAuthentic: boolean): Promise<Heard> {
  const connection = await context.storage.read.connections.find(named.applicationId, named.id)
  if (connection === null || connection.status === 'disconnected') return DONE
  // Its grant is dead already, whatever was thought to be the reason.
  if (connection.status === 'needs_reauth' || connection.sealedTokens === null)
    return end(context, connection)
  const application = applicationOf(context, connection.applicationId)
  const known =
    application && authorizationOf(context.sources, application, connection.sourceId, connection.vendor)
  if (!known) return again('no_client')
  const { authorization, client } = known
  if (!isOAuth2(authorization))
    return isAuthentic ? end(context, connection) : unconfirmed(context, connection)
  const tokens = openTokens(context, connection, connection.sealedTokens)
  if (tokens.refreshToken !== null) return confirmByRefresh(context, connection)
  if (!asksAccount(authorization))
    return isAuthentic ? end(context, connection) : unconfirmed(context, connection)
  try {
    await findAccountAgain(context, authorization, client, tokens)
    return DONE
  } catch (error) {
    if (!(error instanceof VendorError)) throw error
    if (error.kind === 'rejected' && error.status === 401) return end(context, connection)
    return again(error.cause, (error.retryAfterSeconds ?? 0) * 1_000)
  }
}

function unconfirmed(context: Context, { id, vendor }: Connection): Heard {
  context.log.warn('a removal that nobody can confirm was left alone', { connection: id, vendor })
  return DONE
}

/** Asks for new tokens: a dead grant gives none. It is ended in the unit that would have made it `needs_reauth`. */
async function confirmByRefresh(context: Context, connection: Connection): Promise<Heard> {
  const { applicationId, id } = connection
  const owner = newHexId(context.random)
  const turn = await context.storage.write(async (tables) => {
    const now = context.now()
    if ((await tables.renewals.find(applicationId, id)) === null)
      await tables.renewals.put(newRenewal(connection, now))
    return tables.renewals.take(applicationId, id, owner, now, now + limits.renewalLeaseMs)
  })
  if (turn === null) return again('renewal_in_progress')
  const outcome = await renewTokens(context, turn, (tables, current) => endInUnit(context, tables, current))
  if (outcome.kind === 'failed') return again(outcome.cause, outcome.retryAfterMs)
  // Somebody else's renewal was faster: what it found out stands in the row.
  return outcome.kind === 'not-needed' ? again('renewal_in_progress') : DONE
}

const endInUnit = (context: Context, tables: Tables, connection: Connection): Promise<void> =>
  endConnection(context, tables, connection, { by: 'vendor', causeId: null, revoke: false })

/** Ends it as it was judged, or not at all: who connected again meanwhile has a new grant. */
async function end(context: Context, judged: Connection): Promise<Heard> {
  return writeAgain(context, async (tables) => {
    const current = await tables.connections.find(judged.applicationId, judged.id)
    if (current === null || current.status === 'disconnected') return DONE
    if (current.sealedTokens !== judged.sealedTokens || current.status !== judged.status)
      return again('changed_meanwhile')
    await endInUnit(context, tables, current)
    return DONE
  }).catch((error: unknown) => {
    if (error instanceof SpringbarError && error.code === 'conflict') return again('changed_meanwhile')
    throw error
  })
}
