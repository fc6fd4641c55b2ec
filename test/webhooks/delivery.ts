// What delivers webhooks, without the rest of the service: a real database, a real vault, the real deliverer and sender.
import { randomBytes } from 'node:crypto'
import { request as http } from 'node:http'
import { request as https } from 'node:https'
import type { ApplicationId } from '../../src/model/ids.ts'
import { parseNetwork } from '../../src/model/webhook-target.ts'
import { openStorage } from '../../src/storage/open.ts'
import type { Storage, StoredEvent } from '../../src/storage/storage.ts'
import { unlockVault } from '../../src/vault/index.ts'
import { createSender, type DeliveryContext, type Lookup } from '../../src/webhooks/index.ts'
import { sealWebhookSecret } from '../../src/webhooks/webhook-secrets.ts'
import { newApplication, newEndpoint } from '../storage/rows.ts'

const KEYS = [{ id: 'k1', key: Buffer.alloc(32, 7) }]
const nothing = () => undefined

/** Opens a database for one process, or one of several replicas; receivers are on this machine. */
export async function openDelivery(
  url: string,
  now: () => number,
  timeoutMs = 20_000,
): Promise<DeliveryContext> {
  const storage = await openStorage({ url })
  const vault = await unlockVault(KEYS, randomBytes, (sealed) =>
    storage.write((tables) => tables.records.putSettingIfAbsent('pepper', sealed)),
  )
  const networks = [parseNetwork('127.0.0.0/8')]
  const lookup: Lookup = (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }])
  return {
    storage,
    vault,
    now,
    random: randomBytes,
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    receivers: { send: createSender({ http, https, lookup, networks, timeoutMs }), lookup, networks },
  }
}

/** Stores an endpoint of a new application, with a secret. */
export async function storeDeliveryEndpoint(context: DeliveryContext, url: string) {
  const endpoint = newEndpoint(newApplication(), { url })
  const { stored } = sealWebhookSecret(context, endpoint, null, context.now())
  await context.storage.write(async (tables) => {
    await tables.webhookEndpoints.insert(endpoint)
    await tables.webhookEndpoints.addSecret(stored)
  })
  return endpoint
}

/** Reads every event of an application, in order. */
export async function allEvents({ read }: Storage, applicationId: ApplicationId) {
  const events: StoredEvent[] = []
  for (let after = 0; ; ) {
    const page = await read.events.list(applicationId, after, 500)
    events.push(...page)
    const last = page.at(-1)
    if (last === undefined) return events
    after = last.sequence
  }
}
