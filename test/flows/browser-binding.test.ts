// Only the browser that started an attempt can finish it. A browser here is a set of cookies; the state travels in an
// address that anybody could be sent.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, type Person, toldAfter } from '../support/person.ts'
import { query, storedAmong } from '../support/rows.ts'
import { APP_A } from '../support/world.ts'

onBothDatabases('the browser that started', (world) => {
  const begin = async (source: number | string = 11) => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const start = link('Connection', token, source, { redirect_uri: APP_A })
    return { backend, endUserId, token, person, start }
  }
  const tokenCalls = () => world().sandbox.control.calls({ operation: 'token' }).length

  /** A browser that sends exactly this cookie header. */
  const browserWith = (cookie: string): Pick<Person, 'get'> => {
    const { get } = newPerson(world())
    return { get: (url) => get(url, { cookie }) }
  }
  const only = (cookies: ReadonlyMap<string, string>): readonly [string, string] => {
    const [cookie, ...more] = cookies
    assert.ok(cookie)
    assert.equal(more.length, 0)
    return cookie
  }

  it('gets a cookie that no other host can set, no script can read and no later visit sends [T046]', async () => {
    const { person, start } = await begin()
    const response = await person.get(start)
    const [cookie, ...more] = response.headers.getSetCookie()
    assert.equal(more.length, 0)
    const [pair, ...attributes] = (cookie ?? '').split('; ')
    assert.match(pair ?? '', /^__Host-sb-[0-9A-Z]{14}=[A-Za-z0-9_-]{43}\./)
    assert.deepEqual(attributes.toSorted(), ['HttpOnly', 'Max-Age=900', 'Path=/', 'SameSite=Lax', 'Secure'])
    const secret = /=([^.]+)/.exec(pair ?? '')?.[1] ?? ''
    assert.deepEqual(await storedAmong(world(), [secret]), [], 'the database holds a digest only')
  })

  it('is needed: an address delivered in another browser connects nothing and says so [T045]', async () => {
    const { backend, endUserId, person, start } = await begin()
    const callback = await person.consent(start)
    const before = tokenCalls()
    const stranger = await newPerson(world()).get(callback)
    assert.equal(stranger.status, 409)
    assert.equal(stranger.headers.get('location'), null)
    const page = await stranger.text()
    assert.match(page, /You came back in another browser/)
    assert.match(page, /APP-A/, 'the page names the application to go back to')
    assert.equal(tokenCalls(), before)

    const events = await query(world(), 'select type, detail from events where end_user_id = ?', [endUserId])
    assert.deepEqual(
      events.map(({ type, detail }) => [type, JSON.parse(String(detail)).error]),
      [['attempt.failed', 'browser_changed']],
    )
    const told = await toldAfter(person, await person.get(callback))
    assert.deepEqual([told.connected, told.error], ['false', 'browser_changed'])
    assert.equal((await toldAfter(person, await person.connect(start))).connected, 'true', 'and can restart')
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('is not believed by a cookie that only looks alike [T048]', async () => {
    const lookAlikes = (name: string, value: string): readonly string[] => [
      `${name.replace('__Host-', '')}=${value}`,
      `${name.replace('__Host-', '__Secure-')}=${value}`,
      `${name.replace('__Host-sb-', 'dev-sb-')}=${value}`,
      `${name.replace('__Host-', '__host-')}=${value}`,
      `${name.toLowerCase()}=${value}`,
      `${name}x=${value}`,
      `"${name}"=${value}`,
      `${name.slice(0, -1)}=${value}`,
      `${name}=${value.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      `${name}=${value.split('.')[0]}`,
      `${name}=.${value.split('.')[1]}`,
      `${name}=`,
      `${name}`,
      `other=1; x${name}=${value}`,
    ]
    const count = lookAlikes('__Host-sb-0', '.').length
    for (let i = 0; i < count; i++) {
      const { backend, endUserId, person, start } = await begin()
      const callback = await person.consent(start)
      const cookie = lookAlikes(...only(person.cookies))[i] ?? ''
      const answer = await browserWith(cookie).get(callback)
      assert.equal(answer.status, 409, `number ${i}`)
      assert.deepEqual(await backend.connectedSources(endUserId), [])
    }
  })

  it('is not believed when its cookie comes twice, in either order [T048]', async () => {
    const forged = `${'A'.repeat(43)}.1734509912480551X${'1'.repeat(39)}`
    for (const order of ['first', 'last', 'same'] as const) {
      const { backend, endUserId, person, start } = await begin()
      const callback = await person.consent(start)
      const [name, value] = only(person.cookies)
      const values = { first: [forged, value], last: [value, forged], same: [value, value] }[order]
      const answer = await browserWith(values.map((one) => `${name}=${one}`).join('; ')).get(callback)
      assert.equal(answer.status, 409, order)
      assert.deepEqual(await backend.connectedSources(endUserId), [])
    }
  })

  it('is not replaced by the cookie of another attempt, of whatever person [T048, T055]', async () => {
    const [one, other] = [await begin(), await begin()]
    const callback = await one.person.consent(one.start)
    await other.person.consent(other.start)
    const [[name], [, foreign]] = [only(one.person.cookies), only(other.person.cookies)]
    for (const cookie of [
      `${name}=${foreign}`,
      [...other.person.cookies].map((pair) => pair.join('=')).join(),
    ])
      assert.equal((await browserWith(cookie).get(callback)).status, 409)
    assert.deepEqual(await one.backend.connectedSources(one.endUserId), [])
  })

  it('is asked for also when there is no state: nothing and nothing do not match [T043]', async () => {
    for (const path of ['/callback/strava', '/callback/strava?code=x', '/callback/strava?state='])
      assert.equal((await newPerson(world()).get(path)).status, 400)
  })

  it('gets a new state, cookie and challenge with each start, also of the same link [T055]', async () => {
    const { person, start } = await begin('fitbit')
    const [first, second] = [await person.get(start), await person.get(start)].map((response) => ({
      query: locationOf(response).searchParams,
      cookie: response.headers.getSetCookie()[0]?.split('=')[1],
    }))
    for (const parameter of ['state', 'code_challenge'])
      assert.notEqual(first?.query.get(parameter), second?.query.get(parameter))
    assert.notEqual(first?.cookie, second?.cookie)
  })

  it('finishes three sources in three tabs in any order, each at its own return address [T036, T047]', async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const tabs = [
      [11, APP_A],
      [8, `${APP_A}?fixed=1`],
      [1, 'app-a.example:/done'],
    ] as const
    const callbacks: string[] = []
    for (const [id, redirectUri] of tabs)
      callbacks.push(await person.consent(link('Connection', token, id, { redirect_uri: redirectUri })))
    for (const i of [2, 0, 1]) {
      const { address, connected } = await toldAfter(person, await person.get(callbacks[i] ?? ''))
      const [id, redirectUri] = tabs[i] ?? []
      assert.equal(connected, 'true')
      const separator = redirectUri?.includes('?') ? '&' : '?'
      assert.ok(address.startsWith(`${redirectUri}${separator}dataSource=${id}&`), address)
    }
    assert.deepEqual((await backend.connectedSources(endUserId)).toSorted(), [1, 11, 8])
  })

  it('keeps the cookies of ten attempts; the oldest are dropped, the newest still work [T047]', async () => {
    const { backend, endUserId, person, start } = await begin()
    const callbacks: string[] = []
    for (let i = 0; i < 14; i++) {
      callbacks.push(await person.consent(start))
      world().advance(1000)
      assert.ok(person.cookies.size <= limits.attemptCookiesPerBrowser)
    }
    assert.equal(person.cookies.size, limits.attemptCookiesPerBrowser)
    assert.equal((await person.get(callbacks[3] ?? '')).status, 409)
    const told = await toldAfter(person, await person.get(callbacks[4] ?? ''))
    assert.equal(told.connected, 'true')
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })
})
