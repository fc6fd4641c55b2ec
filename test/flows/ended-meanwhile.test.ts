// What ends while the person is at the vendor: the session, the end user, the attempt itself, the return address. No
// connection comes of it, and a grant that was received is ended at the vendor.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { listAudit } from '../../src/broker/audit/list-audit.ts'
import { endSessionsOf } from '../../src/cli/end-sessions.ts'
import { openStorage } from '../../src/storage/open.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A } from '../support/world.ts'

const SOURCES = [
  ['strava', 11, 'www.strava.com/oauth/token'],
  ['withings', 8, 'wbsapi.withings.net/v2/oauth2'],
  ['google-health', 1, 'oauth2.googleapis.com/token'],
] as const

onBothDatabases('while the person is at the vendor', (world) => {
  const begin = async (source: number, redirectUri: string = APP_A) => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const start = link('Connection', token, source, { redirect_uri: redirectUri })
    return { backend, endUserId, token, person, callback: await person.consent(start) }
  }
  type Begun = Awaited<ReturnType<typeof begin>>
  const livingGrants = (account: string) =>
    world()
      .sandbox.control.grants()
      .filter((grant) => grant.account === account && grant.ended === null)
  const tokenCalls = () => world().sandbox.control.calls({ operation: 'token' }).length
  const eventsOf = async (endUserId: string) =>
    (
      await query(world(), 'select type from events where end_user_id = ? order by sequence', [endUserId])
    ).map(({ type }) => type)

  /** Everything that takes the right to connect away, with what the application is told then. */
  const Endings: readonly (readonly [string, (begun: Begun) => Promise<unknown>])[] = [
    [
      'the session is ended',
      async ({ backend, token }) => {
        assert.equal((await backend.api('DELETE', `/sessions/${token.slice(0, 16)}`)).status, 204)
      },
    ],
    [
      'all sessions of the end user are ended',
      async ({ backend, endUserId }) => {
        assert.equal((await backend.api('DELETE', `/users/${endUserId}/sessions`)).status, 200)
      },
    ],
    [
      'all sessions of the application are ended',
      async ({ backend }) => {
        assert.equal((await backend.api('DELETE', '/sessions')).status, 200)
      },
    ],
    [
      'the end user is queued for deletion',
      async ({ backend, endUserId }) => {
        const query = new URLSearchParams({ authenticationToken: endUserId })
        const answer = await world().app.request(`/v5/userInformation?${query}`, {
          method: 'DELETE',
          headers: backend.headers,
        })
        assert.equal(answer.status, 204)
      },
    ],
  ]

  for (const [name, end] of Endings) {
    it(`${name}: the code is not even redeemed, and nothing is connected [T004]`, async () => {
      const begun = await begin(11)
      const before = tokenCalls()
      await end(begun)
      const told = await toldAfter(begun.person, await begun.person.get(begun.callback))
      assert.deepEqual([told.connected, told.error], ['false', 'session_expired'])
      assert.equal(tokenCalls(), before)
      assert.deepEqual(await begun.backend.connectedSources(begun.endUserId), [])
      assert.deepEqual(await eventsOf(begun.endUserId), ['attempt.failed'])
    })

    for (const [vendor, source, tokenUrl] of SOURCES)
      it(`${name} during the exchange at ${vendor}: nothing is connected and the grant is ended there [T004, I08]`, async () => {
        const begun = await begin(source)
        world().network.beforeAnswerOf(tokenUrl, () => end(begun))
        const told = await toldAfter(begun.person, await begun.person.get(begun.callback))
        assert.deepEqual([told.connected, told.error], ['false', 'session_expired'])
        assert.deepEqual(await begun.backend.connectedSources(begun.endUserId), [])
        assert.deepEqual(await eventsOf(begun.endUserId), ['attempt.failed'])
        assert.equal(livingGrants(begun.person.account).length, 1)
        await world().sweep()
        assert.deepEqual(livingGrants(begun.person.account), [])
      })
  }

  it('the session runs out and then the end user is queued for deletion: nothing is connected, the grant is ended [T004]', async () => {
    const backend = backendOf(world())
    const endUserId = await backend.createEndUser()
    const minted = await backend.api('POST', '/sessions', { endUserId, lifetimeSeconds: 60 })
    const { token } = (await minted.json()) as { token: string } // our own API's answer
    const person = newPerson(world())
    const callback = await person.consent(link('Connection', token, 11, { redirect_uri: APP_A }))
    world().advance(120_000)
    assert.equal((await backend.api('DELETE', `/users/${endUserId}`)).status, 202)
    const told = await toldAfter(person, await person.get(callback))
    assert.deepEqual([told.connected, told.error], ['false', 'session_expired'])
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    await world().sweep()
    assert.deepEqual(livingGrants(person.account), [])
  })

  it('an ended session starts nothing more, on any direct page, and looks like an unknown one [T004, T005, T009]', async () => {
    const { backend, endUserId, token, person } = await begin(11)
    await backend.api('DELETE', `/users/${endUserId}/sessions`)
    const unknown = `${token.slice(0, 16)}X${'1'.repeat(39)}`
    for (const url of [
      (one: string) => link('Connection', one, 11, { redirect_uri: APP_A }),
      (one: string) => link('Revoke', one, 11, { direct: 'true', redirect_uri: APP_A }),
      (one: string) => `/?connectionSessionToken=${one}`,
    ]) {
      const [ended, never] = [await person.get(url(token)), await person.get(url(unknown))]
      assert.deepEqual([ended.status, never.status], [403, 403])
      const withoutReference = (page: string) =>
        page.replace(/[0-9A-Z]{5}-[0-9A-Z]{5}/, '').replaceAll(/nonce="[^"]+"/g, '')
      assert.equal(withoutReference(await ended.text()), withoutReference(await never.text()))
    }
  })

  it('all sessions of an application end at once, on each replica, and those of another live on [T005]', async () => {
    const one = await begin(11)
    const other = await begin(11)
    const stranger = await backendOf(world(), 'app-b').newSession()
    // A process of its own on the same database has asked for the session before, and asks again.
    const replica = await openStorage({ url: world().databaseUrl })
    try {
      const lookup = one.token.slice(0, 16)
      assert.equal((await replica.read.sessions.find(lookup))?.endedAt, null)
      const response = await one.backend.api('DELETE', '/sessions')
      assert.equal(response.status, 200)
      const { ended } = (await response.json()) as { ended: number } // our own API's answer
      assert.ok(ended >= 2)
      await setImmediate()
      assert.equal((await replica.read.sessions.find(lookup))?.endedAt, world().now())
    } finally {
      await replica.close()
    }
    for (const { person, token } of [one, other])
      assert.equal((await person.get(link('Connection', token, 11))).status, 403)
    assert.equal((await newPerson(world()).get(link('Connection', stranger.token, 11))).status, 303)
    const printed: string[] = []
    assert.equal(await endSessionsOf(world().context, 'app-b', (line) => printed.push(line)), 0)
    assert.match(printed[0] ?? '', /^[1-9]\d* sessions of app-b were ended\.$/)
    assert.equal((await newPerson(world()).get(link('Connection', stranger.token, 11))).status, 403)
    assert.equal(await endSessionsOf(world().context, 'nobody', (line) => printed.push(line)), 1)
    const wish = { applicationId: null, endUserId: null, since: null, limit: 9 }
    const lines = (await listAudit(world().context, wish)).map(
      ({ actor, action, object }) => `${actor} ${action} ${object}`,
    )
    assert.ok(lines.includes('application session.end-all app-a'))
    assert.ok(lines.includes('operator session.end-all app-b'))
  })

  it('the end user is erased during the exchange: no row comes back, and the grant is ended [T004, S15]', async () => {
    const { backend, endUserId, person, callback } = await begin(11)
    world().network.beforeAnswerOf('strava.com/oauth/token', async () => {
      const at = new Date(world().now()).toISOString()
      await backend.api('DELETE', `/users/${endUserId}?deletionDate=${encodeURIComponent(at)}`)
      await world().sweep()
    })
    const answer = await person.get(callback)
    assert.equal(answer.status, 400)
    assert.deepEqual(
      await query(world(), 'select id from connections where end_user_id = ?', [endUserId]),
      [],
    )
    await world().sweep()
    assert.deepEqual(livingGrants(person.account), [])
  })

  it('the attempt is given up as interrupted: the person was told so, so the late grant is ended [I12]', async () => {
    const { backend, endUserId, person, callback } = await begin(11)
    world().network.beforeAnswerOf('strava.com/oauth/token', async () => {
      world().advance(61_000)
      await world().sweep()
    })
    const told = await toldAfter(person, await person.get(callback))
    assert.deepEqual([told.connected, told.error], ['false', 'server_error'])
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    assert.deepEqual(await eventsOf(endUserId), ['attempt.failed'])
    await world().sweep()
    assert.deepEqual(livingGrants(person.account), [])
  })

  it('the return address is taken off the list: it connects, and the own result page says so [T032]', async () => {
    const redirectUri = 'https://later.example.com/done'
    const backend = backendOf(world())
    assert.equal((await backend.api('POST', '/redirect-uris', { uri: redirectUri })).status, 200)
    const { endUserId, person, callback } = await begin(11, redirectUri)
    const removed = await backend.api('DELETE', `/redirect-uris?uri=${encodeURIComponent(redirectUri)}`)
    assert.equal(removed.status, 204)
    const last = await person.follow(await person.get(callback))
    assert.equal(last.status, 200)
    const page = await last.text()
    assert.match(page, /Strava is connected/)
    assert.doesNotMatch(page, /later\.example/)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('the service restarts with a new primary key: cookie, state, verifier and older tokens go on working [S2, T102]', async () => {
    const { endUserId, token, person, callback } = await begin(1)
    await person.connect(link('Connection', token, 11))
    const [next = '', former = ''] = [9, 7].map((byte) => Buffer.alloc(32, byte).toString('base64'))
    await world().restart({
      keys: [
        { id: 'k2', key: next },
        { id: 'k1', key: former },
      ],
    })
    assert.equal((await toldAfter(person, await person.get(callback))).connected, 'true')
    assert.deepEqual((await backendOf(world()).connectedSources(endUserId)).toSorted(), [1, 11])
    for (const source of [1, 11]) await person.get(link('Revoke', token, source, { direct: 'true' }))
    await world().sweep()
    assert.deepEqual(livingGrants(person.account), [])
  })
})
