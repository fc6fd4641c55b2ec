import { limits } from '../../limits.ts'
import type { Connection } from '../../model/connection.ts'
import type { Renewal } from '../../model/renewal.ts'
import { isOAuth2 } from '../../model/source.ts'
import type { AnyTokens } from '../../oauth/index.ts'
import type { Tables } from '../../storage/storage.ts'
import { authorizationAt } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'

type Expiry = Pick<Connection, 'accessExpiresAt' | 'refreshExpiresAt'>

/** Between 0 and 1, in 65,536 steps: plenty to spread work. */
function chance({ random }: Pick<Context, 'random'>): number {
  const [high = 0, low = 0] = random(2)
  return (high * 256 + low) / 65_535
}

/**
 * When the background renews tokens that were given out now: ahead of the access token's end by a tenth of its life, at
 * least ten minutes but no more than a quarter, give or take a fifth, so that those who connected in one minute are not
 * renewed in one. And always while the refresh token itself has a quarter of its life left, for those who never expire
 * otherwise. Null when there is nothing that could run out.
 */
export function renewalDueAt(
  context: Pick<Context, 'now' | 'random'>,
  { accessExpiresAt, refreshExpiresAt }: Expiry,
  earlySeconds = 0,
): number | null {
  const now = context.now()
  const spread = 0.8 + 0.4 * chance(context)
  const ahead = (expiresAt: number, atLeastMs: number, share: number, atMost: number) => {
    const life = Math.max(0, expiresAt - now)
    return expiresAt - Math.min(Math.max(life * share, atLeastMs) * spread, life * atMost)
  }
  const ofAccess =
    accessExpiresAt === null
      ? null
      : ahead(accessExpiresAt, Math.max(limits.renewalAheadMs, earlySeconds * 1_000), 0.1, 0.25)
  const ofRefresh = refreshExpiresAt === null ? null : ahead(refreshExpiresAt, 0, 0.25, 0.5)
  const due = [ofAccess, ofRefresh].filter((one) => one !== null)
  return due.length === 0 ? null : Math.round(Math.min(...due))
}

/**
 * Sets the renewal of a connection's new grant, inside the unit that stores it. One without a refresh token is looked at
 * when its access token ends, to say so; one that never runs out has none.
 */
export async function scheduleRenewal(
  context: Pick<Context, 'now' | 'random' | 'sources'>,
  tables: Tables,
  connection: Pick<Connection, 'id' | 'applicationId' | 'vendor'> & Expiry,
  tokens: Pick<AnyTokens, 'refreshToken'> | null,
): Promise<void> {
  const isRenewable = tokens !== null && tokens.refreshToken !== null
  const ofAccess = tokens === null ? null : connection.accessExpiresAt
  const authorization = authorizationAt(context.sources, connection.vendor)
  const early = authorization && isOAuth2(authorization) ? authorization.refresh.earlySeconds : undefined
  const dueAt = isRenewable ? renewalDueAt(context, connection, early) : ofAccess
  if (dueAt === null) await tables.renewals.remove(connection.applicationId, connection.id)
  else await tables.renewals.put(newRenewal(connection, dueAt))
}

/** A renewal that nobody has touched. */
export const newRenewal = (
  { id, applicationId, vendor }: Pick<Connection, 'id' | 'applicationId' | 'vendor'>,
  dueAt: number,
): Renewal => ({
  connectionId: id,
  applicationId,
  vendor,
  dueAt,
  leaseOwner: null,
  leaseUntil: null,
  isOpen: false,
  tries: 0,
  refusedAt: null,
  cause: null,
})

/** A wait, and up to as much again, so that those who wait for the same do not come back together. */
export const renewalSpreadMs = (context: Pick<Context, 'random'>, waitMs: number): number =>
  Math.round(waitMs * (1 + chance(context)))

/** Wait after so many failures in a row: doubled each time up to the limit, then anywhere below it (full jitter). */
export function renewalBackoffMs(context: Pick<Context, 'random'>, tries: number, askedMs = 0): number {
  const { first, max } = limits.renewalBackoffMs
  const full = Math.min(max, first * 2 ** Math.min(tries, 30))
  return Math.max(askedMs, Math.round(full * (0.1 + 0.9 * chance(context))))
}
