// Deliveries: queued once whoever queues them, in lanes that one worker holds at a time.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EVENT_TYPES } from '../../../src/model/event.ts'
import type { WebhookEndpoint } from '../../../src/model/webhook.ts'
import type { HeldLane } from '../../../src/storage/webhook-storage.ts'
import { MINUTE, NOW, newApplication, newEndUser, newEvent, storeEndpoint, storeEndUser } from '../rows.ts'
import { newHex, type Opened, race } from '../support.ts'

export function webhookDeliveryRules(opened: () => Opened): void {
  const newFeed = async (given: Partial<WebhookEndpoint> = {}) => {
    const endpoint = await storeEndpoint(opened().storage, given)
    const person = newEndUser(endpoint.applicationId)
    const append = async (lane: string, more: Parameters<typeof newEvent>[1] = {}) => {
      const event = newEvent(person, { lane, ...more })
      await opened().storage.write((tables) => tables.events.append(event))
      return event
    }
    const { write, read } = opened().storage
    return {
      endpoint,
      append,
      queue: (types = EVENT_TYPES as readonly (typeof EVENT_TYPES)[number][], limit = 100) =>
        write((tables) => tables.webhookDeliveries.queue(endpoint, types, NOW, limit)),
      lease: (owner: string, now = NOW, limit = 100) =>
        write((tables) => tables.webhookDeliveries.lease(endpoint.id, owner, now, now + MINUTE, limit)),
      pendingOf: async (lane: string) =>
        (await read.webhookDeliveries.pending(endpoint.id, lane, 100)).map(({ eventId }) => eventId),
      settle: (held: HeldLane, sequence: number, status: 'pending' | 'delivered' | 'failed') =>
        write((tables) =>
          tables.webhookDeliveries.settle(held, sequence, {
            status,
            tries: 1,
            attempts: [{ at: NOW, status: 500, cause: null, durationMs: 3, answer: 'no "thanks"' }],
            finishedAt: status === 'pending' ? null : NOW,
          }),
        ),
      release: (held: HeldLane, nextTryAt: number) =>
        write((tables) => tables.webhookDeliveries.release(held, nextTryAt)),
      list: (status: 'pending' | 'delivered' | 'failed' | null = null, before = 1e15, limit = 100) =>
        read.webhookDeliveries.list(endpoint.applicationId, endpoint.id, { status, before, limit }),
      isBusy: async (now = NOW) =>
        (await read.webhookEndpoints.busy(now)).some(({ id }) => id === endpoint.id),
    }
  }

  describe('webhook deliveries', () => {
    test('what waits is counted for endpoints that are on, with the oldest, and those that are off by their reason', async () => {
      const { read, write } = opened().storage
      const [before, offBefore] = [
        await read.webhookDeliveries.backlog(),
        await read.webhookEndpoints.countDisabled(),
      ]
      const [one, other] = [await newFeed(), await newFeed()]
      for (const feed of [one, other]) {
        await feed.append('a')
        await feed.append('b')
        await feed.queue()
      }
      const both = await read.webhookDeliveries.backlog()
      assert.equal(both.pending, before.pending + 4)
      assert.ok(both.oldestAt !== null && both.oldestAt <= NOW)
      const { applicationId, id } = other.endpoint
      await write((tables) =>
        tables.webhookEndpoints.update(applicationId, id, { status: 'disabled', disabledReason: 'gone' }),
      )
      const [held] = await one.lease('worker')
      assert.ok(held)
      await one.settle(held, (await one.list()).at(-1)?.sequence ?? 0, 'delivered')
      assert.equal((await read.webhookDeliveries.backlog()).pending, before.pending + 1)
      const off = await read.webhookEndpoints.countDisabled()
      assert.equal(off.get('gone'), (offBefore.get('gone') ?? 0) + 1)
      assert.equal(off.get('failing'), offBefore.get('failing'))
    })

    test('an endpoint is told what happens after it was made, in lanes, each in order', async () => {
      const application = newApplication()
      await opened().storage.write((tables) =>
        tables.events.append(newEvent(newEndUser(application), { lane: 'before' })),
      )
      const feed = await newFeed({ applicationId: application })
      assert.equal(await feed.isBusy(), false)
      const [a, b, c] = [await feed.append('one'), await feed.append('two'), await feed.append('one')]
      assert.equal(await feed.isBusy(), true)
      assert.equal(await feed.queue(), 3)
      assert.equal(await feed.queue(), 0)
      assert.deepEqual(await feed.pendingOf('one'), [a.id, c.id])
      assert.deepEqual(await feed.pendingOf('two'), [b.id])
      assert.deepEqual(await feed.pendingOf('before'), [])
      const [first] = await opened().storage.read.webhookDeliveries.pending(feed.endpoint.id, 'one', 1)
      assert.ok(first?.event)
      const { sequence, event, ...delivery } = first
      assert.deepEqual(event, { ...a, sequence })
      assert.deepEqual(delivery, {
        endpointId: feed.endpoint.id,
        applicationId: application,
        eventId: a.id,
        lane: 'one',
        status: 'pending',
        tries: 0,
        attempts: [],
        createdAt: NOW,
        finishedAt: null,
      })
    })

    test('types that nobody wants are passed over, a few events at a time', async () => {
      const feed = await newFeed()
      const wanted = await feed.append('one', { type: 'user.deleted' })
      await feed.append('one')
      const last = await feed.append('one', { type: 'user.deleted' })
      assert.deepEqual([await feed.queue(['user.deleted'], 2), await feed.queue(['user.deleted'], 2)], [2, 1])
      assert.deepEqual(await feed.pendingOf('one'), [wanted.id, last.id])
      await feed.append('one')
      assert.equal(await feed.queue([]), 1)
      assert.equal((await feed.pendingOf('one')).length, 2)
    })

    test('a hundred events that many queue at the same time, on two replicas, are each queued once', async () => {
      const { storage, replica } = opened()
      const feed = await newFeed()
      await race(100, [storage, replica], (_, caller) => feed.append(`lane ${caller % 7}`))
      const passed = await race(20, [storage, replica], ({ write }) =>
        write((tables) => tables.webhookDeliveries.queue(feed.endpoint, EVENT_TYPES, NOW, 15)),
      )
      assert.equal(
        passed.reduce((sum, one) => sum + one, 0),
        100,
      )
      assert.equal((await feed.list()).length, 100)
    })

    test('a lane is held by one worker, and goes to another when the lease ran out', async () => {
      const { storage, replica } = opened()
      const feed = await newFeed()
      for (let lane = 0; lane < 20; lane++) await feed.append(`lane ${lane}`)
      await feed.queue()
      const taken = await race(10, [storage, replica], ({ write }, worker) =>
        write((tables) =>
          tables.webhookDeliveries.lease(feed.endpoint.id, `worker ${worker}`, NOW, NOW + MINUTE, 4),
        ),
      )
      const rest = await feed.lease('the last')
      const lanes = [...taken.flat(), ...rest].map(({ lane }) => lane)
      assert.deepEqual([lanes.length, new Set(lanes).size], [20, 20])
      assert.equal(await feed.isBusy(), false)
      assert.deepEqual(await feed.lease('early', NOW + MINUTE - 1), [])
      assert.equal(await feed.isBusy(NOW + MINUTE), true)
      assert.equal((await feed.lease('quick', NOW + MINUTE)).length, 20)
    })

    test('who lost a lane settles nothing, and gives nothing back', async () => {
      const feed = await newFeed()
      await feed.append('one')
      await feed.queue()
      const [slow] = await feed.lease('slow')
      const [quick] = await feed.lease('quick', NOW + MINUTE)
      const [delivery] = await feed.list()
      assert.ok(slow && quick && delivery)
      assert.equal(await feed.settle(slow, delivery.sequence, 'delivered'), false)
      await feed.release(slow, NOW)
      assert.deepEqual(await feed.lease('third', NOW + MINUTE + 1), [])
      assert.deepEqual(await feed.list(), [delivery])
      assert.equal(await feed.settle(quick, delivery.sequence, 'delivered'), true)
      const [settled] = await feed.list('delivered')
      assert.deepEqual(settled, {
        ...delivery,
        status: 'delivered',
        tries: 1,
        attempts: [{ at: NOW, status: 500, cause: null, durationMs: 3, answer: 'no "thanks"' }],
        finishedAt: NOW,
      })
    })

    test('a lane with nothing pending ends; one with more is due again when it was said', async () => {
      const feed = await newFeed()
      await feed.append('one')
      await feed.queue()
      const [held] = await feed.lease('worker')
      const [delivery] = await feed.list()
      assert.ok(held && delivery)
      await feed.settle(held, delivery.sequence, 'pending')
      await feed.release(held, NOW + 5)
      assert.deepEqual(await feed.lease('early', NOW + 4), [])
      const [again] = await feed.lease('again', NOW + 5)
      assert.ok(again)
      await feed.settle(again, delivery.sequence, 'failed')
      await feed.release(again, NOW)
      assert.deepEqual(await feed.lease('late', NOW + MINUTE), [])
      // What comes next opens it anew.
      const next = await feed.append('one')
      await feed.queue()
      assert.deepEqual(await feed.pendingOf('one'), [next.id])
      assert.equal((await feed.lease('later', NOW)).length, 1)
    })

    test('an event that is queued while a lane ends is not left behind', async () => {
      const { storage, replica } = opened()
      for (let round = 0; round < 10; round++) {
        const feed = await newFeed()
        await feed.append('one')
        await feed.queue()
        const [held] = await feed.lease('worker')
        const [delivery] = await feed.list()
        assert.ok(held && delivery)
        await feed.append('one')
        await Promise.all([
          storage.write(async ({ webhookDeliveries }) => {
            const settled = { status: 'delivered', tries: 1, attempts: [], finishedAt: NOW } as const
            await webhookDeliveries.settle(held, delivery.sequence, settled)
            await webhookDeliveries.release(held, NOW)
          }),
          replica.write((tables) => tables.webhookDeliveries.queue(feed.endpoint, EVENT_TYPES, NOW, 10)),
        ])
        assert.equal((await feed.lease('next')).length, 1)
      }
    })

    test('paused and switched-off endpoints are not busy; lanes can be hurried', async () => {
      const { storage } = opened()
      const feed = await newFeed()
      await feed.append('one')
      await feed.queue()
      const change = (given: Partial<WebhookEndpoint>) =>
        storage.write((tables) =>
          tables.webhookEndpoints.update(feed.endpoint.applicationId, feed.endpoint.id, given),
        )
      await change({ pausedUntil: NOW + 1 })
      assert.deepEqual([await feed.isBusy(), await feed.isBusy(NOW + 1)], [false, true])
      await change({ pausedUntil: null, status: 'disabled' })
      assert.equal(await feed.isBusy(), false)
      await feed.append('two')
      assert.equal(await feed.queue(), 0)
      await change({ status: 'enabled' })
      assert.equal(await feed.queue(), 1)
      for (const held of await feed.lease('worker')) await feed.release(held, NOW + 9 * MINUTE)
      assert.equal(await feed.isBusy(), false)
      await storage.write((tables) => tables.webhookDeliveries.hurry(feed.endpoint.id, NOW))
      assert.equal((await feed.lease('next')).length, 2)
    })

    test('deliveries are listed from the newest, by status and in pages', async () => {
      const feed = await newFeed()
      for (const lane of ['a', 'b', 'c']) await feed.append(lane)
      await feed.queue()
      const all = await feed.list()
      assert.deepEqual(
        all.map(({ lane }) => lane),
        ['c', 'b', 'a'],
      )
      assert.deepEqual(await feed.list(null, all[0]?.sequence, 1), all.slice(1, 2))
      assert.deepEqual([await feed.list('failed'), (await feed.list('pending')).length], [[], 3])
      const { webhookDeliveries } = opened().storage.read
      const foreign = { status: null, before: 1e15, limit: 10 }
      assert.deepEqual(await webhookDeliveries.list(newApplication(), feed.endpoint.id, foreign), [])
    })

    test('events are told again: one, or those of a time, with their tries kept', async () => {
      const { write } = opened().storage
      const feed = await newFeed()
      const events = [
        await feed.append('one', { createdAt: NOW }),
        await feed.append('two', { createdAt: NOW + 1, type: 'user.deleted' }),
        await feed.append('one', { createdAt: NOW + 2 }),
        await feed.append('one', { createdAt: NOW + 3 }),
      ]
      await feed.queue()
      for (const held of await feed.lease('worker')) {
        for (const { sequence } of (await feed.list()).filter(({ lane }) => lane === held.lane))
          await feed.settle(held, sequence, 'delivered')
        await feed.release(held, NOW)
      }
      const connects = ['notification.source.connect'] as const
      const replay = (from: number, to: number, limit = 100) =>
        write((tables) => tables.webhookDeliveries.replay(feed.endpoint, connects, NOW, { from, to, limit }))
      assert.deepEqual(await replay(NOW + 1, NOW + 3), { queued: 1, continueFrom: null })
      assert.deepEqual(await feed.pendingOf('one'), [events[2]?.id])
      const [again] = await feed.list('pending')
      assert.deepEqual([again?.tries, again?.attempts.length, again?.finishedAt], [0, 1, null])
      assert.deepEqual(await replay(NOW, NOW + 9, 2), { queued: 2, continueFrom: NOW + 3 })
      assert.deepEqual(await replay(NOW + 3, NOW + 9, 2), { queued: 1, continueFrom: null })
      assert.equal((await feed.lease('next')).length, 1)
      const one = (eventId: string, types: Parameters<typeof feed.queue>[0] = EVENT_TYPES) =>
        write((tables) => tables.webhookDeliveries.replayEvent(feed.endpoint, types, NOW, eventId))
      assert.equal(await one(newHex()), false)
      assert.equal(await one(events[1]?.id ?? '', connects), false)
      assert.equal(await one(events[1]?.id ?? ''), true)
      assert.deepEqual(await feed.pendingOf('two'), [events[1]?.id])
    })

    test('an event that is not kept any more leaves its delivery without one', async () => {
      const { storage, raw } = opened()
      const feed = await newFeed()
      const { id } = await feed.append('one')
      await feed.queue()
      await raw.query(`delete from events where id = '${id}'`)
      const [left] = await storage.read.webhookDeliveries.pending(feed.endpoint.id, 'one', 10)
      assert.deepEqual([left?.eventId, left?.event], [id, null])
    })

    test('deliveries of an erased person go with the events, of others they stay', async () => {
      const { storage } = opened()
      const feed = await newFeed()
      const person = await storeEndUser(storage, { applicationId: feed.endpoint.applicationId })
      await storage.write((tables) => tables.events.append(newEvent(person, { lane: 'theirs' })))
      const other = await feed.append('other')
      await feed.queue()
      await storage.write((tables) => tables.endUsers.erase(person.applicationId, person.id))
      assert.deepEqual(
        (await feed.list()).map(({ eventId }) => eventId),
        [other.id],
      )
    })

    test('deliveries that ended long ago are removed, a few at a time, pending ones never', async () => {
      const { storage } = opened()
      const feed = await newFeed()
      for (const lane of ['a', 'b', 'c', 'd']) await feed.append(lane)
      await feed.queue()
      for (const held of await feed.lease('worker', NOW, 3))
        for (const { sequence } of (await feed.list()).filter(({ lane }) => lane === held.lane))
          await feed.settle(held, sequence, 'delivered')
      const clean = (before: number) =>
        storage.write((tables) => tables.webhookDeliveries.deleteFinished(before, 2))
      assert.equal(await clean(NOW - 1_000 * MINUTE), 0)
      while ((await clean(NOW + 1)) > 0);
      assert.deepEqual(
        (await feed.list()).map(({ lane, status }) => [lane, status]),
        [['d', 'pending']],
      )
    })
  })
}
