import { isRecord } from './request.ts'

/** What an event can be about. More may be added: leave those alone that you do not know. */
export type EventType =
  | 'notification.source.connect'
  | 'notification.source.disconnect'
  | 'connection.needs_reauth'
  | 'connection.repaired'
  | 'connection.scopes_changed'
  | 'connection.revocation_finished'
  | 'attempt.failed'
  | 'attempt.abandoned'
  | 'user.deleted'
  | 'webhook.endpoint_disabled'
  | (string & {})

/** What an event says beside whom it is about. Which fields are there depends on its type. */
export interface EventData {
  /** Epoch milliseconds, or ISO 8601 where that was asked for. */
  readonly timestamp?: number | string
  /** Catalogue id of the source. */
  readonly dataSourceId?: number
  readonly connectionId?: string
  readonly grantedScopes?: readonly string[]
  readonly missingScopes?: readonly string[]
  readonly revocation?: 'revoked' | 'unsupported' | 'superseded' | 'gave_up' | (string & {})
  readonly error?: string
  readonly reference?: string
  readonly endpointId?: string
  readonly reason?: string
  readonly [name: string]: unknown
}

/** Something that happened, as webhooks and the feed tell it. */
export interface SpringbarEvent {
  /** The same each time it is told, in a webhook and in the feed: keep the ids that you have handled. */
  readonly id: string
  readonly type: EventType
  /** Null for what concerns no person. */
  readonly endUserId: string | null
  /** Your own alias of the end user; null when there is none. */
  readonly endUserAlias: string | null
  readonly timestampType: 'unix' | 'iso'
  readonly data: EventData
}

/** An event with what can be trusted of its form: those fields that programs branch on. Null for anything else. */
export function parseEvent(id: unknown, value: unknown): SpringbarEvent | null {
  if (typeof id !== 'string' || id === '' || !isRecord(value)) return null
  const { type, endUserId = null, endUserAlias = null, timestampType, data } = value
  if (typeof type !== 'string' || !isRecord(data)) return null
  if (!isTextOrNull(endUserId) || !isTextOrNull(endUserAlias)) return null
  if (timestampType !== 'unix' && timestampType !== 'iso') return null
  const { timestamp, dataSourceId } = data
  if (!['number', 'string', 'undefined'].includes(typeof timestamp)) return null
  if (!['number', 'undefined'].includes(typeof dataSourceId)) return null
  return Object.freeze({ id, type, endUserId, endUserAlias, timestampType, data })
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'
