// /v1/data-sources/{id}/client: an application's own client at a vendor (contract §6). The whole service on both
// databases; the vendors are sandboxes, so a client that was given wrongly does not get through.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf, link, newPerson } from '../../support/person.ts'
import { SERVICE } from '../../support/world.ts'
import { assertProblem, jsonOf } from '../support.ts'

/** Has a client for Fitbit's former interface alone, so that every other is free to give. */
const FREE = 'app-a-legacy'
const GIVEN = { clientId: 'strava-client', clientSecret: 'strava-client-secret' }
const STRAVA = '/data-sources/strava/client'

onBothDatabases('an application’s own client', (world) => {
  const backend = (application = FREE) => backendOf(world(), application)
  const put = (body: unknown, application = FREE) => backend(application).api('PUT', STRAVA, body)
  const read = (application = FREE) => backend(application).api('GET', STRAVA)
  const remove = (application = FREE) => backend(application).api('DELETE', STRAVA)
  const isConnectable = async (application = FREE) =>
    (await jsonOf(await backend(application).api('GET', '/data-sources/11')))['connectable']
  const connect = async (application = FREE) => {
    const { token, endUserId } = await backend(application).newSession()
    await newPerson(world()).connect(link('Connection', token, 11))
    return (await backend(application).connectedSources(endUserId)).includes(11)
  }

  it('what is given is used by the next connect, and by none after it is removed', async () => {
    assert.equal(await isConnectable(), false)
    await assertProblem(await read(), 'not_found', '/v1')
    const answer = await put(GIVEN)
    assert.equal(answer.status, 200)
    const client = await jsonOf(answer)
    const at = new Date(world().now()).toISOString()
    assert.deepEqual(client, {
      dataSource: 11,
      vendor: 'strava',
      environment: 'production',
      clientId: 'strava-client',
      scopes: null,
      extras: [],
      managedBy: 'api',
      callbackUri: `${SERVICE}/callback/strava`,
      createdAt: at,
      updatedAt: at,
    })
    assert.deepEqual(await jsonOf(await read()), client)
    assert.equal(await isConnectable(), true)
    assert.equal(await connect(), true)
    const removed = await remove()
    assert.deepEqual([removed.status, await removed.text()], [204, ''])
    assert.equal(await isConnectable(), false)
    await assertProblem(await remove(), 'not_found', '/v1')
  })
})
