// Goal: what a vendor tells becomes our state and event, once, in whatever order it comes. Method: sandbox vendors shake
// hands with the real app and tell it, table-driven over every definition that has notifications, on both databases.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../src/limits.ts'
import { asApplicationId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import {
  addressOf,
  connectAt,
  headersFor,
  register,
  send,
  telling,
  tellingOf,
  work,
} from '../support/telling.ts'

/** The sandbox tries this one with a key that it gives out when it is subscribed to (`subscriptions.test.ts`). */
const BY_SUBSCRIPTION_ALONE = 'polar'

onBothDatabases('what vendors tell', (opened) => {
  for (const one of telling.filter(({ vendor }) => vendor !== BY_SUBSCRIPTION_ALONE))
    test(`${one.vendor}: takes the address, and new data is stored, answered and done`, async () => {
      const world = opened()
      await register(world, one)
      const { person, row } = await connectAt(world, one)
      const before = await row()
      const deliveries = await world.sandbox.control.tellEvent({
        vendor: one.vendor,
        kind: 'data',
        accounts: [person.account],
        unknownPerson: true,
      })
      assert.ok(deliveries.length > 0)
      for (const { status } of deliveries) assert.equal(status, one.notifications.acceptedStatus)
      await work(world)
      assert.deepEqual(await row(), before)
      world.sandbox.control.forgetNotifications(one.vendor)
    })

  for (const one of telling.filter(({ notifications }) =>
    notifications.events.some(({ means }) => means === 'removed'),
  ))
    test(`${one.vendor}: who removes the application there is disconnected, once, by the vendor [T121]`, async () => {
      const world = opened()
      await register(world, one)
      const { removeAtVendor, row, events } = await connectAt(world, one)
      await removeAtVendor()
      assert.equal((await row()).status, 'active', 'nothing is done before the answer')
      await work(world)
      await work(world)
      const { status, disconnectedBy, sealedTokens, applicationId, id } = await row()
      assert.deepEqual([status, disconnectedBy, sealedTokens], ['disconnected', 'vendor', null])
      const types = (await events()).map(({ type }) => type)
      assert.deepEqual(types, ['notification.source.connect', 'notification.source.disconnect'])
      const { revocations, renewals } = world.context.storage.read
      assert.deepEqual(await revocations.listOf(applicationId, id), [])
      assert.equal(await renewals.find(applicationId, id), null)
      world.sandbox.control.forgetNotifications(one.vendor)
    })

  test('a removal that comes after the person has connected again ends nothing', async () => {
    const world = opened()
    const strava = tellingOf('strava')
    await register(world, strava)
    const { removeAtVendor, connectAgain, status } = await connectAt(world, strava)
    world.sandbox.control.setSwitches('strava', { events: 'hold' })
    await removeAtVendor()
    await connectAgain()
    await world.sandbox.control.releaseEvents('reversed')
    await work(world)
    assert.equal(await status(), 'active')
    world.sandbox.control.backToNormal('strava')
    world.sandbox.control.forgetNotifications('strava')
  })

  test('while the vendor cannot be asked the connection stays; when it can, it ends', async () => {
    const world = opened()
    const strava = tellingOf('strava')
    await register(world, strava)
    const { removeAtVendor, status } = await connectAt(world, strava)
    await removeAtVendor()
    world.network.setReachable(false)
    await work(world)
    assert.equal(await status(), 'active')
    world.network.setReachable(true)
    world.advance(limits.inboundBackoffMs.max)
    await work(world)
    assert.equal(await status(), 'disconnected')
    world.sandbox.control.forgetNotifications('strava')
  })

  test('an echo of our own disconnect changes nothing', async () => {
    const world = opened()
    const garmin = tellingOf('garmin')
    await register(world, garmin)
    const { backend, connectionId, row, events } = await connectAt(world, garmin)
    assert.equal((await backend.api('DELETE', `/connections/${connectionId}`)).status, 204)
    await world.sweep()
    await world.sandbox.control.idle()
    await work(world)
    assert.equal((await row()).disconnectedBy, 'application')
    const ends = (await events()).filter(({ type }) => type === 'notification.source.disconnect')
    assert.equal(ends.length, 1)
    world.sandbox.control.forgetNotifications('garmin')
  })

  test('who allows less at the vendor has other scopes here, and the application is told', async () => {
    const world = opened()
    const garmin = tellingOf('garmin')
    await register(world, garmin)
    const { grantIds, row, events } = await connectAt(world, garmin)
    const before = await row()
    const [grant = ''] = grantIds()
    const fewer = before.grantedScopes.slice(0, 1)
    world.sandbox.control.changePermissions(grant, fewer)
    await world.sandbox.control.idle()
    await work(world)
    const { grantedScopes, missingScopes, status } = await row()
    assert.equal(status, 'active')
    assert.deepEqual(grantedScopes.toSorted(), fewer.toSorted())
    const last = (await events()).at(-1)
    assert.equal(last?.type, 'connection.scopes_changed')
    assert.deepEqual(last?.detail.missingScopes, missingScopes)
    assert.ok(missingScopes.length > before.missingScopes.length)
    world.sandbox.control.forgetNotifications('garmin')
  })

  test('one notification about several people and a stranger does what it says of each', async () => {
    const world = opened()
    const fitbit = tellingOf('fitbit')
    const { uri, verifyToken } = await register(world, fitbit)
    const [one, other, third] = [
      await connectAt(world, fitbit),
      await connectAt(world, fitbit),
      await connectAt(world, fitbit),
    ]
    const said = (ownerId: string) => ({ collectionType: 'userRevokedAccess', ownerId, ownerType: 'user' })
    const body = JSON.stringify([said(one.accountId), said('nobody'), said(other.accountId)])
    world.sandbox.control.setSwitches('fitbit', { events: 'off' })
    for (const { removeAtVendor } of [one, other]) await removeAtVendor()
    const headers = headersFor(fitbit, verifyToken, body, world.now())
    assert.equal((await send(world, uri, body, headers)).status, 204)
    await work(world)
    assert.deepEqual(
      [await one.status(), await other.status(), await third.status()],
      ['disconnected', 'disconnected', 'active'],
    )
    world.sandbox.control.backToNormal('fitbit')
    world.sandbox.control.forgetNotifications('fitbit')
  })

  test('the same again is answered and does nothing [T119]; a crash after the answer loses nothing [T118]', async () => {
    const world = opened()
    const fitbit = tellingOf('fitbit')
    const { uri, verifyToken } = await addressOf(world, fitbit)
    const { accountId, removeAtVendor, row, events } = await connectAt(world, fitbit)
    await removeAtVendor()
    const body = JSON.stringify([{ collectionType: 'userRevokedAccess', ownerId: accountId }])
    const headers = headersFor(fitbit, verifyToken, body, world.now())
    for (let i = 0; i < 3; i++) assert.equal((await send(world, uri, body, headers)).status, 204)
    await world.restart()
    // Another process takes it and dies with it in its hands.
    const taken = await world.context.storage.write((tables) =>
      tables.inboundNotifications.lease('dead', world.now(), world.now() + limits.jobLeaseMs, 100),
    )
    assert.equal(taken.length, 1)
    await work(world)
    assert.equal((await row()).status, 'active')
    world.advance(limits.jobLeaseMs)
    await work(world)
    assert.equal((await row()).status, 'disconnected')
    assert.equal((await events()).length, 2)
    const stored = await world.context.storage.read.inboundNotifications.find(
      asApplicationId('only-fitbit'),
      taken[0]?.id ?? '',
    )
    assert.deepEqual([stored?.status, stored?.sealedBody], ['done', null])
  })

  test('what cannot be done for three days is given up, and its body thrown away', async () => {
    const world = opened()
    const strava = tellingOf('strava')
    const { uri } = await addressOf(world, strava)
    const { accountId, status } = await connectAt(world, strava)
    const event = { object_type: 'athlete', aspect_type: 'update', updates: { authorized: 'false' } }
    await send(world, uri, JSON.stringify({ ...event, owner_id: Number(accountId), event_time: 1 }))
    world.network.setReachable(false)
    await work(world)
    world.advance(limits.inboundGiveUpMs + 1)
    await work(world)
    world.network.setReachable(true)
    assert.equal(await status(), 'active')
    const lines = world.log.filter(({ message }) => message === 'a notification was given up')
    assert.equal(lines.length, 1)
    const left = await world.context.storage.write((tables) =>
      tables.inboundNotifications.lease('me', world.now() * 2, world.now() * 2, 100),
    )
    assert.deepEqual(left, [])
  })
})
