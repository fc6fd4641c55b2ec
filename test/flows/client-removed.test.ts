// Goal: a vendor tells nothing any more to an application that has removed its client there, and goes on telling another one
// with the same client. Method: clients given and removed over the API, sandbox vendors, on both databases.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSubscriptions } from '../../src/broker/subscriptions/run-subscriptions.ts'
import { asApplicationId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { tellingOf } from '../support/telling.ts'
import type { World } from '../support/world.ts'

/** Neither has a client at this vendor in the configuration; both belong to one account. */
const [ONE, OTHER] = ['app-a-legacy', 'app-a-oauth1'] as const
const VENDOR = tellingOf('polar')
const CLIENT = '/data-sources/polar/client?vendor=polar'
const GIVEN = { vendor: 'polar', clientId: 'polar-client', clientSecret: 'polar-client-secret' }

onBothDatabases('a client that is removed', (opened) => {
  const removals = ({ network }: World) =>
    network.exchanges.filter(({ url }) => /\/v3\/webhooks\/./.test(url)).map(({ url }) => url)
  const rowsOf = ({ context }: World, application: string) =>
    context.storage.read.subscriptions.listOf(asApplicationId(application), VENDOR.vendor, null)
  const give = async (world: World, application: string) => {
    const backend = backendOf(world, application)
    assert.equal((await backend.api('PUT', '/data-sources/polar/client', GIVEN)).status, 200)
    const { token } = await backend.newSession()
    await newPerson(world).connect(link('Connection', token, VENDOR.sourceId))
    await runSubscriptions(world.context)
    return backend
  }

  test('ends at the vendor what was told with it, once', async () => {
    const world = opened()
    const backend = await give(world, ONE)
    const [row] = await rowsOf(world, ONE)
    assert.ok(row?.remoteId)
    const before = removals(world).length
    assert.equal((await backend.api('DELETE', CLIENT)).status, 204)
    const calls = removals(world).slice(before)
    assert.equal(calls.length, 1)
    assert.ok(calls[0]?.endsWith(`/${row.remoteId}`))
    assert.deepEqual(await rowsOf(world, ONE), [])
  })

  test('is removed also while the vendor cannot be asked', async () => {
    const world = opened()
    const backend = await give(world, ONE)
    assert.equal((await rowsOf(world, ONE)).length, 1)
    world.network.setReachable(false)
    assert.equal((await backend.api('DELETE', CLIENT)).status, 204)
    world.network.setReachable(true)
    assert.deepEqual(await rowsOf(world, ONE), [])
  })

  test('leaves another application of the account with the same client told', async () => {
    const world = opened()
    const backend = await give(world, ONE)
    await give(world, OTHER)
    assert.deepEqual([(await rowsOf(world, ONE)).length, (await rowsOf(world, OTHER)).length], [1, 0])
    assert.equal((await backend.api('DELETE', CLIENT)).status, 204)
    await runSubscriptions(world.context)
    const [row] = await rowsOf(world, OTHER)
    assert.equal(row?.status, 'active')
  })
})
