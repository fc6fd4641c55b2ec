// Jobs that one worker holds at a time, lists, settings, and requests that are answered once.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ApplicationId } from '../../../src/model/ids.ts'
import type { Revocation } from '../../../src/model/revocation.ts'
import { MINUTE, NOW, newApplication, newRevocation } from '../rows.ts'
import { type Opened, race } from '../support.ts'

export function revocationRules(opened: () => Opened): void {
  describe('revocations', () => {
    const store = async ({ storage }: Opened, given: Partial<Revocation> = {}) => {
      const revocation = newRevocation(newApplication(), given)
      await storage.write((tables) => tables.revocations.enqueue(revocation))
      return revocation
    }
    const lease = ({ storage }: Opened, owner: string, now: number, limit = 1000) =>
      storage.write((tables) => tables.revocations.lease(owner, now, now + MINUTE, limit))
    const find = async ({ storage }: Opened, { applicationId, connectionId }: Revocation) =>
      (await storage.read.revocations.listOf(applicationId, connectionId))[0]

    test('all revocations of a connection are listed, oldest first, as they were stored', async () => {
      const { storage } = opened()
      const second = await store(opened(), { createdAt: NOW + 2, status: 'gave_up', cause: 'status_500' })
      const { applicationId, connectionId } = second
      const first = newRevocation(applicationId, { connectionId, createdAt: NOW + 1, finishedAt: NOW })
      await storage.write((tables) => tables.revocations.enqueue(first))
      assert.deepEqual(await storage.read.revocations.listOf(applicationId, connectionId), [first, second])
    })

    test('a job is taken when it is due, counted, and not taken again while it is held', async () => {
      const day = NOW - 1_000 * MINUTE
      const due = await store(opened(), { nextTryAt: day })
      const early = await store(opened(), { nextTryAt: day - 1, tries: 4 })
      await store(opened(), { nextTryAt: day + 1 })
      await store(opened(), { nextTryAt: day - 2, status: 'revoked' })
      const taken = await lease(opened(), 'one', day)
      const held = { leaseOwner: 'one', leaseUntil: day + MINUTE }
      assert.deepEqual(taken, [
        { ...early, ...held, tries: 5 },
        { ...due, ...held, tries: 1 },
      ])
      assert.deepEqual(await find(opened(), due), taken[1])
      assert.deepEqual(await lease(opened(), 'two', day), [])
    })

    test('a hundred jobs are shared by workers who race on two replicas, each to one', async () => {
      const { storage, replica } = opened()
      const day = NOW - 2_000 * MINUTE
      await race(100, [storage], () => store(opened(), { nextTryAt: day }))
      const taken = await race(10, [storage, replica], ({ write }, worker) =>
        write((tables) => tables.revocations.lease(`worker ${worker}`, day, day + MINUTE, 15)),
      )
      assert.ok(taken.every((jobs) => jobs.length <= 15))
      const rest = await lease(opened(), 'the last', day)
      const ids = [...taken.flat(), ...rest].map(({ id }) => id)
      assert.deepEqual([ids.length, new Set(ids).size], [100, 100])
    })

    test('a lease that ran out is taken over, and who lost it changes nothing', async () => {
      const { storage } = opened()
      const day = NOW - 3_000 * MINUTE
      const job = await store(opened(), { nextTryAt: day })
      await lease(opened(), 'slow', day)
      assert.deepEqual(await lease(opened(), 'early', day + MINUTE - 1), [])
      const [taken] = await lease(opened(), 'quick', day + MINUTE)
      assert.deepEqual([taken?.id, taken?.tries, taken?.leaseOwner], [job.id, 2, 'quick'])

      const settle = (owner: string) =>
        storage.write((tables) =>
          tables.revocations.settle(job.id, owner, day + MINUTE, {
            status: 'revoked',
            finishedAt: NOW,
            sealedTokens: null,
          }),
        )
      assert.equal(await settle('slow'), false)
      assert.deepEqual(await find(opened(), job), taken)
      assert.equal(await settle('quick'), true)
      const settled = {
        status: 'revoked',
        finishedAt: NOW,
        sealedTokens: null,
        leaseOwner: null,
        leaseUntil: null,
      }
      assert.deepEqual(await find(opened(), job), { ...taken, ...settled })
      assert.equal(await settle('quick'), false)
    })

    test('renewed tokens are kept by who holds the job, and the job stays held', async () => {
      const { storage } = opened()
      const day = NOW - 3_500 * MINUTE
      const job = await store(opened(), { nextTryAt: day })
      const renew = (owner: string, sealedTokens: string, accessExpiresAt: number | null) =>
        storage.write((tables) =>
          tables.revocations.keepTokens(job.id, owner, { sealedTokens, accessExpiresAt }),
        )
      assert.equal(await renew('one', 'early', NOW), false)
      const [taken] = await lease(opened(), 'one', day)
      assert.equal(await renew('other', 'stolen', NOW), false)
      assert.deepEqual(await find(opened(), job), taken)
      assert.equal(await renew('one', 'renewed', NOW + 1), true)
      assert.deepEqual(await find(opened(), job), {
        ...taken,
        sealedTokens: 'renewed',
        accessExpiresAt: NOW + 1,
      })
      assert.equal(await renew('one', 'lasting', null), true)
      assert.deepEqual(await find(opened(), job), {
        ...taken,
        sealedTokens: 'lasting',
        accessExpiresAt: null,
      })
    })

    test('a request that ends an account is noted by who holds the job, and stays known when it is over', async () => {
      const { storage } = opened()
      const day = NOW - 4_500 * MINUTE
      const job = await store(opened(), { nextTryAt: day })
      const account = `digest of ${job.id}`
      const open = (owner: string) =>
        storage.write((tables) => tables.revocations.open(job.id, owner, account, day + 9))
      const settle = (now: number) =>
        storage.write((tables) => tables.revocations.settle(job.id, 'one', now, { accountId: '' }))
      const sentFor = (since: number, digest = account) => storage.read.revocations.sentFor(digest, since)
      assert.equal(await open('one'), false)
      await lease(opened(), 'one', day)
      assert.equal(await open('other'), false)
      assert.deepEqual(await sentFor(day), [])
      assert.equal(await open('one'), true)
      assert.deepEqual(await sentFor(day + 8), [{ id: job.id, sendingUntil: day + 9 }])
      assert.deepEqual(await sentFor(day + 9), [])
      assert.deepEqual(await sentFor(day, 'somebody else'), [])
      assert.equal(await settle(day + 5), true)
      assert.deepEqual(await sentFor(day + 4), [{ id: job.id, sendingUntil: day + 5 }])
      assert.deepEqual(await sentFor(day + 5), [])
    })

    test('a request of a try whose worker died keeps its time when a later try sends none', async () => {
      const { storage } = opened()
      const day = NOW - 4_600 * MINUTE
      const job = await store(opened(), { nextTryAt: day })
      await lease(opened(), 'dead', day)
      await storage.write((tables) => tables.revocations.open(job.id, 'dead', 'an account', day + 9))
      await lease(opened(), 'next', day + MINUTE)
      await storage.write((tables) =>
        tables.revocations.settle(job.id, 'next', day + MINUTE, { status: 'superseded' }),
      )
      assert.deepEqual((await find(opened(), job))?.sendingUntil, day + 9)
    })

    test('requests that are long over are forgotten, a few at a time, and their jobs stay', async () => {
      const { storage } = opened()
      const day = NOW - 5_000 * MINUTE
      const sent = (sendingUntil: number) => store(opened(), { sendingUntil, accountDigest: 'forgotten' })
      const jobs = [await sent(day - 3), await sent(day - 2), await sent(day - 1), await sent(day)]
      const forget = () => storage.write((tables) => tables.revocations.forgetSent(day, 2))
      assert.deepEqual([await forget(), await forget(), await forget()], [2, 1, 0])
      assert.deepEqual(
        (await storage.read.revocations.sentFor('forgotten', 0)).map(({ id }) => id),
        [jobs[3]?.id],
      )
      const [first] = jobs
      assert.ok(first)
      assert.deepEqual(await find(opened(), first), { ...first, sendingUntil: null, accountDigest: null })
    })

    test('a failed try gives the job back for later', async () => {
      const { storage } = opened()
      const day = NOW - 4_000 * MINUTE
      const job = await store(opened(), { nextTryAt: day })
      await lease(opened(), 'one', day)
      const later = { nextTryAt: day + 5, cause: 'status_503' }
      assert.ok(await storage.write((tables) => tables.revocations.settle(job.id, 'one', day, later)))
      assert.deepEqual(await find(opened(), job), { ...job, ...later, tries: 1 })
      assert.deepEqual(await lease(opened(), 'two', day + 4), [])
      assert.equal((await lease(opened(), 'two', day + 5)).length, 1)
    })
  })
}

