// Thousands of steps that nobody would write down: people connect, cancel, disconnect, reload old callbacks and change
// accounts, in several applications at once, while vendors go down and come back, time passes and end users are
// deleted. Method: a seed decides each step, several run at the same time; after each round what must always hold is
// looked up in the tables and at the vendors.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { asConnectionId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, APP_A_STAGING, APP_B, seededRandom, type World } from '../support/world.ts'

const ROUNDS = 40
const STEPS_AT_ONCE = 4
const SOURCES = [
  [11, 'strava'],
  [8, 'withings'],
  [1, 'google-health'],
] as const
const RETURN_ADDRESSES = { 'app-a': APP_A, 'app-a-staging': APP_A_STAGING, 'app-b': APP_B } as const
const APPLICATIONS = ['app-a', 'app-a-staging', 'app-b'] as const

/** Draws from a seed. */
function createDice(seed: string) {
  const random = seededRandom(seed)
  const below = (count: number) => new DataView(random(4).buffer).getUint32(0) % count
  return {
    chance: (percent: number) => below(100) < percent,
    pick: <Item>(items: readonly Item[]): Item => {
      const item = items[below(items.length)]
      assert.ok(item !== undefined)
      return item
    },
  }
}

type Dice = ReturnType<typeof createDice>

/** People with browsers and accounts, each an end user of one application or another, and the steps they can take. */
async function createCrowd(world: World, { chance, pick }: Dice) {
  const people = [newPerson(world), newPerson(world), newPerson(world)]
  const accounts = people.map(({ account }) => account)
  const newUser = async () => {
    const application = pick(APPLICATIONS)
    const backend = backendOf(world, application)
    return { application, backend, ...(await backend.newSession()) }
  }
  const users = [await newUser(), await newUser(), await newUser(), await newUser(), await newUser()]
  const callbacks: { readonly person: (typeof people)[number]; readonly url: string }[] = []

  const leave = async () => {
    const person = pick(people)
    const user = pick(users)
    const [source] = pick(SOURCES)
    const start = await person.get(
      link('Connection', user.token, source, { redirect_uri: RETURN_ADDRESSES[user.application] }),
    )
    // The session of somebody who was deleted is refused; one that is over goes to the result page.
    const location = start.headers.get('location')
    if (location === null || !locationOf(start).host.startsWith('sandbox')) return
    const { location: url } = await world.sandbox.control.consent(location, {
      account: pick(accounts),
      decision: chance(10) ? 'cancel' : 'allow',
      trouble: chance(10) ? pick(['token-500', 'token-incomplete', 'code-unknown', 'identity-500']) : 'none',
    })
    if (url !== null) callbacks.push({ person, url })
  }
  const comeBack = async () => {
    if (callbacks.length === 0) return leave()
    const { person, url } = pick(callbacks.slice(-6))
    await (chance(85) ? person : pick(people)).get(url)
  }
  const disconnect = async () => {
    const { token } = pick(users)
    await pick(people).get(link('Revoke', token, pick(SOURCES)[0], { direct: 'true' }))
  }
  const remove = async () => {
    const { backend, endUserId } = pick(users)
    const at = new Date(world.now()).toISOString()
    await backend.api('DELETE', `/users/${endUserId}?deletionDate=${encodeURIComponent(at)}`)
    users.push(await newUser())
  }
  return {
    step: async () => {
      if (chance(45)) return comeBack()
      if (chance(55)) return leave()
      if (chance(90)) return disconnect()
      return remove()
    },
    background: async () => {
      world.network.setReachable(chance(75))
      world.advance(pick([0, 1000, 20_000, 70_000]))
      await world.sweep()
      world.network.setReachable(true)
    },
  }
}

/** What must hold whatever happened. */
async function assertInvariants(world: World): Promise<void> {
  const connections = await query(world, 'select * from connections order by id')
  const living = connections.filter(({ status }) => status !== 'disconnected')
  const owner = ({ end_user_id, source_id }: (typeof living)[number]) => `${end_user_id} ${source_id}`
  const holder = (row: (typeof living)[number]) =>
    `${row['application_id']} ${row['vendor']} ${row['account_id']}`
  for (const name of [owner, holder])
    assert.equal(new Set(living.map(name)).size, living.length, 'one end user, one account of a source')

  for (const row of connections) assert.equal(row['sealed_tokens'] === null, row['status'] === 'disconnected')
  for (const row of living) {
    const place = {
      applicationId: String(row['application_id']),
      object: asConnectionId(String(row['id'])),
      field: 'tokens',
    }
    const { accessToken } = JSON.parse(
      world.context.vault.open(String(row['sealed_tokens']), place),
    ) as Record<string, string> // sealed by us
    const state = world.sandbox.control.token(accessToken ?? '')?.state
    assert.ok(state === 'live' || state === 'expired', `a living connection whose token is ${state}`)
  }

  const connected = new Set<string>()
  for (const event of await query(world, 'select * from events order by sequence')) {
    const key = `${event['end_user_id']} ${event['source_id']}`
    if (event['type'] === 'notification.source.connect') {
      assert.ok(!connected.has(key), 'no connect without a disconnect between')
      connected.add(key)
    } else if (event['type'] === 'notification.source.disconnect') connected.delete(key)
  }
  assert.deepEqual([...connected].sort(), living.map(owner).sort(), 'the feed tells what is so')

  const stuck = await query(world, `select id from attempts where status = 'exchanging'`)
  assert.deepEqual(stuck, [], 'whoever came back has an outcome')
  const unsettled = await query(
    world,
    `select id from revocations where status <> 'pending' and sealed_tokens is not null`,
  )
  assert.deepEqual(unsettled, [], 'a settled revocation keeps no token')
}

onBothDatabases('whatever happens, in any order', (world) => {
  for (const seed of ['one', 'two', 'three'])
    it(`what must hold holds, from the seed “${seed}” [I01, I08, I09]`, async () => {
      const crowd = await createCrowd(world(), createDice(seed))
      for (let round = 0; round < ROUNDS; round++) {
        await Promise.all(Array.from({ length: STEPS_AT_ONCE }, crowd.step))
        await crowd.background()
        await assertInvariants(world())
      }
      for (let hours = 0; hours < 24; hours += 8) {
        world().advance(8 * 3_600_000)
        await world().sweep()
      }
      await assertInvariants(world())
      const pending = await query(world(), `select id from revocations where status = 'pending'`)
      assert.deepEqual(pending, [], 'with the vendors there, every wish to end a grant comes to its end')
      assert.deepEqual(
        world().log.filter(({ level }) => level === 'error'),
        [],
      )
    })
})
