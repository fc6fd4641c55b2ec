// Goal: a receiver that fails gets everything later, in order, and harms nobody else; one that stays away is left alone
// after days, and is told all of it when it is back. Method: the real app and deliverer on the test's clock, a real
// receiver that fails as it is told.
import assert from 'node:assert/strict'
import { after, before, beforeEach, it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { type Received, type Receiver, type Reply, startReceiver } from '../support/receiver.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { connectSomebody, newEndpoint } from '../support/webhook-endpoint.ts'
import { documentedSignatureHolds, standardSignatureHolds } from '../webhooks/support.ts'

const HOUR = 3_600_000
const CONNECTIONS = { types: ['notification.source.connect', 'notification.source.disconnect'] }

onBothDatabases('a receiver of webhooks', (world) => {
  let receiver: Receiver
  let reply: (request: Received) => Reply = () => 200
  before(async () => {
    receiver = await startReceiver((request) => reply(request))
  })
  beforeEach(() => {
    reply = () => 200
  })
  after(() => receiver.close())
  const endpointWith = (settings: Readonly<Record<string, unknown>> = CONNECTIONS) =>
    newEndpoint(world(), receiver, settings)
  const connect = (source = 11) => connectSomebody(world(), source)
  /** Delivers what is due now and in the next hours, as often as something is due. */
  const deliverFor = async (hours: number) => {
    for (let hour = 0; hour <= hours; hour++) {
      await world().deliver()
      world().advance(HOUR)
    }
  }

  it('that fails one in three times gets all of each vendor account in the order of the commits [T111]', async () => {
    const endpoint = await endpointWith()
    const random = seededRandom('failing')
    const told: string[] = []
    reply = (request) => {
      if ((random(1)[0] ?? 0) < 77) return 500
      told.push(`${request.json['endUserId']} ${request.json['type']}`)
      return 200
    }
    const people = [await connect(), await connect(), await connect(8)]
    for (let round = 0; round < 10; round++)
      for (const { disconnect, connect: again } of people) {
        await disconnect()
        await again()
        if (round % 3 === 0) await world().deliver()
      }
    await deliverFor(60)
    for (const { endUserId } of people) {
      const own = told.filter((one) => one.startsWith(endUserId)).map((one) => one.split('source.')[1])
      assert.deepEqual(
        own,
        Array.from({ length: 21 }, (_, i) => (i % 2 === 0 ? 'connect' : 'disconnect')),
      )
    }
    assert.ok((await endpoint.deliveries()).every(({ status }) => status === 'delivered'))
    await endpoint.remove()
  })

  it('that fails with one event holds up that vendor account for two days, and no other; then it goes on', async () => {
    const endpoint = await endpointWith()
    const [bad, good] = [await connect(), await connect(8)]
    const poisoned = (request: Received) =>
      request.json['endUserId'] === bad.endUserId && request.json['type'] === 'notification.source.connect'
    reply = (request) => (poisoned(request) ? { status: 400, body: 'I do not like this' } : 200)
    await bad.disconnect()
    await world().deliver()
    assert.deepEqual(
      endpoint
        .arrived()
        .map(({ json }) => json['endUserId'])
        .toSorted(),
      [bad.endUserId, good.endUserId].toSorted(),
    )
    await deliverFor(70)
    assert.equal(endpoint.arrived().filter(poisoned).length, limits.webhookRetryWaitsMs.length + 1)
    assert.equal(endpoint.arrived().at(-1)?.json['type'], 'notification.source.disconnect')
    const [failed] = await endpoint.deliveries('?status=failed')
    assert.equal(failed?.tries, limits.webhookRetryWaitsMs.length + 1)
    assert.deepEqual(
      failed?.attempts.map(({ status, cause, answer }) => [status, cause, answer]),
      failed?.attempts.map(() => [400, null, 'I do not like this']),
    )
    assert.equal((await endpoint.get())['enabled'], true)
    await endpoint.remove()
  })

  it('is tried again after growing waits, for at least a day', async () => {
    const endpoint = await endpointWith()
    reply = () => 500
    await connect()
    const started = world().now()
    await world().deliver()
    for (const [i, wait] of limits.webhookRetryWaitsMs.entries()) {
      world().advance(wait - 1)
      await world().deliver()
      assert.equal(endpoint.arrived().length, i + 1, 'not before its time')
      world().advance(wait * limits.webhookRetryJitter + 1)
      await world().deliver()
      assert.equal(endpoint.arrived().length, i + 2)
    }
    assert.ok(world().now() - started > 24 * HOUR)
    await endpoint.remove()
  })

  it('that only fails for five days is switched off, others are told, and it gets everything when it is back [T113]', async () => {
    const [dead, alive] = [await endpointWith(), await endpointWith({})]
    reply = (request) => (dead.isMine(request) ? 503 : 200)
    const people = [await connect()]
    let hours = 0
    while ((await dead.get())['enabled'] === true) {
      if (hours % 24 === 0) people.push(await connect())
      await world().deliver()
      world().advance(HOUR)
      hours += 1
      assert.ok(hours < 24 * 8, 'it is switched off at some time')
    }
    assert.ok(hours >= 24 * 5, `not after ${hours} hours`)
    assert.equal((await dead.get())['disabledReason'], 'failing')
    await world().deliver()
    const off = alive.arrived().filter(({ json }) => json['type'] === 'webhook.endpoint_disabled')
    const said = off.map(({ json }) => json['data'] as Readonly<Record<string, unknown>>) // our own event
    assert.deepEqual(
      said.map(({ endpointId, reason }) => [endpointId, reason]),
      [[dead.id, 'failing']],
    )
    const tries = dead.arrived().length
    people.push(await connect())
    await deliverFor(48)
    assert.equal(dead.arrived().length, tries, 'it is left alone')

    reply = () => 200
    await dead.backend.api('PATCH', `/webhooks/${dead.id}`, { enabled: true })
    const from = new Date(0).toISOString()
    const replayed = await dead.backend.api('POST', `/webhooks/${dead.id}/replay`, { from })
    assert.equal(replayed.status, 202)
    await deliverFor(0)
    const told = new Set(
      dead
        .arrived()
        .slice(tries)
        .map(({ json }) => json['endUserId']),
    )
    for (const { endUserId } of people) assert.ok(told.has(endUserId))
    await dead.remove()
    await alive.remove()
  })

  it('that answers 410 is switched off at once [T115]', async () => {
    const [gone, alive] = [await endpointWith(), await endpointWith({})]
    reply = (request) => (gone.isMine(request) ? 410 : 200)
    await connect()
    await connect(8)
    await world().deliver()
    await world().deliver()
    assert.equal((await gone.get())['disabledReason'], 'gone')
    assert.equal(alive.types().filter((type) => type === 'webhook.endpoint_disabled').length, 1)
    const { length } = gone.arrived()
    assert.ok(length <= 2)
    await deliverFor(24)
    assert.equal(gone.arrived().length, length)
    await gone.remove()
    await alive.remove()
  })

  for (const [status, header, seconds] of [
    [429, (now: number) => new Date(now + 7_200_000).toUTCString(), 7_200],
    [503, () => '90', 90],
    [503, () => '9999999', 86_400],
  ] as const)
    it(`that asks by ${status} to wait is not bothered before, by any event, at most for a day: ${seconds} s [T115]`, async () => {
      const endpoint = await endpointWith()
      const now = world().now()
      reply = () => ({ status, headers: { 'retry-after': header(now) } })
      await connect()
      await world().deliver()
      reply = () => 200
      await connect(8)
      // The clock of the header counts whole seconds.
      world().advance(seconds * 1000 - 1_000)
      await world().deliver()
      assert.equal(endpoint.arrived().length, 1)
      world().advance(seconds * 200 + 10_000)
      await world().deliver()
      assert.equal(endpoint.arrived().length, 3)
      await endpoint.remove()
    })

  it('is not believed when it redirects, and success is 200 or 204 alone [T110]', async () => {
    const endpoint = await endpointWith()
    const statuses = [301, 302, 307, 201, 202, 206, 404, 500, 204]
    let tried = 0
    reply = () => ({ status: statuses[tried++] ?? 200, headers: { location: receiver.url } })
    await connect()
    for (let i = 0; i < statuses.length; i++) {
      await world().deliver()
      world().advance(13 * HOUR)
    }
    assert.equal(endpoint.arrived().length, statuses.length)
    const [delivery] = await endpoint.deliveries()
    assert.equal(delivery?.status, 'delivered')
    assert.deepEqual(
      delivery?.attempts.map(({ status }) => status),
      statuses,
    )
    await endpoint.remove()
  })

  it('can have one event again, with the same id', async () => {
    const endpoint = await endpointWith()
    await connect()
    await connect(8)
    await world().deliver()
    const [, first] = await endpoint.deliveries()
    const ask = (eventId: unknown) =>
      endpoint.backend.api('POST', `/webhooks/${endpoint.id}/replay`, { eventId })
    assert.deepEqual(await (await ask(first?.eventId)).json(), { queued: 1, continueFrom: null })
    assert.equal((await ask('f'.repeat(32))).status, 404)
    assert.equal((await ask('nonsense')).status, 404)
    await world().deliver()
    assert.deepEqual(
      endpoint
        .arrived()
        .map(({ headers }) => headers['webhook-id'])
        .slice(2),
      [first?.eventId],
    )
    await endpoint.remove()
  })

  it('can change over to a new secret without losing a delivery [T108]', async () => {
    const endpoint = await endpointWith()
    const { backend, id, secret: older } = endpoint
    const added = (await (await backend.api('POST', `/webhooks/${id}/secrets`)).json()) as {
      id: string
      secret: string
    } // ours
    await connect()
    await world().deliver()
    const [both] = endpoint.arrived()
    assert.ok(both)
    for (const one of [older, added.secret]) assert.ok(standardSignatureHolds(both.headers, both.body, one))
    assert.ok(documentedSignatureHolds(both.headers, both.body, older))
    assert.equal((await backend.api('POST', `/webhooks/${id}/secrets`)).status, 409)
    const [first] = (await endpoint.get())['secrets'] as { id: string }[] // ours
    assert.equal((await backend.api('DELETE', `/webhooks/${id}/secrets/${first?.id}`)).status, 204)
    await connect(8)
    await world().deliver()
    const alone = endpoint.arrived()[1]
    assert.ok(alone)
    assert.ok(documentedSignatureHolds(alone.headers, alone.body, added.secret))
    assert.ok(standardSignatureHolds(alone.headers, alone.body, added.secret))
    assert.ok(!standardSignatureHolds(alone.headers, alone.body, older))
    assert.equal((await backend.api('DELETE', `/webhooks/${id}/secrets/${added.id}`)).status, 409)
    await endpoint.remove()
  })
})

onBothDatabases(
  'a receiver that answers too late',
  (world) => {
    it('costs its own deliveries the time limit, and those of another nothing', async () => {
      let slowPath = ''
      const receiver = await startReceiver(({ path }) => (path === slowPath ? 'silence' : 200))
      const [slow, quick] = [
        await newEndpoint(world(), receiver, CONNECTIONS),
        await newEndpoint(world(), receiver, CONNECTIONS),
      ]
      slowPath = new URL(slow.url).pathname
      const people = [await connectSomebody(world()), await connectSomebody(world(), 8)]
      await world().deliver()
      const told = new Set(quick.arrived().map(({ json }) => json['endUserId']))
      assert.deepEqual(told, new Set(people.map(({ endUserId }) => endUserId)))
      assert.deepEqual(
        (await slow.deliveries()).map(({ status, attempts }) => [
          status,
          attempts[0]?.status,
          attempts[0]?.cause,
        ]),
        people.map(() => ['pending', null, 'timeout']),
      )
      await receiver.close()
    })
  },
  { webhookTimeoutMs: 3_000 },
)
