// A revocation of a whole vendor account is on its way while somebody connects that account: with the vendor's answer held
// back, or its request, the new grant is stored only if the vendor still takes it for a living one.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { accountDigestOf } from '../../src/broker/revocations/outlive-revocation.ts'
import { limits } from '../../src/limits.ts'
import type { Revocation } from '../../src/model/revocation.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, type Person } from '../support/person.ts'
import { query } from '../support/rows.ts'
import type { World } from '../support/world.ts'

const STRAVA = 11
const REVOKE = 'www.strava.com/oauth/revoke'
const TOKEN = 'www.strava.com/oauth/token'

/** What is run when a request is about to reach a vendor. */
const beforeRequest = new Map<string, () => Promise<unknown>>()

/** Lets everything run that waits for nothing but this process. */
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

onBothDatabases(
  'a revocation of an account on its way',
  (world: () => World) => {
    const newUser = async (application = 'app-a') => {
      const backend = backendOf(world(), application)
      return { backend, ...(await backend.newSession()) }
    }
    type User = Awaited<ReturnType<typeof newUser>>
    const connectedOf = (answer: Response) =>
      new URL(answer.headers.get('location') ?? '').searchParams.get('connected')
    const livingGrants = ({ account }: Person) =>
      world()
        .sandbox.control.grants()
        .filter((grant) => grant.account === account && grant.ended === null).length
    const statusOf = async ({ backend, endUserId }: User) => {
      const { data } = (await (await backend.api('GET', `/users/${endUserId}/connections`)).json()) as {
        data: { id: string; status: string }[]
      } // our own API's list
      const [connection] = data
      if (connection?.status !== 'active') return connection?.status ?? 'none'
      return (await backend.api('POST', `/connections/${connection.id}/token`)).status
    }
    const causeOf = async ({ endUserId }: User) => {
      const [row] = await query(
        world(),
        `select error, cause from attempts where end_user_id = ? and action = 'connect' order by id desc`,
        [endUserId],
      )
      return [row?.['error'], row?.['cause']]
    }
    const digestOf = (job: Revocation | undefined) => {
      assert.ok(job)
      return accountDigestOf(world().context, job, 'strava-client')
    }
    /** Somebody has connected and disconnected; the revocation is due. */
    const disconnected = async (person: Person, application?: string) => {
      // What other tests left is not to be taken for this one's.
      world().advance(60_000)
      await world().sweep()
      const user = await newUser(application)
      await person.connect(link('Connection', user.token, STRAVA))
      await person.get(link('Revoke', user.token, STRAVA, { direct: 'true' }))
      return user
    }

    for (const [who, former, next] of [
      ['another end user', 'app-a', 'app-a'],
      ['the same account at another application with the same client', 'app-a', 'app-b'],
    ] as const) {
      it(`${who} connects after it: the callback waits for its end, and connects a living grant`, async () => {
        const person = newPerson(world())
        await disconnected(person, former)
        const user = await newUser(next)
        let callback: Promise<Response> | undefined
        world().network.beforeAnswerOf(REVOKE, async () => {
          callback = person.get(await person.consent(link('Connection', user.token, STRAVA)))
          await turns(20)
          assert.equal(await statusOf(user), 'none', 'nothing is connected before it is known to live')
        })
        await world().sweep()
        assert.ok(callback)
        assert.equal(connectedOf(await callback), 'true')
        assert.equal(await statusOf(user), 200)
        assert.equal(livingGrants(person), 1)
      })

      it(`${who} connects before it: a grant that it ends is never announced as connected`, async () => {
        const person = newPerson(world())
        await disconnected(person, former)
        const user = await newUser(next)
        let callback: Promise<Response> | undefined
        beforeRequest.set(REVOKE, async () => {
          const address = await person.consent(link('Connection', user.token, STRAVA))
          const exchanged = new Promise((resolve) =>
            world().network.beforeAnswerOf(TOKEN, async () => resolve(null)),
          )
          callback = person.get(address)
          await exchanged
          await turns(20)
        })
        await world().sweep()
        assert.ok(callback)
        assert.equal(connectedOf(await callback), 'false')
        assert.deepEqual(await causeOf(user), ['vendor_error', 'invalid_grant 400'])
        assert.equal(await statusOf(user), 'none')
        assert.equal(livingGrants(person), 0)
        // The way on that the page names works.
        assert.equal(connectedOf(await person.connect(link('Connection', user.token, STRAVA))), 'true')
        await world().sweep()
        assert.equal(await statusOf(user), 200)
      })
    }

    for (const [application, what] of [
      ['app-a', 'connected'],
      ['app-b', 'connected to another application'],
      ['app-a-early', 'held'],
    ] as const) {
      for (const [end, lose] of [
        ['that has ended by then', false],
        ['whose answer was lost', true],
      ] as const)
        it(`a grant that a revocation ${end} killed before it is stored is never ${what} [T084]`, async () => {
          const person = newPerson(world())
          await disconnected(person)
          const user = await newUser(application)
          let statuses: unknown[] = []
          if (lose) world().network.beforeAnswerOf(REVOKE, () => Promise.reject(new TypeError('lost')))
          world().network.beforeAnswerOf(TOKEN, async () => {
            await world().sweep()
            statuses = (await query(world(), 'select status from revocations order by created_at desc')).map(
              ({ status }) => status,
            )
          })
          const answer = await person.connect(link('Connection', user.token, STRAVA))
          assert.equal(statuses[0], lose ? 'pending' : 'revoked', 'it was over before the grant was here')
          assert.equal(connectedOf(answer), 'false')
          assert.deepEqual(await causeOf(user), ['vendor_error', 'invalid_grant 400'])
          assert.equal(await statusOf(user), 'none')
          const events = await query(world(), 'select type from events where end_user_id = ?', [
            user.endUserId,
          ])
          assert.deepEqual(
            events.map(({ type }) => type),
            ['attempt.failed'],
          )
          assert.equal(livingGrants(person), 0)
        })
    }

    it('tokens that wait for somebody’s word are held only when they live [T077]', async () => {
      const person = newPerson(world())
      await disconnected(person)
      const user = await newUser('app-a-early')
      let callback: Promise<Response> | undefined
      beforeRequest.set(REVOKE, async () => {
        const address = await person.consent(link('Connection', user.token, STRAVA))
        const exchanged = new Promise((resolve) =>
          world().network.beforeAnswerOf(TOKEN, async () => resolve(null)),
        )
        callback = person.get(address)
        await exchanged
        await turns(20)
      })
      await world().sweep()
      assert.ok(callback)
      assert.equal(connectedOf(await callback), 'false')
      assert.deepEqual(await causeOf(user), ['vendor_error', 'invalid_grant 400'])
    })

    it('whoever connects the account later is not asked for at the vendor again', async () => {
      const person = newPerson(world())
      await disconnected(person)
      await world().sweep()
      world().advance(limits.clocksApartMs + 1)
      const before = world().network.exchanges.length
      const user = await newUser()
      assert.equal(connectedOf(await person.connect(link('Connection', user.token, STRAVA))), 'true')
      const asked = world().network.exchanges.slice(before)
      assert.equal(asked.filter(({ url }) => url.includes(TOKEN)).length, 1)
    })

    it('the account is remembered as a digest, and for a while', async () => {
      const person = newPerson(world())
      await disconnected(person)
      await world().sweep()
      const remembered = () =>
        query(world(), 'select account_id, account_digest from revocations where account_digest is not null')
      const rows = await remembered()
      assert.ok(rows.length > 0)
      for (const row of rows) {
        assert.equal(row['account_id'], '')
        assert.match(String(row['account_digest']), /^[\w-]{43}$/)
      }
      world().advance(limits.revocationRememberedMs + 1)
      await world().sweep()
      assert.deepEqual(await remembered(), [])
    })

    it('a worker that died with it costs a callback its wait, not its grant', async () => {
      const person = newPerson(world())
      await disconnected(person)
      const { storage } = world().context
      await storage.write(async ({ revocations }) => {
        const [job] = await revocations.lease('dead', world().now(), world().now() + 60_000, 1)
        await revocations.open(job?.id ?? '', 'dead', digestOf(job), world().now() + 5_000)
      })
      const user = await newUser()
      assert.equal(connectedOf(await person.connect(link('Connection', user.token, STRAVA))), 'true')
      assert.equal(await statusOf(user), 200)
      world().advance(60_000)
      await world().sweep()
      assert.equal(await statusOf(user), 200, 'the job is superseded by now')
    })

    it('one that does not end in time fails the callback, which is told as the vendor being busy', async () => {
      const person = newPerson(world())
      await disconnected(person)
      const { storage } = world().context
      await storage.write(async ({ revocations }) => {
        const [job] = await revocations.lease('slow', world().now(), world().now() + 60_000, 1)
        await revocations.open(job?.id ?? '', 'slow', digestOf(job), world().now() + 60_000)
      })
      const user = await newUser()
      assert.equal(connectedOf(await person.connect(link('Connection', user.token, STRAVA))), 'false')
      assert.deepEqual(await causeOf(user), ['vendor_unavailable', 'busy'])
    })
  },
  {
    playVendor: async (url) => {
      for (const [part, run] of beforeRequest)
        if (url.includes(part)) {
          beforeRequest.delete(part)
          await run()
        }
      return null
    },
  },
)
