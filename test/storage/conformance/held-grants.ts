// What is held for an attempt: stored whole, released to one caller and in time only, found until it is settled.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { HeldGrant } from '../../../src/model/held-grant.ts'
import { MINUTE, NOW, newApplication, newAttempt, newEndUser, newHeldGrant, storeEndUser } from '../rows.ts'
import { isError, type Opened, race } from '../support.ts'

export function heldGrantRules(opened: () => Opened): void {
  describe('held grants', () => {
    const store = async (given: Partial<HeldGrant> = {}) => {
      const { storage } = opened()
      const held = newHeldGrant(await storeEndUser(storage), given)
      await storage.write((tables) => tables.heldGrants.insert(held))
      return held
    }
    const find = ({ attemptId }: HeldGrant) => opened().storage.read.heldGrants.find(attemptId)
    const release = ({ attemptId }: HeldGrant, now = NOW + 1) =>
      opened().storage.write(({ heldGrants }) => heldGrants.release(attemptId, now, now + MINUTE))
    const settle = ({ attemptId }: HeldGrant) =>
      opened().storage.write(({ heldGrants }) => heldGrants.settle(attemptId))

    test('what is held is found as it was stored, a code without an account as well', async () => {
      for (const given of [{}, { awaits: 'person', accountId: null } as const]) {
        const held = await store(given)
        assert.deepEqual(await find(held), held)
      }
      assert.equal(await find(newHeldGrant(newEndUser(newApplication()))), null)
    })

    test('an attempt holds one thing, and nothing is held for somebody who is gone', async () => {
      const { storage } = opened()
      const held = await store()
      const insert = (other: HeldGrant) => storage.write((tables) => tables.heldGrants.insert(other))
      await assert.rejects(insert({ ...held, sealed: 'other' }), isError('conflict'))
      await assert.rejects(insert(newHeldGrant(newEndUser(newApplication()))), isError('conflict'))
      assert.deepEqual(await find(held), held)
    })

    test('of fifty callers, on two replicas, one releases it', async () => {
      const { storage, replica } = opened()
      const held = await store()
      const winners = await race(50, [storage, replica], ({ write }, caller) =>
        write(({ heldGrants }) => heldGrants.release(held.attemptId, NOW + caller, NOW + MINUTE)),
      )
      const [won, ...more] = winners.filter((one) => one !== null)
      assert.deepEqual(more, [])
      assert.deepEqual(won, { ...held, releasedAt: won?.releasedAt, expiresAt: NOW + MINUTE })
      assert.deepEqual(await find(held), won)
    })

    test('it is not released at its end, nor when it was settled', async () => {
      const late = await store({ expiresAt: NOW })
      const settled = await store()
      await settle(settled)
      assert.equal(await release(late, NOW), null)
      assert.equal(await release(settled), null)
      assert.deepEqual(await find(late), late)
      assert.ok(await release(late, NOW - 1))
    })

    test('settling throws away what was held, once, and keeps the proof', async () => {
      const held = await store()
      const other = await store()
      assert.deepEqual([await settle(held), await settle(held)], [true, false])
      assert.deepEqual(await find(held), { ...held, sealed: null, accountId: null })
      assert.deepEqual(await find(other), other)
    })

    test('what is held is found by its end user and by its account, until it is settled', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const [first, second] = [newHeldGrant(owner), newHeldGrant(owner, { createdAt: NOW + 1 })]
      for (const held of [second, first]) await storage.write((tables) => tables.heldGrants.insert(held))
      const { livingOf, holdsAccount } = storage.read.heldGrants
      const isHeld = () => holdsAccount(owner.applicationId, 'strava', first.accountId ?? '')
      assert.deepEqual(await livingOf(owner.applicationId, owner.id), [first, second])
      assert.equal(await isHeld(), true)
      assert.equal(await holdsAccount(owner.applicationId, 'withings', first.accountId ?? ''), false)
      assert.equal(await holdsAccount(newApplication(), 'strava', first.accountId ?? ''), false)
      await settle(first)
      assert.deepEqual(await livingOf(owner.applicationId, owner.id), [second])
      assert.equal(await isHeld(), false)
    })

    test('what is over is listed from its end on, the longest overdue first', async () => {
      const { storage } = opened()
      const early = NOW - 1000 * MINUTE
      const [later, sooner] = [await store({ expiresAt: early }), await store({ expiresAt: early - 1 })]
      const settled = await store({ expiresAt: early })
      await settle(settled)
      const { overdue } = storage.read.heldGrants
      assert.deepEqual(await overdue(early, 5), [sooner, later])
      assert.deepEqual(await overdue(early, 1), [sooner])
      assert.deepEqual(await overdue(early - 2, 5), [])
      for (const held of [later, sooner]) await settle(held)
    })

    test('only settled rows are removed, and only old ones', async () => {
      const { storage } = opened()
      const before = NOW - 2000 * MINUTE
      const [gone, living, young] = [
        await store({ createdAt: before - 1 }),
        await store({ createdAt: before - 1 }),
        await store({ createdAt: before }),
      ]
      for (const held of [gone, young]) await settle(held)
      const remove = () => storage.write(({ heldGrants }) => heldGrants.deleteSettled(before, 5))
      assert.deepEqual([await remove(), await remove()], [1, 0])
      assert.equal(await find(gone), null)
      assert.deepEqual(await find(living), living)
      assert.ok(await find(young))
    })

    test('erasing an end user takes along what is held for them', async () => {
      const { storage } = opened()
      const held = await store()
      const { applicationId, endUserId } = held
      await storage.write(({ endUsers }) => endUsers.erase(applicationId, endUserId))
      assert.equal(await find(held), null)
    })

    test('an attempt waits for a word, and takes each step of that once', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const attempt = newAttempt(owner, { status: 'exchanging', returnedAt: NOW })
      const step = (from: 'exchanging' | 'pending', status: 'pending' | 'done') =>
        storage.write(({ attempts }) => attempts.transition(attempt.id, from, { status }))
      await storage.write(({ attempts }) => attempts.insert(attempt))
      assert.equal(await step('pending', 'done'), null)
      assert.equal((await step('exchanging', 'pending'))?.status, 'pending')
      assert.equal(await step('exchanging', 'pending'), null)
      assert.equal((await step('pending', 'done'))?.status, 'done')
      assert.equal(await step('pending', 'done'), null)
    })
  })
}
