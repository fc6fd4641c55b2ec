import type { Application } from '../model/application.ts'
import { newHexId } from '../model/ids.ts'
import { attemptDelivery, type Tried } from './attempt-delivery.ts'
import { requireEndpoint } from './find-endpoint.ts'
import { instantOf } from './render-event.ts'
import type { WebhooksContext } from './webhooks-context.ts'

/**
 * Sends a `webhook.test` to an endpoint at once, signed like everything else, and tells how that went. It stands in no
 * feed, is always in the current format, and is sent to an endpoint that is switched off as well. Throws `not_found`.
 */
export async function sendTest(
  context: WebhooksContext,
  application: Application,
  endpointId: string,
): Promise<Tried> {
  const endpoint = await requireEndpoint(context.storage.read, application, endpointId)
  const { id, timestampType } = endpoint
  const body = JSON.stringify({
    timestampType,
    type: 'webhook.test',
    data: { timestamp: instantOf(context.now(), timestampType), endpointId: id },
  })
  return attemptDelivery(context, endpoint, { id: newHexId(context.random), body })
}
