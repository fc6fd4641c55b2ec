/** What the storage keeps of vendors' notifications. A part of `storage.ts`, whose rules hold here too. */
import type { ApplicationId, ConnectionId } from '../model/ids.ts'
import type { InboundNotification, NotificationAddress } from '../model/inbound.ts'
import type { Subscription, SubscriptionTally } from '../model/subscription.ts'

/** What may change on a notification when it is given back. */
export type InboundChange = Partial<
  Pick<InboundNotification, 'status' | 'nextTryAt' | 'cause' | 'finishedAt' | 'sealedBody'>
>

/** What vendors told, until it is processed. */
export interface InboundNotifications {
  /** Stores one, unless its application has one of this vendor with the same key: false then, and nothing is stored. */
  insert(notification: InboundNotification): Promise<boolean>
  find(applicationId: ApplicationId, id: string): Promise<InboundNotification | null>
  /**
   * Takes up to `limit` pending ones that are due and that nobody holds, the longest waiting first, counts the try, and
   * holds them until `until`. Two workers never get the same. `owner` is new with every call.
   */
  lease(owner: string, now: number, until: number, limit: number): Promise<readonly InboundNotification[]>
  /** Writes what came of a try and gives it back, only while `owner` holds it. False otherwise. */
  settle(id: string, owner: string, change: InboundChange): Promise<boolean>
  /** Removes up to `limit` that came before `before`, whatever their status, and tells how many. */
  deleteOld(before: number, limit: number): Promise<number>
}

/** The addresses that vendors were told to notify. */
export interface NotificationAddresses {
  find(applicationId: ApplicationId, vendor: string): Promise<NotificationAddress | null>
  listOf(applicationId: ApplicationId): Promise<readonly NotificationAddress[]>
  /** Stores it, instead of the one that there was. */
  put(address: NotificationAddress): Promise<void>
}

/** What may change on a subscription when it is given back. */
export type SubscriptionChange = Partial<
  Pick<Subscription, 'status' | 'remoteId' | 'generation' | 'expiresAt' | 'dueAt' | 'tries' | 'cause'>
>

/** What vendors are to be asked to notify of, and what came of it. */
export interface Subscriptions {
  /** Stores the wish, or makes the one that is there due at `dueAt`, when it has not been fulfilled. */
  want(subscription: Subscription): Promise<void>
  /** Those of one connection, or with null those of the whole application at this vendor. */
  listOf(
    applicationId: ApplicationId,
    vendor: string,
    connectionId: ConnectionId | null,
  ): Promise<readonly Subscription[]>
  tally(applicationId: ApplicationId): Promise<readonly SubscriptionTally[]>
  /** As `Renewals.takeDue`. */
  lease(owner: string, now: number, until: number, limit: number): Promise<readonly Subscription[]>
  /** Writes what came of a try and gives it back, only while `owner` holds it. False otherwise. */
  settle(id: string, owner: string, change: SubscriptionChange): Promise<boolean>
  /** Makes every one of the application at this vendor due. */
  hurry(applicationId: ApplicationId, vendor: string, now: number): Promise<void>
  /** Removes those of a connection. */
  removeOf(applicationId: ApplicationId, connectionId: ConnectionId): Promise<void>
  /** Removes those of the whole application at one vendor; those of its connections stay. */
  removeAt(applicationId: ApplicationId, vendor: string): Promise<void>
}
