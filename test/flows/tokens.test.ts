// Goal: an application reads a token that works, whatever happened to it meanwhile, and one request at a time renews it.
// Method: the whole service on both databases with sandbox vendors that rotate, on a clock of the test's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runRenewals } from '../../src/broker/tokens/run-renewals.ts'
import { createVendorCircuits } from '../../src/broker/tokens/vendor-circuits.ts'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import type { World } from '../support/world.ts'

const HOUR = 3_600_000

/** A person connected to a vendor, and the application's calls about it. */
async function connected(world: World, dataSource = '8') {
  const backend = backendOf(world)
  const { endUserId, token } = await backend.newSession()
  const person = newPerson(world)
  await person.connect(link('Connection', token, dataSource))
  const connections = await backend.api('GET', `/users/${endUserId}/connections`)
  const { data } = (await connections.json()) as { data: { id: string }[] }
  const id = data[0]?.id ?? ''
  return {
    id,
    connectAgain: async () => person.connect(link('Connection', await backend.mint(endUserId), dataSource)),
    removeAtVendor: () => {
      for (const grant of world.sandbox.control.grants())
        if (grant.account === person.account) world.sandbox.control.revokeGrant(grant.id)
    },
    backend,
    read: () => backend.api('POST', `/connections/${id}/token`),
    state: async () =>
      (await (await backend.api('GET', `/connections/${id}`)).json()) as Record<string, unknown>,
  }
}

const accessToken = async (response: Response): Promise<string> => {
  assert.equal(response.status, 200, await response.clone().text())
  return ((await response.json()) as { accessToken: string }).accessToken
}

const refreshesOf = ({ network }: World) =>
  network.exchanges.filter(({ body }) => body.includes('grant_type=refresh_token')).length

