// What vendors tell: stored once, taken by one worker at a time, and nothing written by who lost it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InboundNotification } from '../../../src/model/inbound.ts'
import { MINUTE, NOW, newApplication, newInbound } from '../rows.ts'
import { newHex, type Opened, race } from '../support.ts'

export function inboundRules(opened: () => Opened): void {
  describe('notifications of vendors', () => {
    const store = async ({ storage }: Opened, given: Partial<InboundNotification> = {}) => {
      const notification = newInbound(newApplication(), given)
      assert.ok(await storage.write((tables) => tables.inboundNotifications.insert(notification)))
      return notification
    }
    const find = ({ storage }: Opened, { applicationId, id }: InboundNotification) =>
      storage.read.inboundNotifications.find(applicationId, id)
    const lease = ({ storage }: Pick<Opened, 'storage'>, owner: string, now: number, limit = 1_000) =>
      storage.write((tables) => tables.inboundNotifications.lease(owner, now, now + MINUTE, limit))
    const settle = ({ storage }: Opened, { id }: InboundNotification, owner: string, change: object) =>
      storage.write((tables) => tables.inboundNotifications.settle(id, owner, change))

    test('one is found as it was stored, by its application alone', async () => {
      const one = await store(opened(), { isAuthentic: true, cause: 'timeout', tries: 2 })
      assert.deepEqual(await find(opened(), one), one)
      assert.equal(await find(opened(), { ...one, applicationId: newApplication() }), null)
    })

    test('of fifty that are the same one is stored; another application has its own', async () => {
      const { storage, replica } = opened()
      const [applicationId, dedupeKey] = [newApplication(), newHex()]
      const stored = await race(50, [storage, replica], ({ write }) =>
        write((tables) => tables.inboundNotifications.insert(newInbound(applicationId, { dedupeKey }))),
      )
      assert.equal(stored.filter(Boolean).length, 1)
      const other = newInbound(newApplication(), { dedupeKey })
      assert.ok(await storage.write((tables) => tables.inboundNotifications.insert(other)))
    })

    test('those that are due are shared by workers who race on two replicas, each to one', async () => {
      const { storage, replica } = opened()
      const day = NOW - 30_000 * MINUTE
      await race(60, [storage], () => store(opened(), { receivedAt: day, nextTryAt: day }))
      const taken = await race(8, [storage, replica], (db, worker) =>
        lease({ storage: db }, `worker ${worker}`, day, 10),
      )
      const ids = [...taken.flat(), ...(await lease(opened(), 'the last', day))].map(({ id }) => id)
      assert.deepEqual([ids.length, new Set(ids).size], [60, 60])
    })

    test('one is held until its time is over, counts its tries, and is written by its holder alone', async () => {
      const day = NOW - 40_000 * MINUTE
      const one = await store(opened(), { receivedAt: day, nextTryAt: day })
      assert.equal((await lease(opened(), 'one', day))[0]?.tries, 1)
      assert.deepEqual(await lease(opened(), 'two', day + MINUTE - 1), [])
      assert.equal((await lease(opened(), 'two', day + MINUTE))[0]?.tries, 2)
      const done = { status: 'done', sealedBody: null, finishedAt: NOW } as const
      assert.equal(await settle(opened(), one, 'one', done), false)
      assert.equal(await settle(opened(), one, 'two', done), true)
      assert.deepEqual(await find(opened(), one), { ...one, ...done, tries: 2 })
      assert.deepEqual(await lease(opened(), 'three', day + 9 * MINUTE), [])
    })

    test('one that is not due waits; old ones are removed, and a repetition is then new', async () => {
      const { storage } = opened()
      const day = NOW - 50_000 * MINUTE
      const one = await store(opened(), { receivedAt: day, nextTryAt: day + 1 })
      assert.deepEqual(await lease(opened(), 'one', day), [])
      assert.equal(await storage.write((tables) => tables.inboundNotifications.deleteOld(day, 10)), 0)
      assert.equal(await storage.write((tables) => tables.inboundNotifications.deleteOld(day + 1, 10)), 1)
      assert.equal(await find(opened(), one), null)
      assert.ok(
        await storage.write((tables) => tables.inboundNotifications.insert({ ...one, nextTryAt: NOW * 2 })),
      )
    })

    test('an address is replaced as a whole, and listed with its application', async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      const address = { applicationId, vendor: 'strava', generation: 1, changedAt: NOW, sealedSecret: null }
      const put = (one: typeof address) => storage.write((tables) => tables.notificationAddresses.put(one))
      await put(address)
      await put({ ...address, generation: 2 })
      const { notificationAddresses } = storage.read
      assert.deepEqual(await notificationAddresses.find(applicationId, 'strava'), {
        ...address,
        generation: 2,
      })
      assert.equal((await notificationAddresses.listOf(applicationId)).length, 1)
      assert.deepEqual(await notificationAddresses.listOf(newApplication()), [])
    })
  })
}
