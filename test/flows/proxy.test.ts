// Goal: an application reads the vendor's interface without ever holding a token, and can lead a token nowhere else.
// Method: the whole service with sandbox vendors; what arrives at the vendor and what comes back, both looked at.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { urlBelow } from '../../src/broker/tokens/proxy-request.ts'
import { onEmbeddedDatabase } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import type { World } from '../support/world.ts'

const HOUR = 3_600_000

/** A person connected to a vendor, and the application's calls through the proxy. */
async function connected(world: World, vendor: 'strava' | 'wahoo' | 'garmin-oauth1' = 'strava') {
  const backend = backendOf(world, `only-${vendor}`)
  const { endUserId, token } = await backend.newSession()
  const person = newPerson(world)
  await person.connect(link('Connection', token, vendor === 'garmin-oauth1' ? 'garmin' : vendor))
  const listed = await backend.api('GET', `/users/${endUserId}/connections`)
  const { data } = (await listed.json()) as { data: { id: string }[] }
  const id = data[0]?.id ?? ''
  return {
    id,
    backend,
    call: (path: string, init: RequestInit = {}) =>
      world.app.request(`/v1/connections/${id}/proxy${path}`, {
        ...init,
        headers: {
          Authorization: `Bearer sbk_only-${vendor}`,
          ...Object.fromEntries(new Headers(init.headers)),
        },
      }),
  }
}

const lastOf = ({ network }: World) => {
  const last = network.exchanges.at(-1)
  assert.ok(last)
  return last
}

