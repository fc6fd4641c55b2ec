// End users: one for each alias however many ask, and nothing left of one who is erased.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asEndUserId } from '../../../src/model/ids.ts'
import {
  appendLines,
  MINUTE,
  NOW,
  newApplication,
  newAttempt,
  newConnection,
  newDeletion,
  newEndUser,
  newEvent,
  newRevocation,
  newSession,
  storeEndUser,
} from '../rows.ts'
import { isError, newHex, type Opened, type Raw, race } from '../support.ts'

/** Every place, as `table.column`, where a value occurs in the whole database. */
async function placesOf(raw: Raw, value: string): Promise<readonly string[]> {
  const places = new Set<string>()
  for (const table of await raw.tables())
    for (const row of await raw.query(`select * from ${table}`))
      for (const [column, content] of Object.entries(row))
        if (String(content).includes(value)) places.add(`${table}.${column}`)
  return [...places].sort()
}

export function endUserRules(opened: () => Opened): void {
  describe('end users', () => {
    test('an end user is read back as it was stored', async () => {
      const { storage, raw } = opened()
      const endUser = newEndUser(newApplication(), {
        alias: 'k7Qm2v',
        heightCm: 180,
        weightKg: 71.25,
        birthdate: '1990-02-28',
        gender: 'genderless',
        deleteAt: NOW + MINUTE,
      })
      assert.deepEqual(await storage.write((tables) => tables.endUsers.createOrGet(endUser)), endUser)
      assert.deepEqual(await storage.read.endUsers.find(endUser.applicationId, endUser.id), endUser)
      assert.deepEqual(await storage.read.endUsers.findByAlias(endUser.applicationId, 'k7Qm2v'), endUser)
      const [row] = await raw.query(`select * from end_users where id = '${endUser.id}'`)
      assert.deepEqual(
        [row?.['alias'], row?.['weight_kg'], Number(row?.['created_at'])],
        ['k7Qm2v', 71.25, NOW],
      )
    })

    test('fifty callers who race for one alias, on two replicas, get the same end user', async () => {
      const { storage, replica, raw } = opened()
      const applicationId = newApplication()
      const alias = `person-${newHex(8)}`
      const got = await race(50, [storage, replica], ({ write }) =>
        write((tables) => tables.endUsers.createOrGet(newEndUser(applicationId, { alias }))),
      )
      assert.equal(new Set(got.map(({ id }) => id)).size, 1)
      const rows = await raw.query(`select id from end_users where alias = '${alias}'`)
      assert.deepEqual(
        rows.map(({ id }) => id),
        [got[0]?.id],
      )
    })

    test('an alias is told apart by its case', async () => {
      const { storage } = opened()
      const lower = await storeEndUser(storage, { alias: 'maria' })
      const { applicationId } = lower
      const upper = await storeEndUser(storage, { applicationId, alias: 'Maria' })
      assert.notEqual(upper.id, lower.id)
      assert.equal((await storage.read.endUsers.findByAlias(applicationId, 'maria'))?.id, lower.id)
    })

    test('without an alias each call stores another end user', async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      const stored = await race(5, [storage], () => storeEndUser(storage, { applicationId }))
      assert.equal(new Set(stored.map(({ id }) => id)).size, 5)
    })

    test('an id that is taken is a conflict', async () => {
      const { storage } = opened()
      const endUser = await storeEndUser(storage)
      await assert.rejects(
        storage.write((tables) => tables.endUsers.createOrGet({ ...endUser, language: 'en' })),
        isError('conflict'),
      )
    })

    test('of several ids those that exist are found', async () => {
      const { storage } = opened()
      const one = await storeEndUser(storage)
      const two = await storeEndUser(storage, { applicationId: one.applicationId })
      const { endUsers } = storage.read
      const found = await endUsers.findMany(one.applicationId, [one.id, asEndUserId(newHex()), two.id])
      assert.deepEqual(new Set(found.map(({ id }) => id)), new Set([one.id, two.id]))
      assert.deepEqual(await endUsers.findMany(one.applicationId, []), [])
    })

    test('a profile update changes the given fields only', async () => {
      const { storage } = opened()
      const { write, read } = storage
      const endUser = await storeEndUser(storage, { heightCm: 170, weightKg: 60, gender: 'female' })
      const { applicationId, id } = endUser
      const update = (profile: Parameters<typeof read.endUsers.updateProfile>[2]) =>
        write((tables) => tables.endUsers.updateProfile(applicationId, id, profile))

      assert.equal(await update({ weightKg: 61.5, birthdate: '1984-12-01' }), true)
      const changed = { ...endUser, weightKg: 61.5, birthdate: '1984-12-01' }
      assert.deepEqual(await read.endUsers.find(applicationId, id), changed)
      assert.equal(await update({ gender: null }), true)
      assert.deepEqual(await read.endUsers.find(applicationId, id), { ...changed, gender: null })
      assert.equal(await update({}), true)
      assert.deepEqual(await read.endUsers.find(applicationId, id), { ...changed, gender: null })
    })

    test('fields that are no part of a profile are left alone', async () => {
      const { storage } = opened()
      const endUser = await storeEndUser(storage, { alias: 'before' })
      const { applicationId, id } = endUser
      const more = { heightCm: 150, alias: 'after', id: newHex() }
      await storage.write((tables) => tables.endUsers.updateProfile(applicationId, id, more))
      assert.deepEqual(await storage.read.endUsers.find(applicationId, id), { ...endUser, heightCm: 150 })
    })

    test('an update or a deletion of somebody who does not exist says so', async () => {
      const { storage } = opened()
      const [applicationId, id] = [newApplication(), asEndUserId(newHex())]
      const { write } = storage
      assert.equal(
        await write(({ endUsers }) => endUsers.updateProfile(applicationId, id, { heightCm: 1 })),
        false,
      )
      assert.equal(await write(({ endUsers }) => endUsers.updateProfile(applicationId, id, {})), false)
      assert.equal(await write(({ endUsers }) => endUsers.queueDeletion(applicationId, id, NOW)), false)
      assert.equal(await write(({ endUsers }) => endUsers.erase(applicationId, id)), null)
    })

    test('those whose deletion is due are found, the longest overdue first', async () => {
      const { storage } = opened()
      const long = NOW - 1_000_000 * MINUTE
      const stored = await race(4, [storage], () => storeEndUser(storage))
      const dates = [long + 2, long, long + 3, long + 1]
      for (const [i, { applicationId, id }] of stored.entries())
        await storage.write((tables) => tables.endUsers.queueDeletion(applicationId, id, dates[i] ?? 0))
      const due = await storage.read.endUsers.dueForDeletion(long + 2, 10)
      assert.deepEqual(
        due.map(({ id }) => id),
        [stored[1]?.id, stored[3]?.id, stored[0]?.id],
      )
      assert.equal((await storage.read.endUsers.dueForDeletion(long + 2, 2)).length, 2)
    })

    test('a queued deletion can be moved', async () => {
      const { storage } = opened()
      const { applicationId, id } = await storeEndUser(storage)
      for (const deleteAt of [NOW + 5, NOW + 3]) {
        assert.ok(await storage.write((tables) => tables.endUsers.queueDeletion(applicationId, id, deleteAt)))
        assert.equal((await storage.read.endUsers.find(applicationId, id))?.deleteAt, deleteAt)
      }
    })

    test('an erased end user is named in no row but the audit, and others keep theirs', async () => {
      const { storage, raw } = opened()
      const { write } = storage
      const alias = `person-${newHex(12)}`
      const person = await storeEndUser(storage, { alias, birthdate: '1977-07-07' })
      const { applicationId, id } = person
      const other = await storeEndUser(storage, { applicationId })
      const account = newHex(20)
      for (const owner of [person, other])
        await write(async (tables) => {
          await tables.sessions.insert(newSession(owner, { label: owner.alias }))
          await tables.attempts.insert(newAttempt(owner))
          await tables.attempts.insert(newAttempt(owner, { status: 'exchanging', returnedAt: NOW }))
          await tables.attempts.insert(newAttempt(owner, { status: 'failed', stateHash: null }))
          const accountId = owner === person ? account : newHex(20)
          await tables.connections.insert(newConnection(owner, { accountId }))
          await tables.connections.insert(newConnection(owner, { accountId, status: 'disconnected' }))
          await tables.events.append(newEvent(owner, { endUserAlias: owner.alias }))
          await tables.records.claimIdempotencyKey(
            applicationId,
            `key-${owner.id}`.slice(0, 8),
            'hash',
            NOW,
            0,
            0,
          )
          const body = JSON.stringify({ endUserId: owner.id, alias: owner.alias })
          await tables.records.answerIdempotencyKey(applicationId, `key-${owner.id}`.slice(0, 8), 201, body)
        })
      const queued = newRevocation(applicationId)
      await write(async (tables) => {
        await tables.revocations.enqueue(queued)
        await appendLines(tables, applicationId, [{ action: 'end-user.erase', object: id }])
      })
      assert.equal((await placesOf(raw, id)).length, 7)

      const counts = { sessions: 1, attempts: 3, connections: 2, events: 1 }
      assert.deepEqual(await write((tables) => tables.endUsers.erase(applicationId, id)), counts)
      assert.deepEqual(await placesOf(raw, id), ['audit_entries.object'])
      assert.deepEqual(await placesOf(raw, alias), [])
      assert.deepEqual(await placesOf(raw, account), [])
      assert.equal((await placesOf(raw, other.id)).length, 6)
      assert.deepEqual(await storage.read.revocations.listOf(applicationId, queued.connectionId), [queued])
      assert.equal(await write((tables) => tables.endUsers.erase(applicationId, id)), null)
    })

    test('the receipt of a deletion outlives the end user, and is completed in place', async () => {
      const { storage } = opened()
      const queued = newDeletion(newApplication())
      const { applicationId, subjectHash } = queued
      const find = () => storage.read.deletions.find(applicationId, subjectHash)
      assert.equal(await find(), null)
      await storage.write(({ deletions }) => deletions.put(queued))
      assert.deepEqual(await find(), queued)
      const done = {
        ...queued,
        erasedAt: NOW + 9,
        erased: { sessions: 1, attempts: 2, connections: 3, events: 4 },
        revocationIds: ['a', 'b'],
      }
      await storage.write(({ deletions }) => deletions.put(done))
      assert.deepEqual(await find(), done)
    })

    test('an alias is free again after the erasure', async () => {
      const { storage } = opened()
      const person = await storeEndUser(storage, { alias: 'again' })
      const { applicationId, id } = person
      await storage.write((tables) => tables.endUsers.erase(applicationId, id))
      const next = await storeEndUser(storage, { applicationId, alias: 'again' })
      assert.notEqual(next.id, id)
    })

    test('nothing can be stored for an end user who is erased, also when it races', async () => {
      const { storage, replica, raw } = opened()
      const person = await storeEndUser(storage)
      const { applicationId, id } = person
      await race(30, [storage, replica], ({ write }, caller) =>
        write<unknown>(({ attempts, connections, endUsers, sessions }) => {
          if (caller === 10) return endUsers.erase(applicationId, id)
          if (caller % 3 === 0) return sessions.insert(newSession(person))
          if (caller % 3 === 1) return attempts.insert(newAttempt(person))
          return connections.insert(newConnection(person))
        }).catch((error: unknown) => assert.ok(isError('conflict')(error), String(error))),
      )
      assert.deepEqual(await placesOf(raw, id), [])
    })
  })
}
