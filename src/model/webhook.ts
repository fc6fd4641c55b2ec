import type { EventType } from './event.ts'
import type { ApplicationId } from './ids.ts'
import type { Secret } from './secret.ts'

/** How instants stand in a body: `unix` in epoch milliseconds, `iso` as ISO 8601 in UTC. */
export const TIMESTAMP_TYPES = ['unix', 'iso'] as const
export type TimestampType = (typeof TIMESTAMP_TYPES)[number]

/** `older` is the `sourceUpdate` that programs of earlier years read. */
export const WEBHOOK_FORMATS = ['current', 'older'] as const
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number]

/** Why an endpoint is switched off: the application asked for it, it answered 410, or it failed for days. */
export type DisabledReason = 'application' | 'gone' | 'failing'

/** What an application decides about an endpoint. */
export interface WebhookSettings {
  readonly url: string
  /** The types of events that it wants; null for all. */
  readonly types: readonly EventType[] | null
  readonly timestampType: TimestampType
  readonly format: WebhookFormat
}

/** Where an application is told of its events. Instants are epoch milliseconds. */
export interface WebhookEndpoint extends WebhookSettings {
  /** 32 hex digits. */
  readonly id: string
  readonly applicationId: ApplicationId
  /** What the configuration lists cannot be changed over the API. */
  readonly managedBy: 'configuration' | 'api'
  /** A removed one is nobody's any more; its deliveries are cleaned up little by little. */
  readonly status: 'enabled' | 'disabled' | 'removed'
  readonly disabledReason: DisabledReason | null
  /** The place in the application's feed up to which deliveries were queued. */
  readonly position: number
  /** When the first of the failures happened since the last success; null when the last delivery succeeded. */
  readonly failingSince: number | null
  /** Nothing is sent before, because it asked for that. */
  readonly pausedUntil: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** One of the at most two live secrets of an endpoint, sealed by the vault. */
export interface WebhookSecret {
  /** 32 hex digits. */
  readonly id: string
  readonly applicationId: ApplicationId
  readonly endpointId: string
  readonly sealedSecret: string
  readonly createdAt: number
}

/** An endpoint as the operator configured it. */
export interface ConfiguredWebhook extends WebhookSettings {
  /** One or two, the older first. */
  readonly secrets: readonly Secret[]
}

/** One try to deliver. */
export interface DeliveryAttempt {
  /** Epoch milliseconds. */
  readonly at: number
  /** The HTTP status of the answer; null when there was none. */
  readonly status: number | null
  /** Why there was no answer, in fixed words; null when there was one. */
  readonly cause: string | null
  readonly durationMs: number
  /** The beginning of the answer's body, as text. */
  readonly answer: string
}

/** One event on its way to one endpoint. Instants are epoch milliseconds. */
export interface Delivery {
  readonly endpointId: string
  readonly applicationId: ApplicationId
  /** The event's place in the feed: the order of deliveries. */
  readonly sequence: number
  readonly eventId: string
  /** Deliveries of one lane reach an endpoint one after the other. */
  readonly lane: string
  readonly status: 'pending' | 'delivered' | 'failed'
  /** Tries since it was queued, or queued again. */
  readonly tries: number
  /** The last tries, oldest first. */
  readonly attempts: readonly DeliveryAttempt[]
  readonly createdAt: number
  readonly finishedAt: number | null
}
