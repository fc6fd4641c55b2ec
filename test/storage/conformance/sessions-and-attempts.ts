// Sessions end when they are told to; an attempt takes each step at most once, whoever races for it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cookieKeyOf, referenceOf } from '../../../src/model/attempt.ts'
import { asAttemptId, asConnectionId } from '../../../src/model/ids.ts'
import type { Session } from '../../../src/model/session.ts'
import { MINUTE, NOW, newAttempt, newEndUser, newSession, storeEndUser } from '../rows.ts'
import { isError, newHex, type Opened, race } from '../support.ts'

export function sessionRules(opened: () => Opened): void {
  describe('sessions', () => {
    const store = async ({ storage }: Opened, session: Session) => {
      await storage.write((tables) => tables.sessions.insert(session))
      return session
    }

    test('a session is found by its lookup as it was stored', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const plain = await store(opened(), newSession(owner))
      const full = await store(
        opened(),
        newSession(owner, {
          locale: 'zh-Hant',
          allowedSources: [8, 11],
          redirectUri: 'https://app.example.com/done?a=%20',
          label: 'Größe „x“',
          endedAt: NOW + 1,
        }),
      )
      const none = await store(opened(), newSession(owner, { allowedSources: [] }))
      for (const session of [plain, full, none])
        assert.deepEqual(await storage.read.sessions.find(session.lookup), session)
      assert.equal(await storage.read.sessions.find(newHex(16)), null)
    })

    test('a lookup that is taken is a conflict, and the session that has it stays', async () => {
      const { storage } = opened()
      const session = await store(opened(), newSession(await storeEndUser(storage)))
      await assert.rejects(store(opened(), { ...session, tokenHash: 'another' }), isError('conflict'))
      assert.deepEqual(await storage.read.sessions.find(session.lookup), session)
    })

    test('a session ends once', async () => {
      const { storage } = opened()
      const session = await store(opened(), newSession(await storeEndUser(storage)))
      const end = (now: number) =>
        storage.write((tables) => tables.sessions.end(session.applicationId, session.lookup, now))
      assert.equal(await end(NOW + 1), true)
      assert.equal(await end(NOW + 2), false)
      assert.equal((await storage.read.sessions.find(session.lookup))?.endedAt, NOW + 1)
    })

    test('an expired session is not living and cannot be ended', async () => {
      const { storage } = opened()
      const session = await store(opened(), newSession(await storeEndUser(storage), { expiresAt: NOW }))
      const { applicationId, lookup } = session
      assert.equal(await storage.write((tables) => tables.sessions.end(applicationId, lookup, NOW)), false)
      assert.equal((await storage.read.sessions.find(lookup))?.endedAt, null)
    })

    test('all living sessions of one end user end together', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const other = await storeEndUser(storage, { applicationId: owner.applicationId })
      const living = [await store(opened(), newSession(owner)), await store(opened(), newSession(owner))]
      const ended = await store(opened(), newSession(owner, { endedAt: NOW }))
      const expired = await store(opened(), newSession(owner, { expiresAt: NOW }))
      const foreign = await store(opened(), newSession(other))
      const count = await storage.write((tables) =>
        tables.sessions.endAllOf(owner.applicationId, owner.id, NOW + 1),
      )
      assert.equal(count, 2)
      const endedAt = async ({ lookup }: Session) => (await storage.read.sessions.find(lookup))?.endedAt
      assert.deepEqual(await Promise.all(living.map(endedAt)), [NOW + 1, NOW + 1])
      assert.deepEqual(await Promise.all([ended, expired, foreign].map(endedAt)), [NOW, null, null])
    })

    test('all living sessions of one application end, a few at a time, but those made later', async () => {
      const { storage, replica } = opened()
      const owner = await storeEndUser(storage)
      const other = await storeEndUser(storage, { applicationId: owner.applicationId })
      const living = [newSession(owner), newSession(other), newSession(owner)]
      const left = [
        newSession(owner, { endedAt: NOW - 5 }),
        newSession(owner, { expiresAt: NOW + 1 }),
        newSession(owner, { createdAt: NOW + 2 }),
        newSession(await storeEndUser(storage)),
      ]
      for (const session of [...living, ...left]) await store(opened(), session)
      const end = () => storage.write((tables) => tables.sessions.endAll(owner.applicationId, NOW + 1, 2))
      assert.deepEqual([await end(), await end(), await end()], [2, 1, 0])
      const endedAt = async ({ lookup }: Session) => (await replica.read.sessions.find(lookup))?.endedAt
      assert.deepEqual(await Promise.all(living.map(endedAt)), [NOW + 1, NOW + 1, NOW + 1])
      assert.deepEqual(await Promise.all(left.map(endedAt)), [NOW - 5, null, null, null])
    })

    test('sessions that expired long ago are removed, a few at a time', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const before = NOW - 1_000 * MINUTE
      const old = [1, 2, 3].map((n) => newSession(owner, { expiresAt: before - n }))
      const kept = newSession(owner, { expiresAt: before })
      for (const session of [...old, kept]) await store(opened(), session)
      const sweep = () => storage.write((tables) => tables.sessions.deleteExpired(before, 2))
      assert.deepEqual([await sweep(), await sweep(), await sweep()], [2, 1, 0])
      assert.equal(await storage.read.sessions.find(old[0]?.lookup ?? ''), null)
      assert.deepEqual(await storage.read.sessions.find(kept.lookup), kept)
    })
  })
}

