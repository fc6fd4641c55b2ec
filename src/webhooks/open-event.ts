import { eventBodyPlace } from '../broker/sealing/sealed-places.ts'
import type { Event } from '../model/event.ts'
import { VaultError } from '../vault/index.ts'
import type { WebhooksContext } from './webhooks-context.ts'

/** An event with the vendor's own words in the clear, for the moment in which it is told. One that does not open has none. */
export function openEvent({ vault, log }: Pick<WebhooksContext, 'vault' | 'log'>, event: Event): Event {
  const { sealedBody, ...detail } = event.detail
  if (sealedBody === undefined) return event
  try {
    return { ...event, detail: { ...detail, body: vault.open(sealedBody, eventBodyPlace(event)) } }
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
    log.error('the body of an event cannot be opened', { event: event.id, reason: error.reason })
    return { ...event, detail }
  }
}
