// After a disconnect the grant is ended at the vendor by a durable queue: tried again while the vendor is down, never
// carried out where it would cut a connection that lives.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, type Person, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A } from '../support/world.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const SOURCES = [
  ['strava', 11, 'app-a'],
  ['withings', 8, 'app-a'],
  ['google-health', 1, 'app-a'],
  ['fitbit', 1, 'app-a-legacy'],
] as const

onBothDatabases('ending a grant at the vendor', (world) => {
  const connected = async (source = 11, application = 'app-a', person: Person = newPerson(world())) => {
    const backend = backendOf(world(), application)
    const { endUserId, token } = await backend.newSession()
    await person.connect(link('Connection', token, source))
    assert.deepEqual(await backend.connectedSources(endUserId), [source])
    const disconnect = async () => {
      const returned = await person.get(link('Revoke', token, source, { direct: 'true' }))
      return new URL(returned.headers.get('location') ?? '').searchParams.get('connected')
    }
    return { backend, endUserId, token, person, disconnect }
  }
  const livingGrants = (account: string) =>
    world()
      .sandbox.control.grants()
      .filter((grant) => grant.account === account && grant.ended === null)
      .map(({ vendor }) => vendor)
  const revokeCalls = () => world().sandbox.control.calls({ operation: 'revoke' }).length
  /** The newest job about one end user's connections, and what our own API tells of it. */
  const jobOf = async (endUserId: string) => {
    const [job] = await query(
      world(),
      `select status, cause, tries, next_try_at, sealed_tokens from revocations
       where connection_id in (select id from connections where end_user_id = ?) order by created_at desc`,
      [endUserId],
    )
    return job
  }
  const finishEvents = async (endUserId: string) =>
    (
      await query(
        world(),
        `select detail from events where end_user_id = ? and type = 'connection.revocation_finished' order by sequence`,
        [endUserId],
      )
    ).map(({ detail }) => JSON.parse(String(detail)).revocation)

  for (const [vendor, source, application] of SOURCES)
    it(`${vendor}: the grant is ended there, once, and the job is told as revoked`, async () => {
      const { endUserId, person, disconnect } = await connected(source, application)
      assert.deepEqual(livingGrants(person.account), [vendor])
      assert.equal(await disconnect(), 'false')
      const before = revokeCalls()
      await world().sweep()
      assert.deepEqual(livingGrants(person.account), [])
      assert.equal((await jobOf(endUserId))?.['status'], 'revoked')
      assert.deepEqual(await finishEvents(endUserId), ['revoked'])
      world().advance(DAY_MS)
      await world().sweep()
      assert.equal(revokeCalls() - before, 1)
    })

  for (const [vendor, source, application] of SOURCES)
    it(`${vendor}: while it is down the person is disconnected at once, and the grant ends when it is back [T084]`, async () => {
      const { backend, endUserId, person, disconnect } = await connected(source, application)
      world().network.setReachable(false)
      assert.equal(await disconnect(), 'false')
      assert.deepEqual(await backend.connectedSources(endUserId), [])
      const waits: number[] = []
      for (let round = 0; round < 6; round++) {
        await world().sweep()
        const job = await jobOf(endUserId)
        assert.deepEqual(
          [job?.['status'], job?.['cause'], Number(job?.['tries'])],
          ['pending', 'connection_refused', round + 1],
        )
        const waitMs = Number(job?.['next_try_at']) - world().now()
        waits.push(waitMs)
        world().advance(waitMs - 1)
        await world().sweep()
        assert.equal(Number((await jobOf(endUserId))?.['tries']), round + 1, 'not before its time')
        world().advance(1)
      }
      for (const [i, wait] of waits.entries()) {
        const full = limits.revocationBackoffMs.first * 2 ** (i + 1)
        assert.ok(wait >= full / 2 && wait <= full, `${wait} ms after try ${i + 1}`)
      }
      assert.deepEqual(livingGrants(person.account), [vendor])
      world().network.setReachable(true)
      await world().sweep()
      assert.equal((await jobOf(endUserId))?.['status'], 'revoked')
      assert.deepEqual(livingGrants(person.account), [])
      assert.deepEqual(await finishEvents(endUserId), ['revoked'])
    })

  it('a vendor that answers with an error is asked again, and the wait that it names is kept [T084]', async () => {
    const { endUserId, person, disconnect } = await connected(11)
    for (const status of [500, 429, 401])
      world().sandbox.control.addFault({
        vendor: 'strava',
        operation: 'revoke',
        fault: { kind: 'status', status, ...(status === 429 ? { retryAfterSeconds: 7200 } : {}) },
      })
    await disconnect()
    await world().sweep()
    world().advance(MINUTE_MS)
    await world().sweep()
    const job = await jobOf(endUserId)
    assert.equal(Number(job?.['next_try_at']) - world().now(), 7_200_000)
    world().advance(7_200_000)
    await world().sweep()
    assert.equal((await jobOf(endUserId))?.['status'], 'pending', 'a refusal may be a mistake of today')
    world().advance(MINUTE_MS)
    await world().sweep()
    assert.equal((await jobOf(endUserId))?.['status'], 'revoked')
    assert.deepEqual(livingGrants(person.account), [])
  })

  it('after thirty days without an answer it is given up, and the tokens are destroyed [T084]', async () => {
    const { endUserId, disconnect } = await connected(11)
    world().network.setReachable(false)
    await disconnect()
    for (let day = 0; day <= 31; day++) {
      await world().sweep()
      world().advance(DAY_MS)
    }
    world().network.setReachable(true)
    const job = await jobOf(endUserId)
    assert.deepEqual([job?.['status'], job?.['sealed_tokens']], ['gave_up', null])
    assert.deepEqual(await finishEvents(endUserId), ['gave_up'])
    const warned = world().log.some(
      ({ message, fields }) => /gave_up/.test(message) && fields['vendor'] === 'strava',
    )
    assert.ok(warned, 'the log says so')
  })

  it('a client or a key that the configuration lost for a while costs no grant [T102]', async () => {
    const [k1 = '', k2 = ''] = [7, 9].map((byte) => Buffer.alloc(32, byte).toString('base64'))
    const former = { id: 'k1', key: k1 }
    for (const [mistake, cause] of [
      [{ withClients: false }, 'no_client'],
      [{ keys: [former] }, 'vault_unknown_key'],
    ] as const) {
      await world().restart({ keys: [{ id: 'k2', key: k2 }, former] })
      const { endUserId, person, disconnect } = await connected(11)
      await disconnect()
      await world().restart(mistake)
      await world().sweep()
      const job = await jobOf(endUserId)
      assert.deepEqual([job?.['status'], job?.['cause']], ['pending', cause])
      await world().restart({ keys: [{ id: 'k2', key: k2 }, former] })
      world().advance(MINUTE_MS)
      await world().sweep()
      assert.equal((await jobOf(endUserId))?.['status'], 'revoked')
      assert.deepEqual(livingGrants(person.account), [])
    }
    await world().restart()
  })

  it('a grant that the person has ended at the vendor already counts as ended', async () => {
    for (const [, source, application] of SOURCES.filter(([vendor]) => vendor !== 'withings')) {
      const { endUserId, person, disconnect } = await connected(source, application)
      for (const grant of world().sandbox.control.grants())
        if (grant.account === person.account) world().sandbox.control.revokeGrant(grant.id)
      await disconnect()
      await world().sweep()
      assert.equal((await jobOf(endUserId))?.['status'], 'revoked')
    }
  })

  it('is not tried where the same person has connected the account again meanwhile [revocation never hits a living connection]', async () => {
    for (const [vendor, source, application] of SOURCES) {
      const { backend, endUserId, token, person, disconnect } = await connected(source, application)
      world().network.setReachable(false)
      await disconnect()
      await world().sweep()
      world().network.setReachable(true)
      const before = revokeCalls()
      await person.connect(link('Connection', token, source))
      world().advance(DAY_MS)
      await world().sweep()
      const job = await jobOf(endUserId)
      assert.deepEqual([job?.['status'], job?.['sealed_tokens']], ['superseded', null])
      assert.equal(revokeCalls(), before)
      assert.deepEqual(livingGrants(person.account), [vendor])
      assert.deepEqual(await backend.connectedSources(endUserId), [source])
      assert.deepEqual(await finishEvents(endUserId), ['superseded'])
    }
  })

  it('waits while the same person is just coming back, so that the new grant is not ended before it is stored', async () => {
    for (const [vendor, source, application] of SOURCES) {
      const { backend, endUserId, token, person, disconnect } = await connected(source, application)
      await disconnect()
      const callback = await person.consent(link('Connection', token, source))
      const before = revokeCalls()
      // The first call after the consent is the token request, whose address has this part everywhere.
      world().network.beforeAnswerOf('oauth', () => world().sweep())
      await person.get(callback)
      world().advance(limits.sweepIntervalMs)
      await world().sweep()
      assert.equal((await jobOf(endUserId))?.['status'], 'superseded')
      assert.equal(revokeCalls(), before)
      assert.deepEqual(livingGrants(person.account), [vendor])
      assert.deepEqual(await backend.connectedSources(endUserId), [source])
    }
  })

  it('is not tried while another application shares the client and holds the account: the last one ends it', async () => {
    const person = newPerson(world())
    const [live, staging] = [
      await connected(11, 'app-a', person),
      await connected(11, 'app-a-staging', person),
    ]
    const before = revokeCalls()
    await live.disconnect()
    await world().sweep()
    assert.equal((await jobOf(live.endUserId))?.['status'], 'superseded')
    assert.equal(revokeCalls(), before)
    assert.deepEqual(await staging.backend.connectedSources(staging.endUserId), [11])
    await staging.disconnect()
    await world().sweep()
    assert.equal((await jobOf(staging.endUserId))?.['status'], 'revoked')
    assert.deepEqual(livingGrants(person.account), [])
  })

  it('two workers at the same time carry out each job once', async () => {
    const people = [await connected(11), await connected(11), await connected(11), await connected(11)]
    for (const { disconnect } of people) await disconnect()
    const before = revokeCalls()
    await Promise.all([world().sweep(), world().sweep(), world().sweep()])
    assert.equal(revokeCalls() - before, 4)
  })

  it('a worker that died leaves a job that another one takes when its hold has passed', async () => {
    const { endUserId, person, disconnect } = await connected(11)
    await disconnect()
    await world().context.storage.write(({ revocations }) =>
      revocations.lease('dead', world().now(), world().now() + limits.jobLeaseMs, 10),
    )
    await world().sweep()
    assert.deepEqual(livingGrants(person.account), ['strava'])
    world().advance(limits.jobLeaseMs)
    await world().sweep()
    assert.deepEqual(livingGrants(person.account), [])
    assert.equal((await jobOf(endUserId))?.['status'], 'revoked')
  })

  it('the application can follow it over our own API, which shows no token', async () => {
    const { backend, endUserId, disconnect } = await connected(11)
    await disconnect()
    await world().sweep()
    const listed = await backend.api('GET', `/users/${endUserId}/connections`)
    const { data } = (await listed.json()) as { data: { id: string; status: string }[] } // our own API's list
    assert.equal(data[0]?.status, 'disconnected')
    const text = await (await backend.api('GET', `/connections/${data[0]?.id}`)).text()
    assert.deepEqual(
      JSON.parse(text).revocations.map(({ status }: { status: string }) => status),
      ['revoked'],
    )
    assert.doesNotMatch(text, /token|v1\./i)
  })

  it('a failed connect over an old connection does not disturb it while the vendor is down', async () => {
    const { backend, endUserId, token, person } = await connected(11)
    const callback = await person.consent(link('Connection', token, 11, { redirect_uri: APP_A }))
    world().network.setReachable(false)
    const told = await toldAfter(person, await person.get(callback))
    world().network.setReachable(true)
    assert.deepEqual([told.connected, told.error], ['false', 'vendor_unavailable'])
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
    await world().sweep()
    assert.deepEqual(livingGrants(person.account), ['strava'])
  })
})
