import type { DisconnectedBy } from './connection.ts'
import type { ApplicationId, ConnectionId, EndUserId } from './ids.ts'

export type EventType =
  | 'notification.source.connect'
  | 'notification.source.disconnect'
  | 'connection.repaired'
  | 'connection.revocation_finished'
  | 'attempt.failed'
  | 'user.deleted'

/** Something that happened, written in the transaction of the change. Instants are epoch milliseconds. */
export interface Event {
  /** 32 hex digits; the same in every delivery. */
  readonly id: string
  readonly applicationId: ApplicationId
  readonly type: EventType
  readonly endUserId: EndUserId
  readonly endUserAlias: string | null
  readonly sourceId: number | null
  readonly connectionId: ConnectionId | null
  /** What more there is to say: ids and fixed words, no secret. */
  readonly detail: EventDetail
  readonly createdAt: number
}

export interface EventDetail {
  readonly disconnectedBy?: DisconnectedBy
  readonly error?: string
  readonly reference?: string
  readonly revocation?: string
  /** Joins the events of one change that spans two end users. */
  readonly causeId?: string
}
