// Goal: the catalogue and the clients are asked for by the documented calls, and what comes is checked before it is
// believed. Method: the real service in process behind the client's fetch; then wrong answers from a stand-in.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createSpringbarClient, type SpringbarClient } from '@springbar/sdk'
import { openWorld, SERVICE, type World } from '../support/world.ts'
import { CREDENTIALS, clientAnswering, failure } from './stand-in.ts'

describe('against the service', () => {
  let world: World
  let client: SpringbarClient
  before(async () => {
    world = await openWorld()
    client = createSpringbarClient({
      apiUrl: SERVICE,
      username: 'a',
      password: 'a-password',
      applicationId: 'app-a-legacy',
      applicationSecret: 'app-a-legacy-secret',
      fetch: async (url, init) => world.app.request(url, init),
    })
  })
  after(() => world.close())

  it('the catalogue comes in a language, with what is missing', async () => {
    const sources = await client.readDataSources({ locale: 'de' })
    const strava = sources.find(({ id }) => id === 11)
    assert.equal(strava?.categoryName, 'Aktivität und Training')
    assert.deepEqual(strava.missing, {
      reason: 'no_client',
      text: 'Die App hat sie noch nicht eingerichtet.',
    })
    assert.equal(strava.callbackUri, `${SERVICE}/callback/strava`)
    assert.deepEqual(await client.readDataSource({ dataSource: 'strava', locale: 'de' }), strava)
    assert.equal((await client.readDataSource({ dataSource: 11 })).categoryName, 'Activity and training')
  })

  it('a client is stored, read, replaced and removed', async () => {
    const choice = { dataSource: 'strava' } as const
    assert.equal((await failure(client.readVendorClient(choice))).code, 'not_found')
    const stored = await client.putVendorClient({
      ...choice,
      clientId: 'id',
      clientSecret: 'secret',
      scopes: ['activity:read'],
      extras: { key: 'value' },
    })
    assert.deepEqual([stored.clientId, stored.scopes, stored.extras], ['id', ['activity:read'], ['key']])
    assert.deepEqual(await client.readVendorClient({ ...choice, vendor: 'strava' }), stored)
    assert.equal((await client.readDataSource(choice)).connectable, true)
    const replaced = await client.putVendorClient({ ...choice, clientId: 'id 2', clientSecret: 'secret' })
    assert.deepEqual([replaced.clientId, replaced.scopes, replaced.extras], ['id 2', null, []])
    await client.removeVendorClient({ ...choice, environment: 'production' })
    assert.equal((await failure(client.removeVendorClient(choice))).code, 'not_found')
  })

  it('one of the configuration is read-only', async () => {
    const choice = { dataSource: 1, vendor: 'fitbit' } as const
    assert.equal((await client.readVendorClient(choice)).managedBy, 'configuration')
    assert.equal((await failure(client.removeVendorClient(choice))).code, 'managed_by_configuration')
  })
})

const ENTRY = {
  id: 11,
  key: 'strava',
  name: 'Strava',
  description: 'd',
  category: 'activity',
  categoryName: 'c',
  kind: 'oauth2',
  status: 'live',
  statusName: 's',
  statusNote: null,
  logo: 'l',
  scopes: [{ value: 'read', label: 'Read', requested: true }],
  connectable: true,
  missing: null,
  callbackUri: null,
  authorizations: [],
}

describe('before anything is sent or believed', () => {
  it('the documented calls go out with both credentials', async () => {
    const { client, seen } = clientAnswering([
      Response.json({ data: [ENTRY] }),
      new Response(null, { status: 204 }),
    ])
    assert.deepEqual(await client.readDataSources({ locale: 'pt-BR' }), [ENTRY])
    await client.removeVendorClient({ dataSource: 1, vendor: 'a&b', environment: 'sandbox' })
    assert.deepEqual(
      seen.map(({ method, url, headers }) => [method, url, headers]),
      [
        ['GET', 'https://api.example.org/v1/data-sources?locale=pt-BR', CREDENTIALS],
        [
          'DELETE',
          'https://api.example.org/v1/data-sources/1/client?vendor=a%26b&environment=sandbox',
          CREDENTIALS,
        ],
      ],
    )
  })

  it('a list is read to its end, page by page, and one that never ends is not believed', async () => {
    const second = { ...ENTRY, id: 12, key: 'other' }
    const { client, seen } = clientAnswering([
      Response.json({ data: [ENTRY], nextCursor: 'a+b' }),
      Response.json({ data: [second], nextCursor: null }),
    ])
    assert.deepEqual(await client.readDataSources({ locale: 'de' }), [ENTRY, second])
    assert.deepEqual(
      seen.map(({ url }) => url),
      [
        'https://api.example.org/v1/data-sources?locale=de',
        'https://api.example.org/v1/data-sources?locale=de&cursor=a%2Bb',
      ],
    )
    const circling = clientAnswering([], {
      fetch: async () => Response.json({ data: [ENTRY], nextCursor: 'again' }),
    })
    assert.equal((await failure(circling.client.readDataSources())).code, 'unexpected_answer')
  })

  for (const dataSource of ['', '../users', '11/client', 'Strava', 0, -1, 1.5])
    it(`nothing is sent for the source ${JSON.stringify(dataSource)}`, async () => {
      const { client, seen } = clientAnswering([])
      for (const call of [
        client.readDataSource({ dataSource }),
        client.readVendorClient({ dataSource }),
        client.putVendorClient({ dataSource, clientId: 'i', clientSecret: 's' }),
        client.removeVendorClient({ dataSource }),
      ])
        assert.equal((await failure(call)).code, 'invalid_argument')
      assert.equal(seen.length, 0)
    })

  for (const [index, body] of [
    [],
    null,
    { ...ENTRY, id: '11' },
    { ...ENTRY, name: null },
    { ...ENTRY, connectable: 'true' },
    { ...ENTRY, missing: 'client' },
    { ...ENTRY, missing: { reason: 'x' } },
    { ...ENTRY, scopes: [{ value: 'read' }] },
    { ...ENTRY, authorizations: [{}] },
  ].entries())
    it(`the wrong answer ${index + 1} is not believed`, async () => {
      const { client } = clientAnswering([Response.json(body), Response.json({ data: [body] })])
      assert.equal((await failure(client.readDataSource({ dataSource: 11 }))).code, 'unexpected_answer')
      assert.equal((await failure(client.readDataSources())).code, 'unexpected_answer')
    })

  it('an answer about a client that is none is not believed either', async () => {
    for (const body of [[], {}, { dataSource: 11, vendor: 'strava', extras: [7] }]) {
      const { client } = clientAnswering([Response.json(body)])
      assert.equal((await failure(client.readVendorClient({ dataSource: 11 }))).code, 'unexpected_answer')
    }
  })
})
