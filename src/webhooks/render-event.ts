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
  readonly data: Readonly<Record<string, unknown>> & { readonly timestamp?: Instant }
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
  const { endUserId, endUserAlias, type } = event
  return {
    ...(endUserId === null ? {} : { endUserId }),
    ...(endUserAlias === null ? {} : { endUserAlias }),
    timestampType,
    type,
    data: renderData(event, timestampType),
  }
}

function renderData(event: Event, timestampType: TimestampType): PublicEvent['data'] {
  const { sourceId, connectionId, type, detail } = event
  const source = sourceId === null ? {} : { dataSourceId: sourceId }
  if (type === 'notification.data.epoch.createupdate') {
    const { startTimestamp = 0, endTimestamp = 0, dataTypeIds = [] } = detail
    const [start, end] = [startTimestamp, endTimestamp].map((at) => instantOf(at, timestampType))
    return { startTimestamp: start, endTimestamp: end, ...source, dataTypeIds }
  }
  if (type === 'notification.data.daily.createupdate') {
    const { startDay, endDay, dataTypeIds = [] } = detail
    return { startDay, endDay, ...source, dataTypeIds }
  }
  const timestamp = instantOf(event.createdAt, timestampType)
  if (DOCUMENTED.has(type)) return { timestamp, ...source }
  const { sealedBody: _, ...told } = detail
  return { timestamp, ...source, ...(connectionId === null ? {} : { connectionId }), ...told }
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