export function attemptRules(opened: () => Opened): void {
  describe('attempts', () => {
    const store = async ({ storage }: Opened, given: Parameters<typeof newAttempt>[1] = {}) => {
      const attempt = newAttempt(await storeEndUser(storage), given)
      await storage.write((tables) => tables.attempts.insert(attempt))
      return attempt
    }

    test('an attempt is found by its id, its state and its reference as it was stored', async () => {
      const { storage } = opened()
      const { attempts } = storage.read
      const attempt = await store(opened(), {
        redirectQuery: 'a=%2F&b',
        locale: 'de',
        connected: false,
        error: 'access_denied',
        cause: 'refused',
        connectionId: asConnectionId(newHex()),
        returnedAt: NOW + 1,
        finishedAt: NOW + 2,
      })
      assert.deepEqual(await attempts.find(attempt.id), attempt)
      assert.deepEqual(await attempts.findByState(referenceOf(attempt.id), attempt.stateHash ?? ''), attempt)
      assert.deepEqual(
        await attempts.findByReference(attempt.applicationId, referenceOf(attempt.id)),
        attempt,
      )
      const other = newAttempt(newEndUser(attempt.applicationId))
      assert.equal(await attempts.find(other.id), null)
      assert.equal(await attempts.findByState(referenceOf(attempt.id), newHex(43)), null)
      assert.equal(await attempts.findByState(referenceOf(other.id), attempt.stateHash ?? ''), null)
      assert.equal(await attempts.findByReference(attempt.applicationId, referenceOf(other.id)), null)
      assert.equal(await attempts.find(asAttemptId(referenceOf(attempt.id))), null)
    })

    test('a request token is kept with its attempt until the attempt ends', async () => {
      const { storage } = opened()
      const { attempts } = storage.read
      for (const end of ['done', 'failed'] as const) {
        const attempt = await store(opened(), { sealedRequestToken: 'sealed' })
        assert.equal((await attempts.find(attempt.id))?.sealedRequestToken, 'sealed')
        const claimed = await storage.write((tables) =>
          tables.attempts.transition(attempt.id, 'created', { status: 'exchanging', returnedAt: NOW }),
        )
        assert.equal(claimed?.sealedRequestToken, 'sealed')
        const ended = await storage.write((tables) =>
          tables.attempts.transition(attempt.id, 'exchanging', { status: end, finishedAt: NOW }),
        )
        assert.equal(ended?.sealedRequestToken, null)
        assert.equal((await attempts.find(attempt.id))?.sealedRequestToken, null)
      }
    })

    test('many disconnects, which have no state, stand beside each other', async () => {
      const { storage } = opened()
      const given = {
        action: 'disconnect',
        stateHash: null,
        vendor: null,
        sourceId: null,
      } as const
      const stored = await race(3, [storage], () => store(opened(), given))
      for (const attempt of stored) assert.deepEqual(await storage.read.attempts.find(attempt.id), attempt)
    })

    test('of two attempts with one reference, the state tells which', async () => {
      const { storage } = opened()
      const attempt = await store(opened())
      const reference = referenceOf(attempt.id)
      const twin = await store(opened(), { id: asAttemptId(reference + newHex(26).toUpperCase()) })
      for (const { stateHash, ...one } of [attempt, twin])
        assert.deepEqual(await storage.read.attempts.findByState(reference, stateHash ?? ''), {
          ...one,
          stateHash,
        })
    })

    test('an id that is taken, an end user who is not there: a conflict, and nothing is stored', async () => {
      const { storage } = opened()
      const attempt = await store(opened())
      const orphan = newAttempt(newEndUser(attempt.applicationId))
      for (const refused of [{ ...attempt, sourceId: 8 }, orphan])
        await assert.rejects(
          storage.write((tables) => tables.attempts.insert(refused)),
          isError('conflict'),
        )
      assert.deepEqual(await storage.read.attempts.find(attempt.id), attempt)
      assert.equal(await storage.read.attempts.find(orphan.id), null)
    })

    test('a state is consumed once by fifty callers at the same time, on two replicas', async () => {
      const { storage, replica, raw } = opened()
      const attempt = await store(opened())
      const consumed = await race(50, [storage, replica], ({ write }, caller) =>
        write(({ attempts }) =>
          attempts.transition(attempt.id, 'created', { status: 'exchanging', returnedAt: NOW + caller }),
        ),
      )
      const winners = consumed.filter((one) => one !== null)
      assert.equal(winners.length, 1)
      const won = consumed.findIndex((one) => one !== null)
      assert.deepEqual(winners, [{ ...attempt, status: 'exchanging', returnedAt: NOW + won }])
      const [row] = await raw.query(`select status, returned_at from attempts where id = '${attempt.id}'`)
      assert.deepEqual([row?.['status'], Number(row?.['returned_at'])], ['exchanging', NOW + won])
    })

    test('an attempt goes from step to step, and each change is whole', async () => {
      const { storage } = opened()
      const attempt = await store(opened())
      const { write, read } = storage
      const done = { status: 'done', connected: true, connectionId: asConnectionId(newHex()) } as const
      const skipped = await write(({ attempts }) => attempts.transition(attempt.id, 'exchanging', done))
      assert.equal(skipped, null)
      assert.deepEqual(await read.attempts.find(attempt.id), attempt)
      await write(({ attempts }) =>
        attempts.transition(attempt.id, 'created', { status: 'exchanging', returnedAt: NOW + 1 }),
      )
      const finished = await write(({ attempts }) =>
        attempts.transition(attempt.id, 'exchanging', { ...done, finishedAt: NOW + 2 }),
      )
      assert.deepEqual(finished, { ...attempt, ...done, returnedAt: NOW + 1, finishedAt: NOW + 2 })
      assert.deepEqual(await read.attempts.find(attempt.id), finished)
      const late = await write(({ attempts }) =>
        attempts.transition(attempt.id, 'created', { status: 'failed' }),
      )
      assert.equal(late, null)
    })

    test('a transition that is undone with its unit has not happened', async () => {
      const { storage } = opened()
      const attempt = await store(opened())
      const undone = storage.write(async ({ attempts }) => {
        await attempts.transition(attempt.id, 'created', { status: 'exchanging' })
        throw new Error('undo')
      })
      await assert.rejects(undone, /undo/)
      assert.deepEqual(await storage.read.attempts.find(attempt.id), attempt)
    })

    test('the last attempts of an end user that left the start are found, the newest first', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const stranger = await storeEndUser(storage)
      const [done, created, failed, pending] = (['done', 'created', 'failed', 'pending'] as const).map(
        (status, index) => newAttempt(owner, { status, createdAt: NOW + index * MINUTE }),
      )
      assert.ok(done && created && failed && pending)
      await storage.write(async ({ attempts }) => {
        for (const one of [pending, done, failed, created, newAttempt(stranger, { status: 'failed' })])
          await attempts.insert(one)
      })
      const latestOf = (after: number, limit: number) =>
        storage.read.attempts.latestOf(owner.applicationId, owner.id, after, limit)
      assert.deepEqual(await latestOf(NOW - 1, 5), [pending, failed, done])
      assert.deepEqual(await latestOf(NOW, 1), [pending])
      assert.deepEqual(await latestOf(NOW + 3 * MINUTE, 5), [])
      const pageOf = (before: string | null, limit: number) =>
        storage.read.attempts.pageOf(owner.applicationId, owner.id, before, limit)
      assert.deepEqual(await pageOf(null, 5), [pending, failed, done])
      assert.deepEqual(await pageOf(null, 2), [pending, failed])
      assert.deepEqual(await pageOf(cookieKeyOf(failed.id), 2), [done])
      assert.deepEqual(await pageOf(cookieKeyOf(done.id), 2), [])
    })

    test('overdue attempts are found by their own clock, oldest first', async () => {
      const { storage } = opened()
      const before = NOW - 5_000 * MINUTE
      const late = await store(opened(), { expiresAt: before - 1 })
      const later = await store(opened(), { expiresAt: before - 2 })
      await store(opened(), { expiresAt: before })
      const cut = await store(opened(), { status: 'exchanging', expiresAt: NOW, returnedAt: before - 1 })
      await store(opened(), { status: 'exchanging', expiresAt: before - 9, returnedAt: before })
      await store(opened(), { status: 'failed', expiresAt: before - 9, returnedAt: before - 9 })
      const { attempts } = storage.read
      assert.deepEqual(await attempts.overdue('created', before, 5), [later, late])
      assert.deepEqual(await attempts.overdue('created', before, 1), [later])
      assert.deepEqual(await attempts.overdue('exchanging', before, 5), [cut])
    })

    test('finished attempts are removed when they are old, a few at a time, open ones never', async () => {
      const { storage } = opened()
      const before = NOW - 9_000 * MINUTE
      const old = { createdAt: before - 1 }
      for (const status of ['done', 'failed', 'done'] as const) await store(opened(), { ...old, status })
      const kept = [
        await store(opened(), { ...old, status: 'created' }),
        await store(opened(), { ...old, status: 'exchanging', returnedAt: NOW }),
        await store(opened(), { createdAt: before, status: 'done' }),
      ]
      const sweep = () => storage.write((tables) => tables.attempts.deleteFinished(before, 2))
      assert.deepEqual([await sweep(), await sweep(), await sweep()], [2, 1, 0])
      for (const attempt of kept) assert.deepEqual(await storage.read.attempts.find(attempt.id), attempt)
    })
  })
}
