// What a person does not allow: cancelling, unticking, allowing nothing of use. Real app, real database, sandbox vendors.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, toldAfter } from '../support/person.ts'
import { tablesWith } from '../support/rows.ts'
import { APP_A } from '../support/world.ts'

const GOOGLE = 'https://www.googleapis.com/auth/googlehealth'

const SOURCES = [
  {
    name: 'Strava',
    id: 11,
    vendor: 'strava',
    ticked: ['read', 'activity:read'],
    missing: ['profile:read_all', 'activity:read_all'],
    useless: ['read'],
    // The callback says what was granted, so nothing has to be asked for.
    tokenCallsWhenUseless: 0,
  },
  {
    name: 'Withings',
    id: 8,
    vendor: 'withings',
    ticked: ['user.info', 'user.metrics', 'user.sleepevents'],
    missing: ['user.activity'],
    useless: ['user.info'],
    tokenCallsWhenUseless: 1,
  },
  {
    name: 'Fitbit',
    id: 1,
    vendor: 'google-health',
    ticked: [`${GOOGLE}.sleep.readonly`, `${GOOGLE}.profile.readonly`],
    missing: ['activity_and_fitness', 'health_metrics_and_measurements', 'nutrition', 'ecg', 'irn'].map(
      (scope) => `${GOOGLE}.${scope}.readonly`,
    ),
    useless: [`${GOOGLE}.profile.readonly`],
    tokenCallsWhenUseless: 1,
  },
] as const

onBothDatabases('a person who does not allow everything', (world) => {
  const start = async () => {
    const backend = backendOf(world())
    const session = await backend.newSession()
    const person = newPerson(world())
    const connect = (id: number) => link('Connection', session.token, id, { redirect_uri: APP_A })
    const tokenCalls = (vendor: string) =>
      world().sandbox.control.calls({ vendor, operation: 'token' }).length
    return { backend, ...session, person, connect, tokenCalls }
  }

  for (const { name, id, vendor, ticked, missing, useless, tokenCallsWhenUseless } of SOURCES) {
    it(`${name}: cancelling is told as access_denied, asks the vendor for nothing and stores nothing [T034]`, async () => {
      const { backend, endUserId, person, connect, tokenCalls } = await start()
      const before = tokenCalls(vendor)
      const told = await toldAfter(
        person,
        await person.connect(connect(id), { decision: 'cancel', cancelDescription: 'with' }),
      )
      assert.deepEqual([told.connected, told.error, told.dataSource], ['false', 'access_denied', String(id)])
      assert.doesNotMatch(told.address, /description|pressed/i, "the vendor's own words stay behind")
      assert.equal(tokenCalls(vendor), before)
      assert.deepEqual(await backend.connectedSources(endUserId), [])
    })

    it(`${name}: cancelling a second time over leaves the connection that is there [contract §3]`, async () => {
      const { backend, endUserId, person, connect } = await start()
      await person.connect(connect(id))
      const told = await toldAfter(person, await person.connect(connect(id), { decision: 'cancel' }))
      assert.deepEqual([told.connected, told.error], ['false', 'access_denied'])
      assert.deepEqual(await backend.connectedSources(endUserId), [id])
    })

    it(`${name}: with a box unticked it connects, and what is missing is known [T065]`, async () => {
      const { backend, endUserId, person, connect } = await start()
      const told = await toldAfter(person, await person.connect(connect(id), { scopes: [...ticked] }))
      assert.deepEqual([told.connected, told.error], ['true', null])
      const listed = await backend.api('GET', `/users/${endUserId}/connections`)
      const { data } = (await listed.json()) as { data: Record<string, string[]>[] } // our own API's list
      assert.deepEqual(data[0]?.['grantedScopes']?.toSorted(), [...ticked].toSorted())
      assert.deepEqual(data[0]?.['missingScopes']?.toSorted(), [...missing].toSorted())
    })

    it(`${name}: with only what gives no data there is no connection, and nothing of the grant is kept`, async () => {
      const { backend, endUserId, person, connect, tokenCalls } = await start()
      const before = tokenCalls(vendor)
      const told = await toldAfter(person, await person.connect(connect(id), { scopes: [...useless] }))
      assert.deepEqual([told.connected, told.error], ['false', 'scope_missing'])
      assert.equal(tokenCalls(vendor) - before, tokenCallsWhenUseless)
      assert.deepEqual(await backend.connectedSources(endUserId), [])
      assert.ok(!(await tablesWith(world(), endUserId)).includes('connections'))
    })

    it(`${name}: with every box unticked nothing is connected, and the person can try again`, async () => {
      const { backend, endUserId, person, connect } = await start()
      const told = await toldAfter(person, await person.connect(connect(id), { scopes: [] }))
      assert.equal(told.connected, 'false')
      assert.ok(told.error === 'access_denied' || told.error === 'scope_missing', String(told.error))
      assert.deepEqual(await backend.connectedSources(endUserId), [])
      await person.connect(connect(id))
      assert.deepEqual(await backend.connectedSources(endUserId), [id])
    })
  }

  it('the result page says in words that some permissions are missing', async () => {
    const { token, person } = await start()
    const returned = await person.connect(link('Connection', token, 11), {
      scopes: ['read', 'activity:read'],
    })
    const page = await (await person.follow(returned)).text()
    assert.match(page, /You did not allow everything/)
  })
})
