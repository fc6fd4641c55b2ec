// Goal: on PostgreSQL a lane that ends and an event that is queued for it at the same moment never miss each other, in
// whatever order their statements come. Method: real transactions that are held open by the test in the middle.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EVENT_TYPES } from '../../src/model/event.ts'
import type { Tables } from '../../src/storage/storage.ts'
import type { HeldLane } from '../../src/storage/webhook-storage.ts'
import { MINUTE, NOW, newEndUser, newEvent, storeEndpoint } from './rows.ts'
import { postgres, useStorage } from './support.ts'

/** A place in a unit of work: the first run of the unit stops there until it is let go, a later one passes. */
function createStop() {
  const [reached, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  return {
    reached: reached.promise,
    letGo: letGo.resolve,
    pass: async () => {
      reached.resolve()
      await letGo.promise
    },
  }
}

describe('a lane that ends while an event is queued for it (PostgreSQL)', () => {
  const opened = useStorage(postgres)

  /** An endpoint with one lane, held by a worker that has one delivery left to make, and one event that is not queued. */
  const newLane = async () => {
    const { storage } = opened()
    const endpoint = await storeEndpoint(storage)
    const person = newEndUser(endpoint.applicationId)
    const append = () => storage.write((tables) => tables.events.append(newEvent(person)))
    const queue = ({ webhookDeliveries }: Tables) => webhookDeliveries.queue(endpoint, EVENT_TYPES, NOW, 10)
    await append()
    await storage.write(queue)
    const lease = () =>
      storage.write((tables) => tables.webhookDeliveries.lease(endpoint.id, 'me', NOW, NOW + MINUTE, 9))
    const [held] = await lease()
    const [delivery] = await storage.read.webhookDeliveries.pending(endpoint.id, 'lane', 9)
    assert.ok(held && delivery)
    await append()
    const settle = (tables: Tables, lane: HeldLane) =>
      tables.webhookDeliveries.settle(lane, delivery.sequence, {
        status: 'delivered',
        tries: 1,
        attempts: [],
        finishedAt: NOW,
      })
    return { endpoint, held, queue, lease, settle }
  }

  test('between the last delivery and the end of the lane', async () => {
    const { storage, replica } = opened()
    const { held, queue, lease, settle } = await newLane()
    const stop = createStop()
    const ended = storage.write(async (tables) => {
      await settle(tables, held)
      await stop.pass()
      await tables.webhookDeliveries.release(held, NOW)
    })
    await stop.reached
    await replica.write(queue)
    stop.letGo()
    await ended
    assert.equal((await lease()).length, 1)
  })

  test('between the end of the lane and its commit', async () => {
    const { storage, replica } = opened()
    const { held, queue, lease, settle } = await newLane()
    const stop = createStop()
    const ended = storage.write(async (tables) => {
      await settle(tables, held)
      await tables.webhookDeliveries.release(held, NOW)
      await stop.pass()
    })
    await stop.reached
    const queued = replica.write(queue)
    stop.letGo()
    await Promise.all([ended, queued])
    assert.equal((await lease()).length, 1)
  })

  test('between the queueing and its commit', async () => {
    const { storage, replica } = opened()
    const { held, queue, lease, settle } = await newLane()
    const stop = createStop()
    const queued = replica.write(async (tables) => {
      await queue(tables)
      await stop.pass()
    })
    await stop.reached
    const ended = storage.write(async (tables) => {
      await settle(tables, held)
      await tables.webhookDeliveries.release(held, NOW)
    })
    stop.letGo()
    await Promise.all([ended, queued])
    assert.equal((await lease()).length, 1)
  })
})
