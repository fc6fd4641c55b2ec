/**
 * What the broker asks of a database, one interface for each noun.
 *
 * @module storage — owns the semantics: what is atomic, what is unique, what a caller may rely on. It does not own
 * SQL (`sql/`) and never sees a secret: tokens arrive sealed, session tokens, states and codes hashed.
 *
 * Two rules hold for every method. A row is only found together with the application that it belongs to, except where
 * the unguessable value itself is the credential (a session's lookup, an attempt's id or state). And every instant is
 * epoch milliseconds, handed in by the caller: the database's clock is never asked.
 */
import type { ErasedRows } from '../model/deletion.ts'
import type { EndUser, EndUserProfile } from '../model/end-user.ts'
import type { Event } from '../model/event.ts'
import type { ApplicationId, EndUserId } from '../model/ids.ts'
import type { AppearancePreviews, Appearances } from './appearance-storage.ts'
import type { Attempts, HeldGrants, Sessions } from './attempt-storage.ts'
import type { AuditLog } from './audit-storage.ts'
import type { Clients, RedirectUris } from './client-storage.ts'
import type { Connections, History, Renewals } from './connection-storage.ts'
import type { Deletions, Revocations } from './ending-storage.ts'
import type { InboundNotifications, NotificationAddresses, Subscriptions } from './inbound-storage.ts'
import type { Devices, Pairings, Tallies } from './pairing-storage.ts'
import type { SealedValues } from './sealed-storage.ts'
import type { WebhookDeliveries, WebhookEndpoints } from './webhook-storage.ts'

export type { AppearanceChange, AppearancePreviews, Appearances } from './appearance-storage.ts'
export type { AttemptChange, Attempts, HeldGrants, Sessions } from './attempt-storage.ts'
export type { Clients, RedirectUris } from './client-storage.ts'
export type {
  ConnectionChange,
  Connections,
  History,
  RenewalChange,
  Renewals,
} from './connection-storage.ts'
export type { Deletions, Revocations, SentRequest } from './ending-storage.ts'
export type {
  InboundNotifications,
  NotificationAddresses,
  SubscriptionChange,
  Subscriptions,
} from './inbound-storage.ts'
export type { Devices, Pairings, Tallies } from './pairing-storage.ts'
export type { SealedValues } from './sealed-storage.ts'

/** A database, opened and migrated. */
export interface Storage {
  /**
   * Reads what is durable. Never sees a unit of work that has not been committed; sees each that `write` here has
   * resolved, and each that another process has committed in the next round of the event loop at the latest.
   */
  readonly read: Tables
  /**
   * Runs one unit of work: all of it is committed, or none. It resolves when the commit is durable, and rejects with
   * what the unit threw, or with `storage_unavailable` when the commit failed or too many units wait.
   * Units behave as if one ran after the other, so a unit may decide by what it reads. One in which the database
   * refused a statement is undone, also when the unit caught that error; only the `conflict` of a connection can be
   * caught and gone on from.
   * Inside a unit nothing but its tables may be awaited: other work shares its transaction on SQLite.
   * A unit may be run again when the database asks for it (a serialization failure), so it has no other effect.
   */
  readonly write: <T>(unit: (tables: Tables) => Promise<T>) => Promise<T>
  /**
   * Calls `listener` after each commit of this process that appended an event of the application. Other processes'
   * commits are not noticed. Gives what ends it.
   */
  readonly watchEvents: (applicationId: ApplicationId, listener: () => void) => () => void
  /** Resolves when the database answers; rejects otherwise. */
  readonly ping: () => Promise<void>
  /** Waits for open units, then closes. */
  readonly close: () => Promise<void>
}

/** All nouns. Those of `Storage.read` must not be used to write. */
export interface Tables {
  readonly endUsers: EndUsers
  readonly sessions: Sessions
  readonly attempts: Attempts
  readonly heldGrants: HeldGrants
  readonly connections: Connections
  readonly events: Events
  readonly revocations: Revocations
  readonly renewals: Renewals
  readonly history: History
  readonly inboundNotifications: InboundNotifications
  readonly notificationAddresses: NotificationAddresses
  readonly subscriptions: Subscriptions
  readonly redirectUris: RedirectUris
  readonly clients: Clients
  readonly appearances: Appearances
  readonly appearancePreviews: AppearancePreviews
  readonly webhookEndpoints: WebhookEndpoints
  readonly webhookDeliveries: WebhookDeliveries
  readonly pairings: Pairings
  readonly devices: Devices
  readonly tallies: Tallies
  readonly deletions: Deletions
  readonly sealedValues: SealedValues
  readonly audit: AuditLog
  readonly records: Records
}

