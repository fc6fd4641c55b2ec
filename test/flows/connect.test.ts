// Connecting, end to end: the real app, a real database and the sandbox vendors, seen from the person's browser and
// the application's backend.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { backendOf, link, locationOf, newPerson } from '../support/person.ts'
import { APP_A, openWorld, type World } from '../support/world.ts'

for (const database of ['sqlite', 'postgres'] as const)
  describe(`connecting on ${database}`, () => {
    let world: World
    before(async () => {
      world = await openWorld({ database })
    })
    after(() => world.close())

    for (const [name, id] of [
      ['Strava', 11],
      ['Withings', 8],
      ['Fitbit', 1],
    ] as const)
      it(`${name}: a person connects, and the application gets the result and sees the connection`, async () => {
        const backend = backendOf(world)
        const endUserId = await backend.createEndUser()
        const token = await backend.mint(endUserId)
        const person = newPerson(world)
        const returned = await person.connect(link('Connection', token, id, { redirect_uri: `${APP_A}?from=here` }))

        assert.equal(returned.status, 303)
        const result = locationOf(returned)
        assert.equal(result.pathname, '/dataSourceDirectConnectionResult.html')
        assert.deepEqual(
          [result.searchParams.get('token'), result.searchParams.get('dataSource'), result.searchParams.get('connected')],
          [token, String(id), 'true'],
        )
        const forwarded = await person.follow(returned)
        assert.equal(forwarded.status, 303)
        const location = forwarded.headers.get('location') ?? ''
        assert.ok(location.startsWith(`${APP_A}?from=here&dataSource=${id}&connected=true&result=`), location)
        assert.ok(!location.includes(token))
        assert.deepEqual(await backend.connectedSources(endUserId), [id])
      })
  })
