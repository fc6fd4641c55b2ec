// GET /v1/attempts?reference=: one attempt's timeline by the reference that the person saw (contract §6). The reference is
// read off the result page, as support would hear it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { backendOf, link, newPerson } from '../../support/person.ts'
import { APP_A, openWorld, type World } from '../../support/world.ts'
import { assertProblem, jsonOf } from '../support.ts'

describe('attempts over our own API', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const read = (reference: string, application = 'app-a') =>
    backendOf(world, application).api('GET', `/attempts?${new URLSearchParams({ reference })}`)
  const iso = (instant: number) => new Date(instant).toISOString()

  it('a cancelled connect: what happened when, by the reference of the page, however it is typed', async () => {
    const { token, endUserId } = await backendOf(world).newSession()
    const person = newPerson(world)
    const startedAt = iso(world.now())
    const started = await person.get(link('Connection', token, 11))
    world.advance(30_000)
    const { location } = await world.sandbox.control.consent(started.headers.get('location') ?? '', {
      account: person.account,
      decision: 'cancel',
    })
    const page = await (await person.follow(await person.get(location ?? ''))).text()
    const reference = /[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}/.exec(page)?.[0] ?? ''
    const attempt = await jsonOf(await read(reference))
    assert.deepEqual(attempt, {
      reference,
      endUserId,
      action: 'connect',
      dataSource: 11,
      vendor: 'strava',
      status: 'failed',
      connected: false,
      error: 'access_denied',
      cause: attempt['cause'],
      connectionId: null,
      redirectUri: null,
      timeline: [
        { step: 'started', at: startedAt },
        { step: 'returned', at: iso(world.now()) },
        { step: 'finished', at: iso(world.now()) },
      ],
    })
    assert.match(String(attempt['cause']), /^\w+$/, 'fixed words')
    for (const typed of [reference.toLowerCase(), reference.replace('-', ''), ` ${reference} `])
      assert.deepEqual(await jsonOf(await read(typed)), attempt, typed)
  })

  it('one that is under way has only begun; neither its state nor its verifier is told', async () => {
    const { token } = await backendOf(world).newSession()
    const started = await newPerson(world).get(
      link('Connection', token, 8, { redirect_uri: `${APP_A}?secret=1` }),
    )
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const text = await (await read(state.slice(0, 10))).text()
    const attempt = JSON.parse(text) as Record<string, unknown> // checked below
    assert.deepEqual(
      [attempt['status'], attempt['connected'], attempt['redirectUri']],
      ['created', null, APP_A],
    )
    assert.deepEqual(attempt['timeline'], [{ step: 'started', at: iso(world.now()) }])
    assert.ok(!text.includes(state) && !text.includes(token))
  })

  it('all of an end user, the newest first, page by page: what was cancelled, abandoned and done', async () => {
    const { api, newSession } = backendOf(world)
    const { token, endUserId } = await newSession()
    const person = newPerson(world)
    await person.connect(link('Connection', token, 11), { decision: 'cancel' })
    world.advance(1000)
    await person.get(link('Connection', token, 8))
    world.advance(16 * 60_000)
    await world.sweep()
    const again = await backendOf(world).mint(endUserId)
    await person.connect(link('Connection', again, 8))
    const open = await person.get(link('Connection', again, 11))
    assert.equal(open.status, 303)
    const pageOf = async (query: string) => {
      const { data, nextCursor } = await jsonOf(await api('GET', `/users/${endUserId}/attempts?${query}`))
      assert.ok(Array.isArray(data))
      const found: Record<string, unknown>[] = data
      return { data: found, nextCursor }
    }
    const { data, nextCursor } = await pageOf('')
    assert.deepEqual(
      data.map(({ dataSource, connected, error, cause }) => [dataSource, connected, error, cause]),
      [
        [8, true, null, null],
        [8, false, 'attempt_expired', 'abandoned'],
        [11, false, 'access_denied', 'access_denied'],
      ],
    )
    assert.equal(nextCursor, null)
    assert.deepEqual(await jsonOf(await read(String(data[0]?.['reference']))), data[0])
    const first = await pageOf('limit=2')
    const second = await pageOf(`limit=2&cursor=${first.nextCursor}`)
    assert.deepEqual([...first.data, ...second.data], data)
    assert.equal(second.nextCursor, null)
    for (const cursor of ['', 'x', Buffer.from('strava').toString('base64url')])
      await assertProblem(
        await api('GET', `/users/${endUserId}/attempts?cursor=${cursor}`),
        'invalid_request',
        '/v1',
      )
  })

  it("is the application's own alone; a reference that is none, or missing, finds nothing", async () => {
    const { token } = await backendOf(world).newSession()
    const started = await newPerson(world).get(link('Connection', token, 8))
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state') ?? ''
    for (const application of ['app-a-staging', 'app-b'])
      await assertProblem(await read(state.slice(0, 10), application), 'not_found', '/v1')
    for (const reference of ['', 'x', '00000-00000', state, 'ZZZZZ-ZZZZZ'])
      await assertProblem(await read(reference), 'not_found', '/v1')
    const { detail } = await assertProblem(
      await backendOf(world).api('GET', '/attempts'),
      'invalid_request',
      '/v1',
    )
    assert.equal(detail, 'reference is missing.')
  })
})
