// Whose turn it is to renew a connection's tokens: one worker at a time, and nothing written by who lost it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Renewal } from '../../../src/model/renewal.ts'
import { MINUTE, NOW, newConnection, newRenewal, storeEndUser } from '../rows.ts'
import { newHex, type Opened, race } from '../support.ts'

export function renewalRules(opened: () => Opened): void {
  describe('renewals', () => {
    const store = async ({ storage }: Opened, given: Partial<Renewal> = {}) => {
      const connection = newConnection(await storeEndUser(storage))
      const renewal = newRenewal(connection, given)
      await storage.write(async (tables) => {
        await tables.connections.insert(connection)
        await tables.renewals.put(renewal)
      })
      return renewal
    }
    const find = ({ storage }: Opened, { applicationId, connectionId }: Renewal) =>
      storage.read.renewals.find(applicationId, connectionId)
    const take = ({ storage }: Pick<Opened, 'storage'>, of: Renewal, owner: string, now = NOW) =>
      storage.write((tables) =>
        tables.renewals.take(of.applicationId, of.connectionId, owner, now, now + MINUTE),
      )
    const takeDue = ({ storage }: Opened, owner: string, now: number, except: readonly string[] = []) =>
      storage.write((tables) => tables.renewals.takeDue(owner, now, now + MINUTE, 1_000, except))
    const settle = ({ storage }: Opened, of: Renewal, owner: string, change: object) =>
      storage.write((tables) => tables.renewals.settle(of.connectionId, owner, change))

    test('one is found as it was stored, by its application alone', async () => {
      const renewal = await store(opened(), { tries: 2, refusedAt: NOW, cause: 'timeout', isOpen: true })
      assert.deepEqual(await find(opened(), renewal), renewal)
      const other = await store(opened())
      assert.equal(await find(opened(), { ...renewal, applicationId: other.applicationId }), null)
    })

    test('a new grant replaces it, and no lease of the old one counts', async () => {
      const { storage } = opened()
      const renewal = await store(opened())
      await take(opened(), renewal, 'one')
      const fresh = { ...renewal, dueAt: NOW + 5 }
      await storage.write((tables) => tables.renewals.put(fresh))
      assert.deepEqual(await find(opened(), renewal), fresh)
      assert.equal(await settle(opened(), renewal, 'one', { tries: 9 }), false)
    })

    test('it ends with its connection, and when it is removed', async () => {
      const { storage } = opened()
      const [one, other] = [await store(opened()), await store(opened())]
      await storage.write((tables) => tables.renewals.remove(one.applicationId, one.connectionId))
      assert.equal(await find(opened(), one), null)
      const connection = await storage.read.connections.find(other.applicationId, other.connectionId)
      assert.ok(connection)
      await storage.write((tables) => tables.endUsers.erase(other.applicationId, connection.endUserId))
      assert.equal(await find(opened(), other), null)
    })

    test('of a hundred callers on two replicas one gets the turn', async () => {
      const { storage, replica } = opened()
      const renewal = await store(opened())
      const taken = await race(100, [storage, replica], (db, caller) =>
        take({ storage: db }, renewal, `caller ${caller}`),
      )
      const won = taken.filter((one) => one !== null)
      assert.equal(won.length, 1)
      assert.deepEqual(await find(opened(), renewal), won[0])
    })

    test('a turn is not given while it is held, and is when its time is over', async () => {
      const renewal = await store(opened())
      assert.equal((await take(opened(), renewal, 'one'))?.leaseOwner, 'one')
      assert.equal(await take(opened(), renewal, 'two', NOW + MINUTE - 1), null)
      assert.equal((await take(opened(), renewal, 'two', NOW + MINUTE))?.leaseOwner, 'two')
    })

    test('a request is noted before it is sent, by the holder alone, who gets the whole time anew', async () => {
      const { storage } = opened()
      const renewal = await store(opened())
      const open = (owner: string) =>
        storage.write((tables) => tables.renewals.open(renewal.connectionId, owner, NOW + 2 * MINUTE))
      await take(opened(), renewal, 'one')
      assert.equal(await open('two'), false)
      assert.equal((await find(opened(), renewal))?.isOpen, false)
      assert.equal(await open('one'), true)
      const { isOpen, leaseUntil } = (await find(opened(), renewal)) ?? {}
      assert.deepEqual([isOpen, leaseUntil], [true, NOW + 2 * MINUTE])
    })

    test('whether an answer may be on its way stays until somebody knows', async () => {
      const renewal = await store(opened(), { isOpen: true })
      await take(opened(), renewal, 'one')
      await settle(opened(), renewal, 'one', { tries: 1 })
      assert.equal((await take(opened(), renewal, 'two'))?.isOpen, true)
      await settle(opened(), renewal, 'two', { isOpen: false })
      assert.equal((await find(opened(), renewal))?.isOpen, false)
    })

    test('who lost the turn writes nothing; who holds it writes and gives it back', async () => {
      const renewal = await store(opened())
      await take(opened(), renewal, 'one')
      await take(opened(), renewal, 'two', NOW + MINUTE)
      const change = { dueAt: NOW + 9, tries: 3, refusedAt: NOW, cause: 'timeout' }
      assert.equal(await settle(opened(), renewal, 'one', change), false)
      assert.equal(await settle(opened(), renewal, 'two', change), true)
      assert.deepEqual(await find(opened(), renewal), { ...renewal, ...change })
      assert.equal(await settle(opened(), renewal, 'two', change), false)
    })

    test('those that are due are taken, the longest overdue first, without the vendors that rest', async () => {
      const day = NOW - 9_000 * MINUTE
      const [vendor, resting] = [newHex(), newHex()]
      const late = await store(opened(), { vendor, dueAt: day - 5 })
      const due = await store(opened(), { vendor, dueAt: day })
      const rests = await store(opened(), { vendor: resting, dueAt: day - 9 })
      await store(opened(), { vendor, dueAt: day + 1 })
      const ids = (taken: readonly Renewal[]) => taken.map(({ connectionId }) => connectionId)
      assert.deepEqual(ids(await takeDue(opened(), 'one', day, [resting])), [
        late.connectionId,
        due.connectionId,
      ])
      assert.deepEqual(ids(await takeDue(opened(), 'two', day)), [rests.connectionId])
      assert.deepEqual(await takeDue(opened(), 'three', day), [])
    })

    test('a hundred that are due are shared by workers who race on two replicas, each to one', async () => {
      const { storage, replica } = opened()
      const day = NOW - 20_000 * MINUTE
      await race(100, [storage], () => store(opened(), { dueAt: day }))
      const taken = await race(10, [storage, replica], ({ write }, worker) =>
        write((tables) => tables.renewals.takeDue(`worker ${worker}`, day, day + MINUTE, 15, [])),
      )
      const rest = await takeDue(opened(), 'the last', day)
      const ids = [...taken.flat(), ...rest].map(({ connectionId }) => connectionId)
      assert.deepEqual([ids.length, new Set(ids).size], [100, 100])
    })
  })
}
