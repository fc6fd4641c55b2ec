/**
 * What the storage keeps of outbound webhooks: endpoints with their secrets, and deliveries. A part of `storage.ts`,
 * whose rules hold here too.
 *
 * Deliveries of one endpoint run in lanes. A lane exists while something in it is pending, and a worker that wants to
 * deliver leases the whole lane, so that its deliveries are made one after the other and by one worker.
 */
import type { Event, EventType } from '../model/event.ts'
import type { ApplicationId } from '../model/ids.ts'
import type { Delivery, DisabledReason, WebhookEndpoint, WebhookSecret } from '../model/webhook.ts'

/** What may change on an endpoint. */
export type WebhookEndpointChange = Partial<
  Omit<WebhookEndpoint, 'id' | 'applicationId' | 'position' | 'createdAt'>
>

/** Where applications are told, and how far each has read its application's feed. */
export interface WebhookEndpoints {
  /**
   * Stores an endpoint, at the end of its application's feed whatever its `position` says: it is told what happens
   * from its commit on. Rejects with `conflict` when the application has one with this URL.
   */
  insert(endpoint: WebhookEndpoint): Promise<void>
  find(applicationId: ApplicationId, id: string): Promise<WebhookEndpoint | null>
  findByUrl(applicationId: ApplicationId, url: string): Promise<WebhookEndpoint | null>
  /** Oldest first. */
  list(applicationId: ApplicationId): Promise<readonly WebhookEndpoint[]>
  /** All that the configuration manages, of every application. */
  listConfigured(): Promise<readonly WebhookEndpoint[]>
  /** How many are switched off, by the reason, of every application. */
  countDisabled(): Promise<ReadonlyMap<DisabledReason, number>>
  /** Sets the given fields. False when there is none; rejects with `conflict` when another one has that URL. */
  update(applicationId: ApplicationId, id: string, change: WebhookEndpointChange): Promise<boolean>
  /** Takes it away with its secrets: it is found no more. `purge` removes what is left. False when there is none. */
  remove(applicationId: ApplicationId, id: string): Promise<boolean>
  /** Removes up to `limit` deliveries of removed endpoints, and those that have none any more. Tells how many rows. */
  purge(limit: number): Promise<number>
  /** The enabled ones with an event that is not queued yet, or with a lane that is due while nothing is paused. */
  busy(now: number): Promise<readonly WebhookEndpoint[]>
  addSecret(secret: WebhookSecret): Promise<void>
  /** Replaces the sealed form of a secret, for a key that was changed. False when there is none. */
  resealSecret(endpointId: string, id: string, sealedSecret: string): Promise<boolean>
  /** False when it has no such secret. */
  removeSecret(endpointId: string, id: string): Promise<boolean>
  /** The live ones, the older first. */
  secretsOf(endpointId: string): Promise<readonly WebhookSecret[]>
}

/** A delivery with what it tells; null when the event is not kept any more. */
export interface PendingDelivery extends Delivery {
  readonly event: Event | null
}

/** A lane of one endpoint, held by a worker. `owner` is new with every lease. */
export interface HeldLane {
  readonly endpointId: string
  readonly lane: string
  readonly owner: string
}

/** The events of an application to be told again: from `from` to before `to`, about `limit` of them. */
export interface ReplayWish {
  readonly from: number
  readonly to: number
  readonly limit: number
}

/** What was queued again. */
export interface Replayed {
  readonly queued: number
  /** Where to go on from; null when nothing is left. */
  readonly continueFrom: number | null
}

/** What waits at a moment. */
export interface WebhookBacklog {
  readonly pending: number
  /** When the oldest of the pending ones was queued; null when nothing is pending. */
  readonly oldestAt: number | null
}

/** Events on their way to endpoints. */
export interface WebhookDeliveries {
  /**
   * Queues the next up to `limit` events behind the endpoint's position, leaving out the types that it does not want,
   * and moves the position on. Each event is queued once, whoever else calls this. Tells how many events it passed.
   */
  queue(endpoint: WebhookEndpoint, types: readonly EventType[], now: number, limit: number): Promise<number>
  /** Queues events of these types again, whether they were delivered or not, with all their tries before them. */
  replay(
    endpoint: WebhookEndpoint,
    types: readonly EventType[],
    now: number,
    wish: ReplayWish,
  ): Promise<Replayed>
  /** The same for one event. False when the application has none with this id and one of these types. */
  replayEvent(
    endpoint: WebhookEndpoint,
    types: readonly EventType[],
    now: number,
    eventId: string,
  ): Promise<boolean>
  /** Takes up to `limit` lanes that are due and that nobody holds, and holds them until `until`. */
  lease(
    endpointId: string,
    owner: string,
    now: number,
    until: number,
    limit: number,
  ): Promise<readonly HeldLane[]>
  /** The pending deliveries of a lane, in order. */
  pending(endpointId: string, lane: string, limit: number): Promise<readonly PendingDelivery[]>
  /** Writes the outcome of a try, only while the lane is held. False otherwise. */
  settle(
    held: HeldLane,
    sequence: number,
    change: Pick<Delivery, 'status' | 'tries' | 'attempts' | 'finishedAt'>,
  ): Promise<boolean>
  /** Gives a lane back: it ends when nothing in it is pending, and is due at `nextTryAt` otherwise. */
  release(held: HeldLane, nextTryAt: number): Promise<void>
  /** Makes every lane of an endpoint due now that nobody holds. */
  hurry(endpointId: string, now: number): Promise<void>
  /** Deliveries before a place in the feed, the newest first; of one status, or of all. */
  list(
    applicationId: ApplicationId,
    endpointId: string,
    of: { readonly status: Delivery['status'] | null; readonly before: number; readonly limit: number },
  ): Promise<readonly Delivery[]>
  /** What waits to be delivered to endpoints that are on, of every application. */
  backlog(): Promise<WebhookBacklog>
  /** Removes up to `limit` deliveries that ended before `before`, and tells how many. */
  deleteFinished(before: number, limit: number): Promise<number>
}
