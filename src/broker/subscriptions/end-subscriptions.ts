import { errorName } from '../../errors.ts'
import type { Application, Client } from '../../model/application.ts'
import { isOAuth2 } from '../../model/source.ts'
import type { Subscription } from '../../model/subscription.ts'
import { unsubscribe, VendorError } from '../../oauth/index.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Context } from '../context.ts'
import { tellingAuthorization } from './notification-address.ts'
import { applicationsSharing } from './sharing-client.ts'
import { wantSubscriptions } from './want-subscriptions.ts'

/** What is left to do at a vendor after an application has lost its client there. */
export interface LeftAtVendor {
  /** Ends there what the vendor was to tell the whole application. Never rejects: one that cannot be ended is logged. */
  readonly end: () => Promise<void>
}

/**
 * Forgets, inside the unit that removes a client, what the vendor was to tell its whole application. What is told of single
 * people goes with their grants. Another application with the same client is told from now on.
 */
export async function forgetSubscriptions(
  context: Context,
  tables: Tables,
  { id, clients }: Application,
  vendor: string,
): Promise<LeftAtVendor> {
  const client = clients.get(vendor)
  const rows = await tables.subscriptions.listOf(id, vendor, null)
  await tables.subscriptions.removeAt(id, vendor)
  const heir =
    rows.length === 0 ? undefined : applicationsSharing(context, id, vendor).find((one) => one.id !== id)
  if (heir !== undefined)
    await wantSubscriptions(context, tables, { applicationId: heir.id, vendor, connectionId: null })
  return { end: () => endAll(context, client, rows) }
}

async function endAll(
  context: Context,
  client: Client | undefined,
  rows: readonly Subscription[],
): Promise<void> {
  if (client === undefined) return
  for (const row of rows)
    await end(context, client, row).catch((error: unknown) =>
      context.log.warn('a subscription stays at its vendor', {
        application: row.applicationId,
        vendor: row.vendor,
        cause: error instanceof VendorError ? error.cause : errorName(error),
      }),
    )
}

async function end(
  context: Context,
  client: Client,
  { vendor, remoteId, topic }: Subscription,
): Promise<void> {
  const authorization = tellingAuthorization(context, vendor)
  const remove = authorization?.notifications.subscription?.remove
  if (!authorization || !isOAuth2(authorization) || remove === undefined || remoteId === null) return
  const words = { notificationUri: '', verifyToken: '', topic, subscriptionId: remoteId }
  await unsubscribe(context, remove, { authorization, client, grant: null }, words)
}
