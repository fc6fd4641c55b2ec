// Goal: where a vendor signs with a key that it publishes, what it did not sign has no effect, and the answer waits for no
// key. Method: a sandbox vendor that publishes its key, on both databases, and requests of the test's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processNotifications } from '../../src/broker/notifications/process-notifications.ts'
import { createVendorKeys } from '../../src/broker/notifications/vendor-keys.ts'
import { limits } from '../../src/limits.ts'
import { signAsPublished } from '../../src/sandbox/index.ts'
import { onBothDatabases } from '../support/databases.ts'
import { addressOf, connectAt, headersFor, register, send, tellingOf } from '../support/telling.ts'
import type { World } from '../support/world.ts'

const google = tellingOf('google-health')
const SIGNATURE = 'GOOGLE-HEALTH-API-SIGNATURE'
const KEYS = /webhooks_public_keyset/

/** A worker that notes what is said of notifications; `keys` are those of its process. */
function openWorker(world: World) {
  const said: unknown[] = []
  const warn = (message: string, fields?: { readonly cause?: unknown }) =>
    void said.push(fields?.cause ?? message)
  const context = { ...world.context, log: { ...world.context.log, warn } }
  const keys = createVendorKeys(context)
  return {
    /** What was said in one round. */
    work: async () => {
      await processNotifications(context, keys)
      return said.splice(0)
    },
  }
}

const keysAskedFor = ({ network }: World) => network.exchanges.filter(({ url }) => KEYS.test(url)).length

onBothDatabases('notifications signed with a published key', (opened) => {
  test('the vendor’s own are done, with one look at its keys a day; one with another key is thrown away', async () => {
    const world = opened()
    await register(world, google)
    const { person } = await connectAt(world, google)
    const { work } = openWorker(world)
    const tell = async () => {
      const told = { vendor: google.vendor, kind: 'data', accounts: [person.account] } as const
      const [delivery] = await world.sandbox.control.tellEvent(told)
      assert.equal(delivery?.status, google.notifications.acceptedStatus)
      assert.ok(delivery?.headers[SIGNATURE])
    }
    const before = keysAskedFor(world)
    for (let round = 0; round < 3; round++) {
      await tell()
      assert.deepEqual(await work(), [])
      world.advance(limits.inboundRepeatedMs)
    }
    assert.equal(keysAskedFor(world), before + 1)
    world.sandbox.control.setSwitches(google.vendor, { eventSignatureWrong: true })
    world.advance(limits.publishedKeysMs)
    await tell()
    assert.deepEqual(await work(), ['a notification was not the vendor’s'])
    assert.deepEqual(await work(), [], 'once')
    assert.equal(keysAskedFor(world), before + 2)
    world.sandbox.control.backToNormal(google.vendor)
    world.sandbox.control.forgetNotifications(google.vendor)
  })

  test('without a signature, or with the one of another body, nothing is believed though the word is right [T116]', async () => {
    const world = opened()
    const { uri, verifyToken } = await addressOf(world, google)
    const { accountId } = await connectAt(world, google)
    const { work } = openWorker(world)
    const body = JSON.stringify([{ data: { healthUserId: accountId, dataType: 'sleep' } }])
    const headers = headersFor(google, verifyToken, body, world.now())
    const { [SIGNATURE]: right = '', ...unsigned } = headers
    const refused = google.notifications.refusedStatus
    for (const bad of ['', 'x', right.slice(4), `${right}${right}`])
      assert.equal((await send(world, uri, body, { ...unsigned, [SIGNATURE]: bad })).status, refused, bad)
    assert.equal((await send(world, uri, body, unsigned)).status, refused)
    assert.equal((await send(world, uri, body, { [SIGNATURE]: right })).status, refused, 'without the word')
    const ofAnother = { ...headers, [SIGNATURE]: signAsPublished(`${body} `) }
    assert.equal((await send(world, uri, body, ofAnother)).status, google.notifications.acceptedStatus)
    assert.deepEqual(await work(), ['a notification was not the vendor’s'])
    // What was thrown away stands in nobody's way.
    assert.equal((await send(world, uri, body, headers)).status, google.notifications.acceptedStatus)
    assert.deepEqual(await work(), [])
  })

  test('while the keys cannot be had it is answered and waits; then it is done', async () => {
    const world = opened()
    const { uri, verifyToken } = await addressOf(world, google)
    const { accountId } = await connectAt(world, google)
    const { work } = openWorker(world)
    const body = JSON.stringify([{ data: { healthUserId: accountId, dataType: 'weight' } }])
    world.network.setReachable(false)
    const headers = headersFor(google, verifyToken, body, world.now())
    assert.equal((await send(world, uri, body, headers)).status, google.notifications.acceptedStatus)
    assert.match(String((await work())[0]), /^keys_/)
    world.network.setReachable(true)
    world.advance(limits.inboundBackoffMs.max)
    assert.deepEqual(await work(), [])
    assert.equal(await waiting(world), 0)
  })
})

async function waiting(world: World): Promise<number> {
  const taken = await world.context.storage.write((tables) =>
    tables.inboundNotifications.lease('counting', world.now(), world.now(), 1_000),
  )
  return taken.length
}
