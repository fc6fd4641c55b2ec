// Goal: where several replicas run, each delivery is made once. Method: three of them on one database deliver the same
// backlog at the same time; the receiver counts.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { DeliveryContext } from '../../src/webhooks/index.ts'
import { createDeliverer } from '../../src/webhooks/index.ts'
import { NOW, newEndUser, newEvent } from '../storage/rows.ts'
import { type Engine, type Place, postgres, sqlite } from '../storage/support.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { openDelivery, storeDeliveryEndpoint } from './delivery.ts'

const EVENTS = 400
const LANES = 60

for (const engine of [sqlite, postgres] as readonly Engine[])
  describe(`three replicas (${engine.name})`, () => {
    let place: Place
    let replicas: readonly DeliveryContext[]
    let receiver: Receiver
    before(async () => {
      place = await engine.createPlace()
      replicas = [
        await openDelivery(place.url, () => NOW),
        await openDelivery(place.url, () => NOW),
        await openDelivery(place.url, () => NOW),
      ]
      receiver = await startReceiver()
    })
    after(async () => {
      for (const { storage } of replicas) await storage.close()
      await receiver.close()
      await place.drop()
    })

    it('make each delivery once, in the order of its vendor account, and share the work', async () => {
      const [first] = replicas
      assert.ok(first)
      const endpoint = await storeDeliveryEndpoint(first, receiver.url)
      const person = newEndUser(endpoint.applicationId)
      const events = Array.from({ length: EVENTS }, (_, n) => newEvent(person, { lane: `lane ${n % LANES}` }))
      await first.storage.write(async (tables) => {
        for (const event of events) await tables.events.append(event)
      })
      const deliverers = replicas.map(createDeliverer)
      for (let round = 0; round < 3; round++) {
        await Promise.all(deliverers.map(({ look }) => look()))
        await Promise.all(deliverers.map(({ idle }) => idle()))
      }
      const arrivals = receiver.received.map(({ headers }) => String(headers['webhook-id']))
      assert.equal(arrivals.length, EVENTS)
      for (let lane = 0; lane < LANES; lane++) {
        const ids = events.filter((event) => event.lane === `lane ${lane}`).map(({ id }) => id)
        assert.deepEqual(
          arrivals.filter((id) => ids.includes(id)),
          ids,
        )
      }
    })

    it('stop in the middle without losing or repeating one', async () => {
      const [first, second] = replicas
      assert.ok(first && second)
      const endpoint = await storeDeliveryEndpoint(first, `${receiver.url}/stopped`)
      const person = newEndUser(endpoint.applicationId)
      const events = Array.from({ length: EVENTS }, (_, n) => newEvent(person, { lane: `lane ${n % LANES}` }))
      await first.storage.write(async (tables) => {
        for (const event of events) await tables.events.append(event)
      })
      const seen = receiver.received.length
      const stopped = createDeliverer(first)
      await stopped.look()
      await receiver.arrived(seen + 50)
      await stopped.stop()
      const reached = receiver.received.length
      assert.ok(reached < seen + EVENTS, 'it stopped before the end')
      await stopped.look()
      assert.equal(receiver.received.length, reached)
      const next = createDeliverer(second)
      await next.look()
      await next.idle()
      const ids = receiver.received.slice(seen).map(({ headers }) => headers['webhook-id'])
      assert.deepEqual([ids.length, new Set(ids).size], [EVENTS, EVENTS])
    })
  })
