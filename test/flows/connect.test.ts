// Connecting, end to end: the real app, a real database and the sandbox vendors, seen from the person's browser and
// the application's backend.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { APP_A } from '../support/world.ts'

const CONNECTABLE = [
  ['Strava', 11, 'app-a', APP_A],
  ['Withings', 8, 'app-a', APP_A],
  ['Fitbit', 1, 'app-a', APP_A],
  ['Fitbit by its former interface', 1, 'app-a-legacy', 'https://legacy.example.com/done'],
] as const

onBothDatabases('connecting', (world) => {
  for (const [name, id, application, redirectUri] of CONNECTABLE)
    it(`${name}: the application gets the result and sees the connection, and nothing of the session [T012, T031]`, async () => {
      const backend = backendOf(world(), application)
      const { endUserId, token } = await backend.newSession()
      const person = newPerson(world())
      const returned = await person.connect(
        link('Connection', token, id, { redirect_uri: `${redirectUri}?from=here` }),
      )

      assert.equal(returned.status, 303)
      const { pathname, searchParams } = locationOf(returned)
      assert.equal(pathname, '/dataSourceDirectConnectionResult.html')
      assert.deepEqual(
        ['token', 'dataSource', 'connected'].map((parameter) => searchParams.get(parameter)),
        [token, String(id), 'true'],
      )
      const { address } = await toldAfter(person, returned)
      const expected = `${redirectUri}?from=here&dataSource=${id}&connected=true&result=`
      assert.ok(address.startsWith(expected), address)
      assert.match(address.slice(expected.length), /^[A-Za-z0-9_-]+$/, 'nothing stands behind the code')
      assert.ok(!address.includes(token))
      assert.deepEqual(await backend.connectedSources(endUserId), [id])
    })

  it('the result code tells the backend who, what and that it is true', async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const told = await toldAfter(
      person,
      await person.connect(link('Connection', token, 11, { redirect_uri: APP_A })),
    )
    const redeem = async () => (await backend.api('POST', `/results/${told.result}`)).json()
    const result = (await redeem()) as Record<string, unknown> // checked field by field below
    assert.deepEqual(
      [result['endUserId'], result['action'], result['dataSource'], result['connected'], result['error']],
      [endUserId, 'connect', 11, true, null],
    )
    assert.deepEqual(await redeem(), result, 'the same answer each time')
  })

  it('a result code that was changed, cut or prolonged is nobody’s [T008]', async () => {
    const backend = backendOf(world())
    const { token } = await backend.newSession()
    const person = newPerson(world())
    const { result } = await toldAfter(
      person,
      await person.connect(link('Connection', token, 11, { redirect_uri: APP_A })),
    )
    const [id = '', digest = ''] = result.split(/-(.*)/s)
    for (const code of [
      id,
      `${id}-`,
      `${id}-${digest.slice(0, -1)}`,
      `${id}-${digest}A`,
      `${id}-${'A'.repeat(43)}`,
      `${id}-${digest.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      `${id.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}-${digest}`,
      result.toLowerCase(),
    ])
      assert.equal((await backend.api('POST', `/results/${code}`)).status, 404, code)
    assert.equal((await backend.api('POST', `/results/${result}`)).status, 200)
  })

  it('the key of a source works in a link as its number does', async () => {
    const { endUserId, token } = await backendOf(world()).newSession()
    const person = newPerson(world())
    await person.connect(link('Connection', token, 'strava'))
    assert.deepEqual(await backendOf(world()).connectedSources(endUserId), [11])
  })

  it('one session connects and disconnects several sources of its end user [T015]', async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    await person.connect(link('Connection', token, 11))
    await person.connect(link('Connection', token, 8))
    await person.get(link('Revoke', token, 11, { direct: 'true' }))
    assert.deepEqual(await backend.connectedSources(endUserId), [8])
    await person.connect(link('Connection', token, 11))
    await person.connect(link('Connection', token, 11))
    assert.deepEqual((await backend.connectedSources(endUserId)).toSorted(), [11, 8], 'once each')
  })

  it('two sessions of one end user finish the same source at the same time with one connection', async () => {
    const backend = backendOf(world())
    const endUserId = await backend.createEndUser()
    const people = [newPerson(world()), newPerson(world()), newPerson(world())]
    const callbacks = await Promise.all(
      people.map(async (person) => person.consent(link('Connection', await backend.mint(endUserId), 11))),
    )
    await Promise.all(people.map((person, i) => person.get(callbacks[i] ?? '')))
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('people of one application never see a source of another one as connected', async () => {
    const [a, staging] = [backendOf(world()), backendOf(world(), 'app-a-staging')]
    const [one, other] = [await a.createEndUser('same-alias'), await staging.createEndUser('same-alias')]
    assert.notEqual(one, other)
    await newPerson(world()).connect(link('Connection', await a.mint(one), 11))
    assert.deepEqual(await a.connectedSources(one), [11])
    assert.deepEqual(await staging.connectedSources(other), [])
  })
})
