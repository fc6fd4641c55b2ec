// Goal: an operator sees by the figures what was delivered, what waits and for how long, and what is switched off. Method: the
// real deliverer on a real database, a receiver that fails, recovers and leaves, a clock of the test's own.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { it } from 'node:test'
import { createMetrics } from '../../src/http/metrics.ts'
import { createDeliverer, webhookFigures } from '../../src/webhooks/index.ts'
import { newEndUser, newEvent } from '../storage/rows.ts'
import { startReceiver } from '../support/receiver.ts'
import { openDelivery, storeDeliveryEndpoint } from './delivery.ts'

it('the figures follow a delivery that is tried again, one that succeeds, and an endpoint that is gone', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-metrics-'))
  let [now, status] = [Date.UTC(2026, 10, 22), 500]
  const receiver = await startReceiver(() => status)
  const context = await openDelivery(`sqlite:${path.join(folder, 'springbar.db')}`, () => now)
  const metrics = createMetrics({ withProcess: false })
  metrics.watchWebhooks(() => webhookFigures(context))
  const deliverer = createDeliverer({ ...context, noteDelivery: metrics.countDelivery })
  const figures = async () => {
    const lines = (await metrics.expose()).split('\n').filter((line) => line.startsWith('springbar_webhook_'))
    return Object.fromEntries(
      lines.map((line) => [
        line.slice('springbar_webhook_'.length).split(' ')[0],
        Number(line.split(' ')[1]),
      ]),
    )
  }
  const deliver = async () => {
    await deliverer.look()
    await deliverer.idle()
  }
  try {
    const untried = {
      'tries_total{outcome="delivered"}': 0,
      'tries_total{outcome="retried"}': 0,
      'tries_total{outcome="failed"}': 0,
    }
    assert.deepEqual(await figures(), { ...untried, oldest_pending_seconds: 0, pending: 0 })
    const { applicationId } = await storeDeliveryEndpoint(context, receiver.url)
    const append = (lane: string) =>
      context.storage.write((tables) =>
        tables.events.append(newEvent(newEndUser(applicationId), { lane, createdAt: now })),
      )
    await append('one')
    await deliver()
    now += 60_000
    assert.deepEqual(await figures(), {
      ...untried,
      'tries_total{outcome="retried"}': 1,
      oldest_pending_seconds: 60,
      pending: 1,
    })
    status = 200
    await deliver()
    assert.deepEqual(await figures(), {
      ...untried,
      'tries_total{outcome="retried"}': 1,
      'tries_total{outcome="delivered"}': 1,
      oldest_pending_seconds: 0,
      pending: 0,
    })
    status = 410
    await append('two')
    await deliver()
    const off = await figures()
    assert.equal(off['endpoints_disabled{reason="gone"}'], 1)
    assert.equal(off['pending'], 0, 'what waits for an endpoint that is off waits for its owner')
    metrics.watchWebhooks(() => Promise.reject(new Error('the database is away')))
    assert.deepEqual(Object.keys(await figures()).toSorted(), Object.keys(untried).toSorted())
  } finally {
    await context.storage.close()
    await receiver.close()
    rmSync(folder, { recursive: true })
  }
})