export function recordRules(opened: () => Opened): void {
  describe('redirect URIs and records', () => {
    test('a redirect URI is listed once, byte for byte, and the list is in byte order', async () => {
      const { storage } = opened()
      const { write, read } = storage
      const applicationId = newApplication()
      const uris = [
        'https://b.example.com/',
        'https://B.example.com/',
        'https://a.example.com/',
        'myapp://done',
      ]
      for (const uri of uris)
        assert.ok(await write((tables) => tables.redirectUris.add(applicationId, uri, NOW)))
      assert.equal(
        await write(({ redirectUris }) => redirectUris.add(applicationId, 'myapp://done', NOW)),
        false,
      )
      assert.deepEqual(await read.redirectUris.list(applicationId), uris.toSorted())
      assert.equal(await read.redirectUris.has(applicationId, 'myapp://done'), true)
      assert.equal(await read.redirectUris.has(applicationId, 'myapp://Done'), false)
      assert.ok(await write(({ redirectUris }) => redirectUris.remove(applicationId, 'myapp://done')))
      assert.equal(
        await write(({ redirectUris }) => redirectUris.remove(applicationId, 'myapp://done')),
        false,
      )
      assert.equal(await read.redirectUris.has(applicationId, 'myapp://done'), false)
    })

    test('fifty who put a setting at the same time, on two replicas, all get the one that is stored', async () => {
      const { storage, replica, raw } = opened()
      const got = await race(50, [storage, replica], ({ write }, caller) =>
        write((tables) => tables.records.putSettingIfAbsent('pepper', `value ${caller}`)),
      )
      const rows = await raw.query(`select value from settings where name = 'pepper'`)
      assert.deepEqual([rows.length, new Set(got).size], [1, 1])
      assert.equal(rows[0]?.['value'], got[0])
      await storage.write((tables) => tables.records.replaceSetting('pepper', 'new'))
      await storage.write((tables) => tables.records.replaceSetting('salt', 'fresh'))
      const put = (name: string) =>
        storage.write((tables) => tables.records.putSettingIfAbsent(name, 'ignored'))
      assert.deepEqual([await put('pepper'), await put('salt')], ['new', 'fresh'])
    })
  })

  describe('idempotency keys', () => {
    const claim = (
      { storage }: Pick<Opened, 'storage'>,
      applicationId: ApplicationId,
      key: string,
      given: { requestHash?: string; now?: number; staleBefore?: number; expiredBefore?: number } = {},
    ) =>
      storage.write((tables) =>
        tables.records.claimIdempotencyKey(
          applicationId,
          key,
          given.requestHash ?? 'hash',
          given.now ?? NOW,
          given.staleBefore ?? NOW - MINUTE,
          given.expiredBefore ?? NOW - 60 * MINUTE,
        ),
      )
    const answer = ({ storage }: Opened, applicationId: ApplicationId, key: string, status: number | null) =>
      storage.write((tables) =>
        tables.records.answerIdempotencyKey(
          applicationId,
          key,
          status,
          status === null ? null : `answer ${status}`,
        ),
      )

    test('of fifty who claim one key at the same time, on two replicas, one is the first', async () => {
      const { storage, replica } = opened()
      const applicationId = newApplication()
      const claims = await race(50, [storage, replica], (one, caller) =>
        claim({ storage: one }, applicationId, 'key', { requestHash: `hash ${caller}` }),
      )
      const first = claims.indexOf(null)
      assert.equal(claims.filter((one) => one === null).length, 1)
      const known = { requestHash: `hash ${first}`, status: null, body: null, createdAt: NOW }
      assert.deepEqual(
        claims.filter((one) => one !== null),
        Array.from({ length: 49 }, () => known),
      )
    })

    test('the answer of the first is what everybody gets, and it is not replaced', async () => {
      const applicationId = newApplication()
      assert.equal(await claim(opened(), applicationId, 'key'), null)
      await answer(opened(), applicationId, 'key', 201)
      await answer(opened(), applicationId, 'key', 500)
      await answer(opened(), applicationId, 'key', null)
      assert.deepEqual(await claim(opened(), applicationId, 'key', { requestHash: 'other', now: NOW + 1 }), {
        requestHash: 'hash',
        status: 201,
        body: 'answer 201',
        createdAt: NOW,
      })
    })

    test('a key that is given back can be claimed', async () => {
      const applicationId = newApplication()
      await claim(opened(), applicationId, 'key')
      await answer(opened(), applicationId, 'key', null)
      assert.equal(await claim(opened(), applicationId, 'key'), null)
    })

    test('a claim without an answer is taken over when it is stale, an answer when it has expired', async () => {
      const applicationId = newApplication()
      for (const key of ['open', 'answered']) await claim(opened(), applicationId, key)
      await answer(opened(), applicationId, 'answered', 200)
      const at = (key: string, staleBefore: number, expiredBefore: number) =>
        claim(opened(), applicationId, key, { requestHash: 'next', now: NOW + 9, staleBefore, expiredBefore })
      assert.equal((await at('open', NOW, NOW))?.requestHash, 'hash')
      assert.equal(await at('open', NOW + 1, NOW), null)
      assert.equal((await at('answered', NOW + 1, NOW))?.status, 200)
      assert.equal(await at('answered', NOW + 1, NOW + 1), null)
      const known = { requestHash: 'next', status: null, body: null, createdAt: NOW + 9 }
      assert.deepEqual(await claim(opened(), applicationId, 'answered'), known)
    })

    test('old keys are removed, a few at a time', async () => {
      const { storage } = opened()
      const before = NOW - 1_000 * MINUTE
      const applicationId = newApplication()
      for (const n of [1, 2, 3]) await claim(opened(), applicationId, `old ${n}`, { now: before - n })
      await claim(opened(), applicationId, 'kept', { now: before })
      const sweep = () => storage.write((tables) => tables.records.deleteIdempotencyKeys(before, 2))
      assert.deepEqual([await sweep(), await sweep(), await sweep()], [2, 1, 0])
      assert.equal(
        (await claim(opened(), applicationId, 'kept', { expiredBefore: 0, staleBefore: 0 }))?.createdAt,
        before,
      )
    })
  })
}
