// Goal: a person connects and disconnects every source through the whole service, and the application reads a token that
// works. Method: the real app, once on the embedded database for each vendor, a sample on PostgreSQL (all of them in the
// long run), with the vendors that the sandbox makes of the definitions.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AnyAuthorization } from '../../src/model/source.ts'
import { sources } from '../../src/sources/index.ts'
import { sampled } from '../support/long.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { authorizations } from '../support/vendors.ts'
import { openWorld, type World } from '../support/world.ts'

const POSTGRES_SAMPLE = 4

function onDatabase(database: 'sqlite' | 'postgres', vendors: readonly AnyAuthorization[]): void {
  describe(`every source (${database})`, () => {
    let world: World
    before(async () => {
      world = await openWorld({ database })
    })
    after(() => world.close())

    for (const authorization of vendors)
      test(`${authorization.vendor}: connected, read, disconnected`, async () => {
        const { vendor } = authorization
        const source = [...sources.values()].find(
          (one) => one.kind === 'oauth2' && one.authorizations.some((each) => each.vendor === vendor),
        )
        assert.ok(source)
        const backend = backendOf(world, `only-${vendor}`)
        const { endUserId, token } = await backend.newSession()
        const person = newPerson(world)
        const told = await person.connect(link('Connection', token, source.id))
        assert.ok(told)
        assert.deepEqual(await backend.connectedSources(endUserId), [source.id])

        const listed = await backend.api('GET', `/users/${endUserId}/connections`)
        const { data } = (await listed.json()) as { data: { id: string; missingScopes: string[] }[] }
        const [connection] = data
        assert.ok(connection)
        assert.deepEqual(connection.missingScopes, [])
        if (authorization.protocol !== 'oauth1') {
          const read = await backend.api('POST', `/connections/${connection.id}/token`)
          assert.equal(read.status, 200)
          const { accessToken } = (await read.json()) as { accessToken: string }
          assert.equal(world.sandbox.control.token(accessToken)?.state, 'live')
        }

        assert.equal((await backend.api('DELETE', `/connections/${connection.id}`)).status, 204)
        assert.deepEqual(await backend.connectedSources(endUserId), [])
        await world.sweep()
        const { revocations } = (await (
          await backend.api('GET', `/connections/${connection.id}`)
        ).json()) as { revocations: { status: string }[] }
        const expected = authorization.revocation.kind === 'unsupported' ? 'unsupported' : 'revoked'
        assert.deepEqual(
          revocations.map(({ status }) => status),
          [expected],
        )
      })
  })
}

onDatabase('sqlite', authorizations)
onDatabase('postgres', sampled(authorizations, POSTGRES_SAMPLE))
