import { auditByApplication } from '../broker/audit/append-audit.ts'
import type { Context } from '../broker/context.ts'
import { SpringbarError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Application } from '../model/application.ts'
import { isHexId } from '../model/ids.ts'
import type { Delivery } from '../model/webhook.ts'
import type { Replayed } from '../storage/webhook-storage.ts'
import { requireEndpoint } from './find-endpoint.ts'
import { wantedTypes } from './wanted-types.ts'

/** Which deliveries, from the newest on. */
export interface DeliveriesWanted {
  readonly status: Delivery['status'] | null
  /** The place of the last one of the page before; null for the first page. */
  readonly before: number | null
  readonly limit: number
}

/** Deliveries of one endpoint, the newest first. Throws `not_found`. */
export async function listDeliveries(
  { storage }: Context,
  application: Application,
  endpointId: string,
  { status, before, limit }: DeliveriesWanted,
): Promise<readonly Delivery[]> {
  await requireEndpoint(storage.read, application, endpointId)
  return storage.read.webhookDeliveries.list(application.id, endpointId, {
    status,
    before: before ?? Number.MAX_SAFE_INTEGER,
    limit,
  })
}

/** What to tell again: one event by its id, or those from an instant to before another. */
export type Replay = { readonly eventId: string } | { readonly from: number; readonly to: number }

/**
 * Queues events again, delivered before or not, with the same ids: those that the endpoint wants. Of a long time a part is
 * taken, and `continueFrom` says where to go on. Throws `not_found`.
 */
export async function replay(
  context: Context,
  application: Application,
  endpointId: string,
  wish: Replay,
): Promise<Replayed> {
  return context.storage.write(async (tables) => {
    const endpoint = await requireEndpoint(tables, application, endpointId)
    const { webhookDeliveries } = tables
    const [types, now] = [wantedTypes(endpoint), context.now()]
    await auditByApplication(context, tables, application, 'webhook.replay', endpointId)
    if (!('eventId' in wish)) {
      const limit = limits.webhookReplayEvents
      return webhookDeliveries.replay(endpoint, types, now, { ...wish, limit })
    }
    const { eventId } = wish
    if (!isHexId(eventId) || !(await webhookDeliveries.replayEvent(endpoint, types, now, eventId)))
      throw new SpringbarError('not_found', 'There is no event with this id that this endpoint wants.')
    return { queued: 1, continueFrom: null }
  })
}
