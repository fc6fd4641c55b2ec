import type { Event, EventType } from '../model/event.ts'
import type { TimestampType, WebhookFormat } from '../model/webhook.ts'

/** An instant as the application asked for it: epoch milliseconds, or ISO 8601 in UTC. */
type Instant = number | string

/** What applications read of an event, in webhooks and in the feed; its fields are in the documented order. */
export interface PublicEvent {
  readonly endUserId?: string
  readonly endUserAlias?: string
  readonly timestampType: TimestampType
  readonly type: EventType
  readonly data: Readonly<Record<string, unknown>> & { readonly timestamp: Instant }
}

/** The two types that the documented service knows; nothing is added to what they say there. */
const DOCUMENTED: ReadonlySet<EventType> = new Set([
  'notification.source.connect',
  'notification.source.disconnect',
])

/**
 * One event as applications read it (contract §7): an alias stands there only when there is one, and the documented types
 * carry the documented fields alone. No token, no code, no account id.
 */
export function renderEvent(event: Event, timestampType: TimestampType): PublicEvent {
  const { endUserId, endUserAlias, sourceId, connectionId, type, detail } = event
  const timestamp = instantOf(event.createdAt, timestampType)
  return {
    ...(endUserId === null ? {} : { endUserId }),
    ...(endUserAlias === null ? {} : { endUserAlias }),
    timestampType,
    type,
    data: {
      timestamp,
      ...(sourceId === null ? {} : { dataSourceId: sourceId }),
      ...(DOCUMENTED.has(type) ? {} : { ...(connectionId === null ? {} : { connectionId }), ...detail }),
    },
  }
}

/** The instant in one of the two forms. */
export const instantOf = (at: number, timestampType: TimestampType): Instant =>
  timestampType === 'unix' ? at : new Date(at).toISOString()

/** Whether a format can say this at all: the older one knows connecting and disconnecting. */
export const canSay = (format: WebhookFormat, type: EventType): boolean =>
  format === 'current' || DOCUMENTED.has(type)

/** The body of a delivery: compact JSON, the bytes that are signed and sent. */
export const renderBody = (
  event: Event,
  { format, timestampType }: { readonly format: WebhookFormat; readonly timestampType: TimestampType },
): string =>
  JSON.stringify(format === 'current' ? renderEvent(event, timestampType) : renderSourceUpdate(event))

/** What programs of earlier years read (contract §7). */
const renderSourceUpdate = (event: Event) => ({
  sourceUpdate: {
    authenticationToken: event.endUserId,
    partnerUserID: event.endUserAlias,
    dataSource: event.sourceId,
    connectionStatus: event.type === 'notification.source.connect' ? 'NEW' : 'DELETED',
  },
})