export interface EndUsers {
  /**
   * Stores a new end user, unless the application already has one with this alias, and returns whom it has then.
   * 50 callers racing with one alias all get the same end user. Without an alias it always stores.
   */
  createOrGet(endUser: EndUser): Promise<EndUser>
  find(applicationId: ApplicationId, id: EndUserId): Promise<EndUser | null>
  findByAlias(applicationId: ApplicationId, alias: string): Promise<EndUser | null>
  /** Those of the ids that exist, in any order. */
  findMany(applicationId: ApplicationId, ids: readonly EndUserId[]): Promise<readonly EndUser[]>
  /** Changes the given fields only. False when there is no such end user. */
  updateProfile(
    applicationId: ApplicationId,
    id: EndUserId,
    profile: Partial<EndUserProfile>,
  ): Promise<boolean>
  /** Sets or moves the date of the deletion. False when there is no such end user. */
  queueDeletion(applicationId: ApplicationId, id: EndUserId, deleteAt: number): Promise<boolean>
  /** End users whose deletion is due, the longest overdue first. */
  dueForDeletion(now: number, limit: number): Promise<readonly EndUser[]>
  /**
   * Removes the end user and every row that names them: sessions, attempts, what is held for them,
   * connections with their sealed tokens, events, answers kept for repeated requests. Queued revocations stay; they name no person. Tells how much it removed; null when
   * there was no such end user.
   */
  erase(applicationId: ApplicationId, id: EndUserId): Promise<ErasedRows | null>
  /**
   * Everything that is stored about the end user beside their profile and connections, without credentials, digests and
   * what is sealed. None for nobody.
   */
  recordsOf(applicationId: ApplicationId, id: EndUserId): Promise<PersonalRecords>
}

/** Rows by the name of their table, with the model's names for their columns; instants are epoch milliseconds. */
export type PersonalRecords = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** An event with its place in the application's feed. */
export interface StoredEvent extends Event {
  /** Grows with every event of the database. */
  readonly sequence: number
}

export interface Events {
  append(event: Event): Promise<void>
  /** Events of one application after a place in its feed (0 for the beginning), in order. */
  list(applicationId: ApplicationId, after: number, limit: number): Promise<readonly StoredEvent[]>
  /** The id of the event that has this number, whichever application's it is; null when there is none. */
  idAt(sequence: number): Promise<string | null>
  /** Where the feed begins: the place of the last event that was forgotten, 0 while none was. */
  horizon(applicationId: ApplicationId): Promise<number>
  /** Of the `limit` oldest events of the whole database, those created before `before`. */
  expired(before: number, limit: number): Promise<readonly Pick<StoredEvent, 'applicationId' | 'sequence'>[]>
  /**
   * Removes an application's events up to and with a place, and moves its horizon there: whoever has read the feed
   * less far can be told so. Tells how many it removed.
   */
  forget(applicationId: ApplicationId, through: number): Promise<number>
}

/** What the first request with an `Idempotency-Key` asked, and was answered. */
export interface IdempotentAnswer {
  readonly requestHash: string
  /** Null while the first request is still under way. */
  readonly status: number | null
  readonly body: string | null
  readonly createdAt: number
}

/** Small things of the service itself. */
export interface Records {
  /** Stores a setting unless it exists, and returns what is stored then. */
  putSettingIfAbsent(name: string, value: string): Promise<string>
  replaceSetting(name: string, value: string): Promise<void>
  readSetting(name: string): Promise<string | null>
  /**
   * Claims an idempotency key for a request. Null when the caller is the first, else what is known of the first.
   * A claim made before `staleBefore` without an answer, or made before `expiredBefore`, is taken over.
   */
  claimIdempotencyKey(
    applicationId: ApplicationId,
    key: string,
    requestHash: string,
    now: number,
    staleBefore: number,
    expiredBefore: number,
  ): Promise<IdempotentAnswer | null>
  /** Stores the answer of a claimed key; a null status gives the key back. */
  answerIdempotencyKey(
    applicationId: ApplicationId,
    key: string,
    status: number | null,
    body: string | null,
  ): Promise<void>
  /** Removes answers made before `before`. */
  deleteIdempotencyKeys(before: number, limit: number): Promise<number>
}
