// Goal: what a vendor has to be asked to tell is asked for, once, kept alive, led to the right address and given up with
// its connection. Method: people connect at sandbox vendors that try the address while they are being subscribed to.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSubscriptions } from '../../src/broker/subscriptions/run-subscriptions.ts'
import { limits } from '../../src/limits.ts'
import { asApplicationId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import {
  addressOf,
  applicationAt,
  connectAt,
  register,
  type Telling,
  telling,
  tellingOf,
  work,
} from '../support/telling.ts'
import type { World } from '../support/world.ts'

const run = async (world: World) => {
  for (let round = 0; round < 3; round++) await runSubscriptions(world.context)
}
const rulesOf = ({ vendor, notifications }: Telling) => {
  assert.ok(notifications.subscription, vendor)
  return notifications.subscription
}
const rowsOf = (world: World, { vendor }: Telling, connectionId: Parameters<typeof list>[2] = null) =>
  list(world, vendor, connectionId)
const list = (
  world: World,
  vendor: string,
  connectionId: Parameters<World['context']['storage']['read']['subscriptions']['listOf']>[2],
) =>
  world.context.storage.read.subscriptions.listOf(
    asApplicationId(applicationAt(vendor)),
    vendor,
    connectionId,
  )
/** Calls to the address at which this vendor is subscribed to. */
const callsTo = (world: World, one: Telling) => {
  const [address = ''] = rulesOf(one).create.url.split('{')
  return world.network.exchanges.filter(({ url }) => url.startsWith(address))
}

/** Its subscriptions stand at an address that is played for newer clients. */
const NOT_PLAYED = ['oura-legacy']
/** Where the address is entered at the vendor by hand, and people are subscribed to by a call. */
const ENTERED_BY_HAND = ['fitbit']

onBothDatabases('subscriptions at vendors', (opened) => {
  for (const one of telling.filter(
    ({ vendor, notifications }) => notifications.subscription !== undefined && !NOT_PLAYED.includes(vendor),
  )) {
    const { per, topics = [''] } = rulesOf(one)

    test(`${one.vendor}: are made after the first connection, once for each ${per}`, async () => {
      const world = opened()
      if (ENTERED_BY_HAND.includes(one.vendor)) await register(world, one)
      const before = callsTo(world, one).length
      const calls = () => callsTo(world, one).length - before
      const first = await connectAt(world, one)
      assert.equal(calls(), 0, 'nobody waits for it')
      await run(world)
      assert.equal(calls(), topics.length)
      const second = await connectAt(world, one)
      await run(world)
      const people = per === 'person' ? 2 : 1
      assert.equal(calls(), topics.length * people)
      const { subscriptions } = await addressOf(world, one)
      assert.deepEqual(subscriptions, { active: topics.length * people, pending: 0, failing: 0, cause: null })
      const { connectionId } = per === 'person' ? first : { connectionId: null }
      assert.deepEqual(
        (await rowsOf(world, one, connectionId)).map(({ topic }) => topic),
        topics.toSorted(),
      )
      // What was asked for arrives, and is believed.
      const told = await world.sandbox.control.tellEvent({
        vendor: one.vendor,
        kind: 'data',
        accounts: [second.person.account],
      })
      assert.ok(told.length > 0)
      for (const { status } of told) assert.equal(status, one.notifications.acceptedStatus)
      await work(world)
      world.sandbox.control.forgetNotifications(one.vendor)
    })
  }

  test('a secret that the vendor gives out is sealed, and what is signed with another is refused from then on', async () => {
    const world = opened()
    const polar = tellingOf('polar')
    await connectAt(world, polar)
    await run(world)
    const stored = await world.context.storage.read.notificationAddresses.find(
      asApplicationId(applicationAt('polar')),
      'polar',
    )
    const [target] = callsTo(world, polar).slice(-1)
    const { data } = JSON.parse(target?.answer ?? '{}') as { data?: { signature_secret_key?: string } } // the sandbox's
    assert.ok(stored?.sealedSecret && data?.signature_secret_key)
    assert.ok(!stored.sealedSecret.includes(data.signature_secret_key))
    const { uri } = await addressOf(world, polar)
    const response = await world.app.request(uri, {
      method: 'POST',
      body: '{"event":"EXERCISE","user_id":1}',
    })
    assert.equal(response.status, 403)
    const ping = await world.app.request(uri, { method: 'POST', body: '{"event":"PING"}' })
    assert.equal(ping.status, 403, 'the key is known by now')
  })

  test('applications of one customer that share a client are one to the vendor: the first of them asks, each learns of its own', async () => {
    const world = opened()
    const strava = tellingOf('strava')
    const before = callsTo(world, strava).length
    const one = await connectAt(world, strava, 'app-a')
    const other = await connectAt(world, strava, 'app-a-staging')
    const stranger = await connectAt(world, strava, 'app-b')
    await run(world)
    assert.equal(callsTo(world, strava).length, before + 2, 'app-b is another customer')
    world.sandbox.control.forgetNotifications('strava')
    const { uri, verifyToken } = await addressOf(world, strava, 'app-a')
    await world.sandbox.control.registerNotifications('strava', {
      url: uri,
      clientId: 'strava-client',
      verifyToken,
    })
    for (const { removeAtVendor } of [one, other, stranger]) await removeAtVendor()
    await work(world)
    assert.deepEqual(
      [await one.status(), await other.status(), await stranger.status()],
      ['disconnected', 'disconnected', 'active'],
    )
    world.sandbox.control.forgetNotifications('strava')
  })

  test('those of a person go with the connection', async () => {
    const world = opened()
    const withings = tellingOf('withings')
    const { backend, connectionId } = await connectAt(world, withings)
    await run(world)
    assert.equal((await rowsOf(world, withings, connectionId)).length, rulesOf(withings).topics?.length)
    assert.equal((await backend.api('DELETE', `/connections/${connectionId}`)).status, 204)
    assert.deepEqual(await rowsOf(world, withings, connectionId), [])
  })

  test('a vendor that does not make them is asked again, later and later, and everybody can see why', async () => {
    const world = opened()
    const strava = tellingOf('strava')
    const again = async () => {
      await world.context.storage.write((tables) =>
        tables.subscriptions.hurry(asApplicationId(applicationAt('strava')), 'strava', world.now()),
      )
      await run(world)
    }
    await connectAt(world, strava)
    world.network.setReachable(false)
    await again()
    const { subscriptions } = await addressOf(world, strava)
    assert.equal(subscriptions.cause, subscriptions.failing > 0 ? 'connection_refused' : null)
    world.network.setReachable(true)
    world.advance(limits.subscriptionBackoffMs.max)
    await run(world)
    assert.equal((await addressOf(world, strava)).subscriptions.active, 1)
  })
})

onBothDatabases(
  'subscriptions at a vendor of the test’s own',
  (opened) => {
    const oura = tellingOf('oura')
    const { topics = [], lifetimeSeconds = 0 } = rulesOf(oura)

    test('are renewed before they end, and led to the new address when it changes', async () => {
      const world = opened()
      const { backend } = await connectAt(world, oura)
      await run(world)
      asked.splice(0)
      world.advance(lifetimeSeconds * 1_000 * limits.subscriptionRenewedAfter - 1)
      await run(world)
      assert.deepEqual(asked, [])
      world.advance(1)
      await run(world)
      assert.deepEqual(
        asked.map(({ method }) => method),
        topics.map(() => 'PUT'),
      )
      for (const { url } of asked) assert.match(url, /\/renew\/id-\d+$/)
      asked.splice(0)
      await backend.api('POST', '/data-sources/18/notifications/change', { vendor: 'oura' })
      await run(world)
      assert.equal(asked.filter(({ method }) => method === 'DELETE').length, topics.length)
      const { uri, verifyToken } = await addressOf(world, oura)
      const made = asked.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))
      assert.equal(made.length, topics.length)
      for (const one of made) assert.deepEqual([one.callback_url, one.verification_token], [uri, verifyToken])
      assert.deepEqual(
        made.map(({ event_type: event, data_type: data }) => `${event}:${data}`).toSorted(),
        topics.toSorted(),
      )
    })
  },
  { playVendor },
)

/** What was asked of the played vendor. */
const asked: { readonly method: string; readonly url: string; readonly body: string }[] = []

async function playVendor(url: string, { method = 'GET', body }: RequestInit): Promise<Response | null> {
  if (!url.startsWith('https://api.ouraring.com/v2/webhook/')) return null
  asked.push({ method, url, body: String(body ?? '') })
  if (method === 'DELETE') return new Response(null, { status: 204 })
  return Response.json({ id: `id-${asked.length}` }, { status: method === 'POST' ? 201 : 200 })
}
