/**
 * Tells applications what happened, by requests to their endpoints.
 *
 * @module webhooks — owns what is said (`render-event.ts`), how it is signed and sent, when it is tried again, and the use
 * cases around endpoints. It does not own the events themselves, which the broker writes in the transaction of the
 * change; from there each endpoint has a place in its application's feed up to which deliveries were queued, so that
 * nothing is told that was not committed, and nothing that was is missed. The feed (`read-feed.ts`, `follow-feed.ts`) tells the
 * same events in the same words to whoever asks.
 */

export { createDeliverer, type Deliverer } from './deliverer.ts'
export { type DeliveriesWanted, listDeliveries, type Replay, replay } from './deliveries.ts'
export {
  createEndpoint,
  type EndpointChange,
  type EndpointWithSecrets,
  listEndpoints,
  readEndpoint,
  removeEndpoint,
  updateEndpoint,
} from './endpoints.ts'
export { feedLimits } from './feed-limits.ts'
export { createFeed, type Feed, type Follower, type FollowWish } from './follow-feed.ts'
export { noteConfiguredWebhooks } from './note-configured.ts'
export type { FeedEvent, FeedPage } from './read-feed.ts'
export { type PublicEvent, renderEvent } from './render-event.ts'
export { type Answer, createSender, type Lookup, type Send } from './send.ts'
export { sweepWebhooks } from './sweep-webhooks.ts'
export { sendTest } from './test-delivery.ts'
export { webhookFigures } from './webhook-figures.ts'
export { type NewSecret, retireWebhookSecret, rotateWebhookSecret } from './webhook-secrets.ts'
export type { DeliveryContext, Receivers, WebhooksContext } from './webhooks-context.ts'
