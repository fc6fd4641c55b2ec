import type { Context } from '../broker/context.ts'
import type { Network } from '../model/webhook-target.ts'
import type { Lookup, Send } from './send.ts'

/** The way to receivers, and where an operator lets it lead. */
export interface Receivers {
  readonly send: Send
  readonly lookup: Lookup
  readonly networks: readonly Network[]
}

/** What webhooks need beside the broker's context. */
export interface WebhooksContext extends Context {
  readonly receivers: Receivers
  /** Counts what came of a try: delivered, to be tried again, or given up. */
  readonly noteDelivery?: (outcome: 'delivered' | 'retried' | 'failed') => void
}

/** The part of it that delivering takes. */
export type DeliveryContext = Pick<
  WebhooksContext,
  'storage' | 'vault' | 'now' | 'random' | 'log' | 'receivers' | 'noteDelivery'
>
