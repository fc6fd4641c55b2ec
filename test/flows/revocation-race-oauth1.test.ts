// Goal: a grant of OAuth 1.0a that a revocation of the whole account ended on its way is never told as connected. Method:
// a vendor that ends every grant of an account, with its revocation held back at either end, on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, type Person } from '../support/person.ts'
import { query } from '../support/rows.ts'
import type { World } from '../support/world.ts'

const APP = 'app-a-oauth1'
const SOURCE = 2
const REVOKE = 'wellness-api/rest/user/registration'
const ACCOUNT = 'wellness-api/rest/user/id'

/** What is run when a revocation is about to reach the vendor. */
const beforeRevocation: (() => Promise<unknown>)[] = []

/** Lets everything run that waits for nothing but this process. */
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

onBothDatabases(
  'a grant of OAuth 1.0a and a revocation of its account on its way',
  (world: () => World) => {
    const newUser = async () => {
      const backend = backendOf(world(), APP)
      return { backend, ...(await backend.newSession()) }
    }
    const connectedOf = (answer: Response) =>
      new URL(answer.headers.get('location') ?? '').searchParams.get('connected')
    const livingGrants = ({ account }: Person) =>
      world()
        .sandbox.control.grants()
        .filter((grant) => grant.account === account && grant.ended === null).length
    const causeOf = async (endUserId: string) => {
      const [row] = await query(
        world(),
        `select error, cause from attempts where end_user_id = ? and action = 'connect' order by id desc`,
        [endUserId],
      )
      return [row?.['error'], row?.['cause']]
    }
    /** Somebody has connected and disconnected; the revocation is due. */
    const disconnected = async (person: Person) => {
      world().advance(60_000)
      await world().sweep()
      const { token } = await newUser()
      assert.equal(connectedOf(await person.connect(link('Connection', token, SOURCE))), 'true')
      await person.get(link('Revoke', token, SOURCE, { direct: 'true' }))
    }

    it('that comes after it waits for its end and is connected, after the vendor was asked', async () => {
      const person = newPerson(world())
      await disconnected(person)
      const { backend, endUserId, token } = await newUser()
      const asked = () => world().network.exchanges.filter(({ url }) => url.includes(ACCOUNT)).length
      const before = asked()
      let callback: Promise<Response> | undefined
      world().network.beforeAnswerOf(REVOKE, async () => {
        callback = person.get(await person.consent(link('Connection', token, SOURCE)))
        await turns(50)
        assert.deepEqual(await backend.connectedSources(endUserId), [])
      })
      await world().sweep()
      assert.ok(callback)
      assert.equal(connectedOf(await callback), 'true')
      assert.equal(asked(), before + 2, 'once for the account, once whether it lives')
      assert.equal(livingGrants(person), 1)
    })

    it('that comes before it is not announced as connected, and the way on works', async () => {
      const person = newPerson(world())
      await disconnected(person)
      const { backend, endUserId, token } = await newUser()
      let callback: Promise<Response> | undefined
      beforeRevocation.push(async () => {
        const address = await person.consent(link('Connection', token, SOURCE))
        const known = Promise.withResolvers<void>()
        world().network.beforeAnswerOf(ACCOUNT, async () => known.resolve())
        callback = person.get(address)
        await known.promise
        await turns(50)
      })
      await world().sweep()
      assert.ok(callback)
      assert.equal(connectedOf(await callback), 'false')
      assert.equal((await causeOf(endUserId))[0], 'vendor_error')
      assert.deepEqual(await backend.connectedSources(endUserId), [])
      assert.equal(livingGrants(person), 0)
      assert.equal(connectedOf(await person.connect(link('Connection', token, SOURCE))), 'true')
      await world().sweep()
      assert.equal(livingGrants(person), 1)
    })
  },
  {
    playVendor: async (url) => {
      if (url.includes(REVOKE)) await beforeRevocation.shift()?.()
      return null
    },
  },
)
