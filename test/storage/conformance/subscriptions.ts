// What vendors are asked to tell: wished once, taken by one worker at a time, gone with its connection.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Subscription } from '../../../src/model/subscription.ts'
import { MINUTE, NOW, newApplication, newConnection, newSubscription, storeEndUser } from '../rows.ts'
import { type Opened, race } from '../support.ts'

export function subscriptionRules(opened: () => Opened): void {
  describe('subscriptions', () => {
    const want = ({ storage }: Opened, one: Subscription) =>
      storage.write((tables) => tables.subscriptions.want(one))
    const listOf = ({ storage }: Opened, { applicationId, vendor, connectionId }: Subscription) =>
      storage.read.subscriptions.listOf(applicationId, vendor, connectionId)
    const lease = ({ storage }: Pick<Opened, 'storage'>, owner: string, now: number) =>
      storage.write((tables) => tables.subscriptions.lease(owner, now, now + MINUTE, 1_000))
    const settle = ({ storage }: Opened, { id }: Subscription, owner: string, change: object) =>
      storage.write((tables) => tables.subscriptions.settle(id, owner, change))

    test('one is wished once by fifty at the same time, and found as it was stored', async () => {
      const { storage, replica } = opened()
      const applicationId = newApplication()
      await race(50, [storage, replica], ({ write }) =>
        write((tables) => tables.subscriptions.want(newSubscription(applicationId))),
      )
      const one = newSubscription(applicationId)
      const [found, ...others] = await listOf(opened(), one)
      assert.deepEqual(found, { ...one, id: found?.id })
      assert.deepEqual(others, [])
    })

    test('a wish that was not fulfilled is due again; one that was stays as it is', async () => {
      const one = newSubscription(newApplication(), { status: 'failing', dueAt: null })
      await want(opened(), one)
      await want(opened(), { ...one, dueAt: NOW + 5 })
      assert.equal((await listOf(opened(), one))[0]?.dueAt, NOW + 5)
      const active = newSubscription(newApplication(), { status: 'active', dueAt: null })
      await want(opened(), active)
      await want(opened(), { ...active, status: 'pending', dueAt: NOW })
      assert.deepEqual((await listOf(opened(), active))[0], active)
    })

    test('one is held by a worker, written by it alone, and counted by status', async () => {
      const { storage } = opened()
      const day = NOW - 60_000 * MINUTE
      const one = newSubscription(newApplication(), { dueAt: day })
      await want(opened(), one)
      assert.deepEqual(
        (await lease(opened(), 'one', day)).map(({ id }) => id),
        [one.id],
      )
      assert.deepEqual(await lease(opened(), 'two', day + MINUTE - 1), [])
      assert.equal((await lease(opened(), 'two', day + MINUTE)).length, 1)
      const change = { status: 'failing', cause: 'timeout', dueAt: null, tries: 1 }
      assert.equal(await settle(opened(), one, 'one', change), false)
      assert.equal(await settle(opened(), one, 'two', change), true)
      assert.deepEqual(await lease(opened(), 'three', day + 9 * MINUTE), [])
      assert.deepEqual(await storage.read.subscriptions.tally(one.applicationId), [
        { vendor: 'strava', status: 'failing', count: 1, cause: 'timeout' },
      ])
    })

    test('those of a connection go with it, and when they are removed; others stay', async () => {
      const { storage } = opened()
      const endUser = await storeEndUser(storage)
      const { applicationId } = endUser
      const [one, other] = [newConnection(endUser), newConnection(endUser)]
      const wishes = [one, other].map(({ id }) => newSubscription(applicationId, { connectionId: id }))
      const [ofOne, ofOther] = wishes
      assert.ok(ofOne && ofOther)
      await storage.write(async (tables) => {
        for (const connection of [one, other]) await tables.connections.insert(connection)
        for (const wish of wishes) await tables.subscriptions.want(wish)
      })
      await storage.write((tables) => tables.subscriptions.removeOf(applicationId, one.id))
      assert.deepEqual(await listOf(opened(), ofOne), [])
      assert.equal((await listOf(opened(), ofOther)).length, 1)
      await storage.write((tables) => tables.endUsers.erase(applicationId, endUser.id))
      assert.deepEqual(await listOf(opened(), ofOther), [])
    })

    test('those of a whole application at a vendor go alone', async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      const connection = newConnection(await storeEndUser(storage, { applicationId }))
      await storage.write((tables) => tables.connections.insert(connection))
      const ofAll = newSubscription(applicationId)
      const elsewhere = newSubscription(applicationId, { vendor: 'acme' })
      const ofOne = newSubscription(applicationId, { connectionId: connection.id })
      const foreign = newSubscription(newApplication())
      for (const one of [ofAll, elsewhere, ofOne, foreign]) await want(opened(), one)
      await storage.write((tables) => tables.subscriptions.removeAt(applicationId, ofAll.vendor))
      assert.deepEqual(await listOf(opened(), ofAll), [])
      for (const one of [elsewhere, ofOne, foreign]) assert.equal((await listOf(opened(), one)).length, 1)
    })

    test('all of an application at a vendor can be made due', async () => {
      const { storage } = opened()
      const one = newSubscription(newApplication(), { status: 'active', dueAt: null })
      await want(opened(), one)
      await storage.write((tables) => tables.subscriptions.hurry(one.applicationId, 'strava', NOW + 7))
      assert.equal((await listOf(opened(), one))[0]?.dueAt, NOW + 7)
    })
  })
}