onBothDatabases('reading a token', (opened) => {
  test('a fresh one is given as it is, and the vendor is not asked', async () => {
    const world = opened()
    const { read } = await connected(world)
    const before = refreshesOf(world)
    const token = await accessToken(await read())
    assert.equal(world.sandbox.control.token(token)?.state, 'live')
    assert.equal(await accessToken(await read()), token)
    assert.equal(refreshesOf(world), before)
  })

  test('one that has ended is renewed first, once, and the new pair is what is stored', async () => {
    const world = opened()
    const { read } = await connected(world)
    const old = await accessToken(await read())
    world.advance(4 * HOUR)
    const before = refreshesOf(world)
    const token = await accessToken(await read())
    assert.notEqual(token, old)
    assert.equal(world.sandbox.control.token(token)?.state, 'live')
    assert.equal(await accessToken(await read()), token)
    assert.equal(refreshesOf(world), before + 1)
  })

  test('fifty callers at once: one refresh reaches the vendor, all get its token', async () => {
    const world = opened()
    const { read } = await connected(world)
    world.advance(4 * HOUR)
    const before = refreshesOf(world)
    const tokens = await Promise.all(Array.from({ length: 50 }, async () => accessToken(await read())))
    assert.equal(new Set(tokens).size, 1)
    assert.equal(refreshesOf(world), before + 1)
  })

  test('a token is never handed out in its last minute', async () => {
    const world = opened()
    const { read } = await connected(world)
    const { expiresAt } = (await (await read()).json()) as { expiresAt: string }
    world.advance(Date.parse(expiresAt) - world.now() - limits.tokenLifeLeftMs + 1)
    const again = (await (await read()).json()) as { expiresAt: string }
    assert.ok(Date.parse(again.expiresAt) > Date.parse(expiresAt))
  })

  test('while the vendor is down the old token is given as long as it lives, then 503 with Retry-After', async () => {
    const world = opened()
    const { read, state } = await connected(world)
    const { accessToken: old, expiresAt } = (await (await read()).json()) as Record<string, string>
    world.sandbox.control.addFault({
      vendor: 'withings',
      operation: 'refresh',
      times: 2,
      fault: { kind: 'status', status: 503, retryAfterSeconds: 30 },
    })
    world.advance(Date.parse(expiresAt ?? '') - world.now() - limits.tokenLifeLeftMs + 1)
    assert.equal(await accessToken(await read()), old)
    world.advance(limits.tokenLifeLeftMs)
    const refused = await read()
    assert.equal(refused.status, 503)
    assert.equal(refused.headers.get('retry-after'), '30')
    assert.equal((await state())['status'], 'active')
    await accessToken(await read())
  })

  test('a grant that the person ended at the vendor: needs_reauth, with the reason, and an event', async () => {
    const world = opened()
    const { read, state, id, removeAtVendor } = await connected(world, '1')
    removeAtVendor()
    world.advance(2 * HOUR)
    const refused = await read()
    assert.equal(refused.status, 409)
    const problem = (await refused.json()) as Record<string, unknown>
    assert.deepEqual([problem['code'], problem['reason']], ['needs_reauth', 'refused'])
    const { status, reauthReason } = await state()
    assert.deepEqual([status, reauthReason], ['needs_reauth', 'refused'])
    const before = refreshesOf(world)
    assert.equal((await read()).status, 409)
    assert.equal(refreshesOf(world), before, 'a dead grant is not asked for again')
    const application = world.context.applications.get(applicationIdOf(world))
    assert.ok(application)
    const events = await world.context.storage.read.events.list(application.id, 0, 1_000)
    assert.ok(events.some((event) => event.type === 'connection.needs_reauth' && event.connectionId === id))
  })

  test('connecting again repairs the same connection', async () => {
    const world = opened()
    const { read, state, connectAgain, removeAtVendor } = await connected(world, '1')
    removeAtVendor()
    world.advance(2 * HOUR)
    assert.equal((await read()).status, 409)
    await connectAgain()
    const { status, reauthReason } = await state()
    assert.deepEqual([status, reauthReason], ['active', null])
    await accessToken(await read())
  })

  test('another application finds nothing, and an ended connection gives nothing', async () => {
    const world = opened()
    const { id, read, backend } = await connected(world)
    const other = await backendOf(world, 'app-b').api('POST', `/connections/${id}/token`)
    assert.equal(other.status, 404)
    assert.equal((await backend.api('DELETE', `/connections/${id}`)).status, 204)
    const ended = await read()
    assert.equal(ended.status, 409)
    assert.equal(((await ended.json()) as Record<string, unknown>)['code'], 'connection_ended')
  })

  test('a renewal that was cut off after the vendor rotated is told as what it is', async () => {
    const world = opened()
    const { read, state } = await connected(world, '1')
    world.advance(2 * HOUR)
    // The process dies between the vendor's answer and the commit: the vendor has rotated, the turn is still open.
    world.sandbox.control.addFault({
      vendor: 'google-health',
      operation: 'refresh',
      fault: { kind: 'refusal', refusal: 'refresh_token.unknown' },
    })
    const connection = await world.context.storage.read.connections.find(
      applicationIdOf(world),
      String((await state())['id']) as never,
    )
    assert.ok(connection)
    await world.context.storage.write(async (tables) => {
      await tables.renewals.take(
        connection.applicationId,
        connection.id,
        'died',
        world.now(),
        world.now() + 1,
      )
      await tables.renewals.open(connection.id, 'died', world.now() + 1)
    })
    world.advance(limits.renewalLeaseMs)
    const refused = await read()
    assert.equal(((await refused.json()) as Record<string, unknown>)['reason'], 'renewal_interrupted')
  })
})

const applicationIdOf = ({ context }: World) => {
  const [id] = [...context.applications.keys()]
  assert.ok(id)
  return id
}

onBothDatabases('renewal in the background', (opened) => {
  const round = (world: World, circuits = createVendorCircuits(world.context)) =>
    runRenewals(world.context, circuits)

  test('tokens are renewed ahead of their end, without anybody reading', async () => {
    const world = opened()
    const { read } = await connected(world)
    const old = await accessToken(await read())
    world.advance(2.9 * HOUR)
    const before = refreshesOf(world)
    await round(world)
    assert.ok(refreshesOf(world) > before)
    assert.notEqual(await accessToken(await read()), old)
  })

  test('nothing is renewed before it is due', async () => {
    const world = opened()
    await connected(world)
    const before = refreshesOf(world)
    await round(world)
    assert.equal(refreshesOf(world), before)
  })

  test('a vendor that is down for six hours costs no connection and no storm', async () => {
    const world = opened()
    const people = await Promise.all(Array.from({ length: 12 }, () => connected(world)))
    const circuits = createVendorCircuits(world.context)
    world.advance(2.9 * HOUR)
    world.network.setReachable(false)
    const logged = world.log.length
    for (let minute = 0; minute < 360; minute++) {
      await round(world, circuits)
      world.advance(60_000)
    }
    world.network.setReachable(true)
    const tried = world.log
      .slice(logged)
      .filter(({ message }) => message === 'tokens were not renewed').length
    assert.ok(tried > 5 && tried < 200, `${tried} requests in six hours`)
    for (let minute = 0; minute < 40; minute++) {
      await round(world, circuits)
      world.advance(60_000)
    }
    for (const { read } of people) await accessToken(await read())
  })
})
