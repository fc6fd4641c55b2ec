// A process that delivers everything that an endpoint is to be told, and prints its resident memory, in bytes, once a second.
// Its arguments: the database's URL, the application and the endpoint.
import process from 'node:process'
import { limits } from '../../src/limits.ts'
import { asApplicationId } from '../../src/model/ids.ts'
import { createDeliverer } from '../../src/webhooks/index.ts'
import { openDelivery } from '../../test/webhooks/delivery.ts'

const [, , url = '', application = '', endpoint = ''] = process.argv
const context = await openDelivery(url, () => Date.now(), limits.webhookTimeoutMs.default)
const deliverer = createDeliverer(context)
const sampling = setInterval(() => console.log(process.memoryUsage.rss()), 1_000)
const pending = { status: 'pending', before: Number.MAX_SAFE_INTEGER, limit: 1 } as const
for (;;) {
  await deliverer.look()
  await deliverer.idle()
  const { webhookDeliveries } = context.storage.read
  // What failed, on a machine that is too busy for two seconds, waits for its next try.
  if ((await webhookDeliveries.list(asApplicationId(application), endpoint, pending)).length === 0) break
  await new Promise((resolve) => setTimeout(resolve, limits.webhookPollMs))
}
clearInterval(sampling)
await context.storage.close()