onEmbeddedDatabase('the proxy', (opened) => {
  test("gives the vendor's answer, status and body, and says whose it is", async () => {
    const world = opened()
    const { call } = await connected(world)
    const answer = await call('/athlete')
    assert.equal(answer.status, 200)
    assert.ok(((await answer.json()) as { id: unknown }).id)
    assert.equal(answer.headers.get('springbar-answered-by'), 'vendor')
    assert.match(answer.headers.get('content-security-policy') ?? '', /^sandbox;/)
    assert.equal(lastOf(world).url, 'https://www.strava.com/api/v3/athlete')
    assert.match(lastOf(world).authorization, /^Bearer /)
  })

  test('keeps the query, and method and body of a call that changes something', async () => {
    const world = opened()
    const { call } = await connected(world)
    const body = JSON.stringify({ name: 'Morning run' })
    await call('/activities?per_page=3&name=a%20b', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
    })
    assert.equal(lastOf(world).url, 'https://www.strava.com/api/v3/activities?per_page=3&name=a%20b')
  })

  test("passes on what concerns the vendor, and nothing of the caller's credentials or cookies", async () => {
    const world = opened()
    const { call } = await connected(world)
    await call('/athlete', {
      headers: { cookie: 'a=1', 'x-forwarded-for': '10.0.0.1', 'if-none-match': '"x"', accept: 'text/x' },
    })
    const { headers } = lastOf(world)
    assert.deepEqual([...headers.keys()], ['accept', 'authorization', 'if-none-match', 'user-agent'])
    assert.ok(!lastOf(world).authorization.includes('sbk_'))
  })

  test('renews a token that the vendor refuses, and repeats a call that changes nothing, once', async () => {
    const world = opened()
    const { call } = await connected(world)
    world.sandbox.control.addFault({
      vendor: 'strava',
      operation: 'data',
      fault: { kind: 'refusal', refusal: 'access_token.unknown' },
    })
    world.advance(5.5 * HOUR)
    const before = world.network.exchanges.length
    const answer = await call('/athlete')
    assert.equal(answer.status, 200)
    const urls = world.network.exchanges.slice(before).map(({ url }) => new URL(url).pathname)
    assert.deepEqual(urls, ['/api/v3/athlete', '/oauth/token', '/api/v3/athlete'])
  })

  test('gives the refusal of a call that changes something as it is', async () => {
    const world = opened()
    const { call } = await connected(world, 'wahoo')
    world.sandbox.control.addFault({
      vendor: 'wahoo',
      operation: 'data',
      fault: { kind: 'refusal', refusal: 'access_token.unknown' },
    })
    const before = world.network.exchanges.length
    const answer = await call('/v1/workouts', { method: 'POST' })
    assert.equal(answer.status, 401)
    assert.equal(world.network.exchanges.length, before + 1)
    assert.deepEqual(world.sandbox.control.faults(), [])
    assert.equal((await call('/v1/workouts', { method: 'POST' })).status, 200)
  })

  test('asks a vendor that has asked for time no sooner', async () => {
    const world = opened()
    const { call } = await connected(world)
    world.sandbox.control.addFault({
      vendor: 'strava',
      operation: 'data',
      fault: { kind: 'status', status: 429, retryAfterSeconds: 60 },
    })
    const first = await call('/athlete')
    assert.deepEqual([first.status, first.headers.get('retry-after')], [429, '60'])
    assert.equal(first.headers.get('springbar-answered-by'), 'vendor')
    const before = world.network.exchanges.length
    const second = await call('/athlete')
    assert.deepEqual([second.status, second.headers.get('retry-after')], [429, '60'])
    assert.equal(second.headers.get('springbar-answered-by'), null)
    assert.equal(world.network.exchanges.length, before)
    world.advance(60_000)
    assert.equal((await call('/athlete')).status, 200)
  })

  test('tells of a vendor that cannot be reached', async () => {
    const world = opened()
    const { call } = await connected(world)
    world.network.setReachable(false)
    const answer = await call('/athlete')
    world.network.setReachable(true)
    assert.equal(answer.status, 503)
    assert.equal(((await answer.json()) as { code: string }).code, 'vendor_unavailable')
  })

  test('signs each call anew where the vendor speaks OAuth 1.0a', async () => {
    const world = opened()
    const { call } = await connected(world, 'garmin-oauth1')
    for (const path of ['/user/id', '/user/permissions']) {
      const answer = await call(path)
      assert.equal(answer.status, 200, path)
      assert.match(lastOf(world).authorization, /^OAuth .*oauth_signature=/)
    }
  })

  test('is closed to other applications, to nobody’s key, and after the end of the connection', async () => {
    const world = opened()
    const { id, call, backend } = await connected(world)
    const path = `/v1/connections/${id}/proxy/athlete`
    const foreign = await world.app.request(path, { headers: { Authorization: 'Bearer sbk_app-b' } })
    assert.equal(foreign.status, 404)
    assert.equal((await world.app.request(path)).status, 401)
    await backend.api('DELETE', `/connections/${id}`)
    assert.equal((await call('/athlete')).status, 409)
  })

  test('sends nothing for a path that would lead elsewhere', async () => {
    const world = opened()
    const { call } = await connected(world)
    const before = world.network.exchanges.length
    for (const path of ['//evil.example/x', '/%2e%2e/oauth/token', '/a%2f..%2fb', '/a%5c..'])
      assert.ok([400, 404].includes((await call(path)).status), path)
    assert.equal(world.network.exchanges.length, before)
  })
})

describe('an address below a base', () => {
  const Base = 'https://api.example.com/v1'
  const good: readonly (readonly [path: string, url: string])[] = [
    ['/users', 'https://api.example.com/v1/users'],
    ['/users?a=1&a=2', 'https://api.example.com/v1/users?a=1&a=2'],
    [
      '/users?next=https://other.example/../x',
      'https://api.example.com/v1/users?next=https://other.example/../x',
    ],
    ['/a;b=c/d,e', 'https://api.example.com/v1/a;b=c/d,e'],
  ]
  for (const [path, url] of good) test(`${path} is ${url}`, () => assert.equal(urlBelow(Base, path), url))

  const bad = [
    '',
    'users',
    '//other.example/x',
    '/../x',
    '/a/../../x',
    '/.',
    '/%2e%2e/x',
    '/%2E%2e/x',
    '/a%2fb',
    '/a%5cb',
    '/a\\b',
    '/a%00',
    '/a b',
    '/a#b',
    '/é',
    '@other.example/',
    ':99999/',
    `/${'x'.repeat(5_000)}`,
  ]
  for (const path of bad)
    test(`${JSON.stringify(path.slice(0, 30))} is refused`, () =>
      assert.throws(() => urlBelow(Base, path), { code: 'invalid_request' }))
})
