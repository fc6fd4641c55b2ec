import type { DisconnectedBy } from './connection.ts'
import type { ApplicationId, ConnectionId, EndUserId } from './ids.ts'

/** Everything that an application can be told. The first two are documented by the service that we stand in for. */
export const EVENT_TYPES = [
  'notification.source.connect',
  'notification.source.disconnect',
  'connection.needs_reauth',
  'connection.repaired',
  'connection.scopes_changed',
  'connection.revocation_finished',
  'attempt.failed',
  'attempt.abandoned',
  'user.deleted',
  'webhook.endpoint_disabled',
  'notification.data.epoch.createupdate',
  'notification.data.daily.createupdate',
  'vendor.notification',
] as const

/** One of {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number]

/** Those that come so often that only who names them is told, feed or endpoint, and that are not kept when nobody does. */
export const TYPES_TO_ASK_FOR: ReadonlySet<EventType> = new Set([
  'notification.data.epoch.createupdate',
  'notification.data.daily.createupdate',
  'vendor.notification',
])

/** Something that happened, written in the transaction of the change. Instants are epoch milliseconds. */
export interface Event {
  /** 32 hex digits; the same in every delivery. */
  readonly id: string
  readonly applicationId: ApplicationId
  readonly type: EventType
  /** Null for what concerns no person, such as an endpoint. */
  readonly endUserId: EndUserId | null
  readonly endUserAlias: string | null
  readonly sourceId: number | null
  readonly connectionId: ConnectionId | null
  /** What more there is to say: ids and fixed words, no secret. */
  readonly detail: EventDetail
  /**
   * What it is delivered in order with: the events of one vendor account, of one end user, or of the endpoints.
   * A keyed digest or an id, never the account itself.
   */
  readonly lane: string
  readonly createdAt: number
}

export interface EventDetail {
  readonly disconnectedBy?: DisconnectedBy
  readonly error?: string
  readonly reference?: string
  readonly revocation?: string
  readonly grantedScopes?: readonly string[]
  readonly missingScopes?: readonly string[]
  /** The webhook endpoint, and why it was switched off. */
  readonly endpointId?: string
  readonly reason?: string
  /** Joins the events of one change that spans two end users. */
  readonly causeId?: string
  /** When new data is of: epoch milliseconds, or days such as `2026-11-22`; and what kinds of data it is. */
  readonly startTimestamp?: number
  readonly endTimestamp?: number
  readonly startDay?: string
  readonly endDay?: string
  readonly dataTypeIds?: readonly number[]
  /** The vendor that told something, and what it wrote: sealed where it is kept, `body` where it is told on. */
  readonly vendor?: string
  readonly sealedBody?: string
  readonly body?: string
}
