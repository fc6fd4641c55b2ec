// Time limits, on a clock that the test sets: a quarter of an hour at the vendor, an hour for a session, a day in
// which a late click still tells the application why.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A } from '../support/world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

onBothDatabases('time', (world) => {
  const begin = async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const start = link('Connection', token, 11, { redirect_uri: APP_A })
    return { backend, endUserId, token, person, start }
  }
  /** Goes to the vendor, thinks for some time, allows, and gives the callback's address. */
  const thinkFor = async (person: ReturnType<typeof newPerson>, start: string, thinkingMs: number) => {
    const authorizationUrl = locationOf(await person.get(start)).href
    world().advance(thinkingMs)
    const { location } = await world().sandbox.control.consent(authorizationUrl, { account: person.account })
    return location ?? ''
  }
  const tokenCalls = () => world().sandbox.control.calls({ operation: 'token' }).length
  const failures = async (endUserId: string) => {
    const rows = await query(
      world(),
      `select detail from events where end_user_id = ? and type in ('attempt.failed', 'attempt.abandoned')`,
      [endUserId],
    )
    return rows.map(({ detail }) => JSON.parse(String(detail)).error)
  }

  it('14 minutes and 59 seconds at the vendor are enough [T052]', async () => {
    const { backend, endUserId, person, start } = await begin()
    const callback = await thinkFor(person, start, 15 * MINUTE_MS - 1000)
    assert.equal((await toldAfter(person, await person.get(callback))).connected, 'true')
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('15 minutes and 1 second are too long: the page says so, the application hears of it [T052]', async () => {
    const { backend, endUserId, person, start } = await begin()
    const callback = await thinkFor(person, start, 15 * MINUTE_MS + 1000)
    const before = tokenCalls()
    for (const round of ['at once', 'after the background work']) {
      const answer = await person.get(callback)
      assert.equal(answer.status, 410, round)
      assert.equal(answer.headers.get('location'), null)
      assert.match(await answer.text(), /This link has expired/)
      assert.deepEqual(await failures(endUserId), ['attempt_expired'])
      await world().sweep()
    }
    assert.equal(tokenCalls(), before)
    assert.deepEqual(await backend.connectedSources(endUserId), [])
  })

  it('a browser whose clock is slow still brings the cookie, and the person back to the application [T052]', async () => {
    for (const sweepsFirst of [false, true]) {
      const { endUserId, person, start } = await begin()
      const authorizationUrl = locationOf(await person.get(start)).href
      const cookie = [...person.cookies].map((pair) => pair.join('=')).join('; ')
      world().advance(15 * MINUTE_MS + 1000)
      const { location } = await world().sandbox.control.consent(authorizationUrl, {
        account: person.account,
      })
      if (sweepsFirst) await world().sweep()
      const told = await toldAfter(person, await person.get(location ?? '', { cookie }))
      assert.deepEqual([told.connected, told.error], ['false', 'attempt_expired'])
      assert.deepEqual(await failures(endUserId), ['attempt_expired'])
    }
  })

  it('an attempt that nobody returns from ends by itself, once [I12]', async () => {
    const { endUserId, person, start } = await begin()
    await person.get(start)
    world().advance(15 * MINUTE_MS - 1000)
    await world().sweep()
    assert.deepEqual(await failures(endUserId), [])
    world().advance(2000)
    await Promise.all([world().sweep(), world().sweep()])
    await world().sweep()
    assert.deepEqual(await failures(endUserId), ['attempt_expired'])
  })

  it('a session starts attempts for 59 minutes and 59 seconds, and they may end after it [T003]', async () => {
    const { backend, endUserId, person, start } = await begin()
    world().advance(HOUR_MS - 1000)
    const callback = await thinkFor(person, start, 5 * MINUTE_MS)
    assert.equal((await toldAfter(person, await person.get(callback))).connected, 'true')
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('after 60 minutes and 1 second nothing starts and the application hears session_expired [T003]', async () => {
    const { backend, endUserId, token, person, start } = await begin()
    await person.connect(start)
    world().advance(HOUR_MS + 1000)
    const before = world().sandbox.control.calls().length
    const connect = await toldAfter(person, await person.get(start))
    assert.deepEqual(
      [connect.connected, connect.error, connect.dataSource],
      ['false', 'session_expired', '11'],
    )
    const disconnect = await toldAfter(
      person,
      await person.get(link('Revoke', token, 11, { direct: 'true', redirect_uri: APP_A })),
    )
    assert.deepEqual([disconnect.connected, disconnect.error], ['true', 'session_expired'])
    assert.equal(world().sandbox.control.calls().length, before)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('without a return address an expired session is a page with status 410, for every direct page [T003]', async () => {
    const { token, person } = await begin()
    world().advance(HOUR_MS + 1000)
    for (const url of [
      link('Connection', token, 11),
      link('Revoke', token, 11),
      link('Revoke', token, 11, { direct: 'true' }),
      `/?connectionSessionToken=${token}`,
    ]) {
      const answer = await person.get(url)
      assert.equal(answer.status, 410, url)
      assert.match(await answer.text(), /This link has expired/)
    }
  })

  it('an expired session whose return address is not listed leads nowhere [T003, T030]', async () => {
    const { token, person } = await begin()
    world().advance(HOUR_MS + 1000)
    const answer = await person.get(link('Connection', token, 11, { redirect_uri: 'https://evil.example' }))
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('location'), null)
  })

  it('a day after its end a session is forgotten and looks like any unknown one [T003, T009]', async () => {
    const { person, start } = await begin()
    world().advance(25 * HOUR_MS - MINUTE_MS)
    await world().sweep()
    assert.equal((await toldAfter(person, await person.get(start))).error, 'session_expired')
    world().advance(2 * MINUTE_MS)
    await world().sweep()
    assert.equal((await person.get(start)).status, 403)
  })

  it('using a session does not prolong it [T003]', async () => {
    const { person, start } = await begin()
    for (let i = 0; i < 6; i++) {
      world().advance(10 * MINUTE_MS - 1)
      await person.get(start)
    }
    world().advance(1000)
    assert.equal((await toldAfter(person, await person.get(start))).error, 'session_expired')
  })

  it('a lifetime that the application chose is kept to the second, within its bounds [T003]', async () => {
    const backend = backendOf(world())
    const endUserId = await backend.createEndUser()
    for (const lifetimeSeconds of [59, 86_401, 0, -1, 1.5, '60', null])
      assert.equal((await backend.api('POST', '/sessions', { endUserId, lifetimeSeconds })).status, 400)
    const minted = await backend.api('POST', '/sessions', { endUserId, lifetimeSeconds: 60 })
    const { token } = (await minted.json()) as { token: string } // our own API's answer
    const person = newPerson(world())
    world().advance(59_000)
    assert.equal((await person.get(link('Connection', token, 11))).status, 303)
    world().advance(2000)
    assert.equal((await person.get(link('Connection', token, 11))).status, 410)
  })

  it('a clock that is set back revives nothing that has ended [T130]', async () => {
    const { person, start } = await begin()
    world().advance(16 * MINUTE_MS)
    const callback = await thinkFor(person, start, 16 * MINUTE_MS)
    await world().sweep()
    world().advance(-16 * MINUTE_MS)
    const answer = await person.get(callback)
    assert.notEqual(answer.headers.get('location')?.includes('connected=true'), true)
    world().advance(16 * MINUTE_MS)
  })
})
