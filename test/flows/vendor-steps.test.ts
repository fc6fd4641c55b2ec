// Vendors that want more than an exchange: a step before a connection counts, a list of what the person allowed, a fresh
// token to end a grant with. The test plays the vendors itself, by their real definitions, and sees every request.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { backendOf, link, locationOf, newPerson, type Person, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, openWorld, type World } from '../support/world.ts'

const HOUR_MS = 3_600_000
const POLAR = 3
const GARMIN = 2
const SUUNTO = 17
const INTERVALS_ICU = 1008

/** By data source. */
const VENDORS: Readonly<Record<number, string>> = Object.freeze({
  [POLAR]: 'polar',
  [GARMIN]: 'garmin',
  [SUUNTO]: 'suunto',
  [INTERVALS_ICU]: 'intervals-icu',
})

const json = (members: object, status = 200) => Response.json(members, { status })
const ended = (status: number) => new Response(null, { status })

/** How the grants of one of them are renewed and ended. */
const REFRESH = 'POST https://diauth.garmin.com/di-oauth2-service/oauth/token'
const END = 'DELETE https://apis.garmin.com/wellness-api/rest/user/registration'

/** What the vendors answer, by method and address without its query. */
type Play = Readonly<Record<string, () => Response | Promise<Response>>>

const polar: Play = {
  'POST https://polarremote.com/v2/oauth2/token': () =>
    json({ access_token: 'polar-access', token_type: 'bearer', expires_in: 315_360_000, x_user_id: 10579 }),
  'POST https://www.polaraccesslink.com/v3/users': () => json({ 'polar-user-id': 10579 }),
  'DELETE https://www.polaraccesslink.com/v3/users/10579': () => ended(204),
}

describe('a vendor that wants more than an exchange', () => {
  let world: World
  let play: Record<string, () => Response | Promise<Response>> = {}
  let asked: { readonly request: string; readonly authorization: string; readonly body: string }[] = []
  let account = 0

  before(async () => {
    world = await openWorld({
      playVendor: async (url, init) => {
        const request = `${init.method} ${url.split('?')[0]}`
        const answer = play[request]
        if (answer === undefined) return null
        const authorization = new Headers(init.headers).get('authorization') ?? ''
        asked.push({ request, authorization, body: String(init.body ?? '') })
        return answer()
      },
    })
    for (const [source, vendor] of Object.entries(VENDORS)) {
      const extras = source === String(SUUNTO) ? { extras: { subscriptionKey: 'key-1' } } : {}
      const client = { vendor, clientId: `${vendor}-id`, clientSecret: `${vendor}-secret`, ...extras }
      assert.equal((await backendOf(world).api('PUT', `/data-sources/${source}/client`, client)).status, 200)
    }
  })
  after(() => world.close())
  beforeEach(() => {
    asked = []
    account += 1
    world.advance(1000) // so that the newest job is the test's own
    play = { ...polar, ...garmin() }
  })

  /** Somebody else's account in every test, with tokens that tell their age. */
  const garmin = (): Play => {
    let pair = 0
    return {
      'POST https://diauth.garmin.com/di-oauth2-service/oauth/token': () => {
        pair += 1
        return json({
          access_token: `access-${pair}`,
          refresh_token: `refresh-${pair}`,
          token_type: 'bearer',
          expires_in: 86_400,
          refresh_token_expires_in: 7_775_998,
          scope: 'PARTNER_WRITE PARTNER_READ',
        })
      },
      'GET https://apis.garmin.com/wellness-api/rest/user/permissions': () =>
        json({ permissions: ['ACTIVITY_EXPORT', 'HEALTH_EXPORT'] }),
      'GET https://apis.garmin.com/wellness-api/rest/user/id': () => json({ userId: `garmin-${account}` }),
      'DELETE https://apis.garmin.com/wellness-api/rest/user/registration': () => ended(204),
    }
  }

  const newSession = async (source: number) => {
    const backend = backendOf(world)
    return { backend, source, person: newPerson(world), ...(await backend.newSession()) }
  }
  /** From the link to the callback, where the vendor's page would be between. */
  const connect = async (
    { person, token, source }: { readonly person: Person; readonly token: string; readonly source: number },
    redirectUri: string | null = APP_A,
  ): Promise<Response> => {
    const started = await person.get(
      link('Connection', token, source, redirectUri === null ? {} : { redirect_uri: redirectUri }),
    )
    const state = locationOf(started).searchParams.get('state') ?? ''
    return person.get(`/callback/${VENDORS[source]}?code=code-1&state=${state}`)
  }
  const requests = () => asked.map(({ request }) => request)
  const jobs = () =>
    query(world, 'select status, cause, sealed_tokens from revocations order by created_at desc, id', [])

  it('is given its step with our id of the connection, before the connection is told', async () => {
    const session = await newSession(POLAR)
    const told = await toldAfter(session.person, await connect(session))
    assert.deepEqual([told.connected, told.error], ['true', null])
    assert.deepEqual(requests(), Object.keys(polar).slice(0, 2))
    const [, step] = asked
    const [connection] = await query(world, 'select id from connections where end_user_id = ?', [
      session.endUserId,
    ])
    assert.deepEqual(JSON.parse(step?.body ?? ''), { 'member-id': connection?.['id'] })
    assert.equal(step?.authorization, 'Bearer polar-access')

    // The same person again: the vendor hears the same id, and says that it knows it.
    play['POST https://www.polaraccesslink.com/v3/users'] = () => ended(409)
    assert.equal((await toldAfter(session.person, await connect(session))).connected, 'true')
    assert.deepEqual(JSON.parse(asked.at(-1)?.body ?? ''), { 'member-id': connection?.['id'] })
  })

  it('is told from one that lacks the consent of the person, who reads what to do there', async () => {
    play['POST https://polarremote.com/v2/oauth2/token'] = () =>
      json({ access_token: 'a', token_type: 'bearer', expires_in: 60, x_user_id: 4711 })
    play['POST https://www.polaraccesslink.com/v3/users'] = () => ended(403)
    play['DELETE https://www.polaraccesslink.com/v3/users/4711'] = () => ended(404)
    const session = await newSession(POLAR)
    const told = await toldAfter(session.person, await connect(session))
    assert.deepEqual([told.connected, told.error], ['false', 'scope_missing'])
    assert.deepEqual(await session.backend.connectedSources(session.endUserId), [])

    const page = await (await session.person.follow(await connect(session, null))).text()
    assert.match(page, /needs you to agree to something there first/)
    assert.match(page, /agree to what it asks, then try again here/)
    assert.match(page, /href="\/dataSourceDirectConnection\.html\?/)

    // The account is known, so what was received is ended, and not only forgotten.
    await world.sweep()
    const [job] = await jobs()
    assert.deepEqual(
      [job?.['status'], job?.['cause'], job?.['sealed_tokens']],
      ['revoked', 'already_gone', null],
    )
    assert.ok(requests().includes('DELETE https://www.polaraccesslink.com/v3/users/4711'))
  })

  it('that fails at its step over a living connection leaves that one alone [revocation never hits a living connection]', async () => {
    play['POST https://polarremote.com/v2/oauth2/token'] = () =>
      json({ access_token: 'a', token_type: 'bearer', expires_in: 600, x_user_id: 4712 })
    const session = await newSession(POLAR)
    assert.equal((await toldAfter(session.person, await connect(session))).connected, 'true')
    play['POST https://www.polaraccesslink.com/v3/users'] = () => ended(503)
    const told = await toldAfter(session.person, await connect(session))
    assert.deepEqual([told.connected, told.error], ['false', 'vendor_unavailable'])
    await world.sweep()
    assert.equal((await jobs())[0]?.['status'], 'superseded')
    assert.ok(!requests().some((request) => request.startsWith('DELETE')))
    assert.deepEqual(await session.backend.connectedSources(session.endUserId), [POLAR])
  })

  it('is not asked to end what a failed try left behind while the person tries again [revocation never hits a living connection]', async () => {
    play['POST https://polarremote.com/v2/oauth2/token'] = () =>
      json({ access_token: 'a', token_type: 'bearer', expires_in: 600, x_user_id: 4713 })
    play['POST https://www.polaraccesslink.com/v3/users'] = () => ended(503)
    const session = await newSession(POLAR)
    assert.equal((await toldAfter(session.person, await connect(session))).error, 'vendor_unavailable')

    play['POST https://www.polaraccesslink.com/v3/users'] = async () => {
      await world.sweep()
      assert.deepEqual(
        [(await jobs())[0]?.['status'], (await jobs())[0]?.['cause']],
        ['pending', 'connecting'],
      )
      return json({})
    }
    assert.equal((await toldAfter(session.person, await connect(session))).connected, 'true')
    world.advance(60_000)
    await world.sweep()
    assert.equal((await jobs())[0]?.['status'], 'superseded')
    assert.ok(!requests().some((request) => request.startsWith('DELETE')))
  })

  it('tells by its list what the person allowed, asked again while it is stale [T065]', async () => {
    let reads = 0
    play['GET https://apis.garmin.com/wellness-api/rest/user/permissions'] = () => {
      reads += 1
      return json({ permissions: reads === 1 ? [] : ['HEALTH_EXPORT'] })
    }
    const session = await newSession(GARMIN)
    assert.equal((await toldAfter(session.person, await connect(session))).connected, 'true')
    assert.equal(reads, 2)
    const [row] = await query(
      world,
      'select granted_scopes, missing_scopes from connections where end_user_id = ?',
      [session.endUserId],
    )
    assert.deepEqual(
      [row?.['granted_scopes'], row?.['missing_scopes']].map((list) => JSON.parse(String(list))),
      [['HEALTH_EXPORT'], ['ACTIVITY_EXPORT']],
    )
  })

  it('where the person allowed nothing is told as cancelled', async () => {
    play['GET https://apis.garmin.com/wellness-api/rest/user/permissions'] = () => json({ permissions: [] })
    const session = await newSession(GARMIN)
    const told = await toldAfter(session.person, await connect(session))
    assert.deepEqual([told.connected, told.error], ['false', 'access_denied'])
  })

  it('whose tokens do not expire makes a connection without an end', async () => {
    play = {
      'POST https://intervals.icu/api/oauth/token': () =>
        json({
          access_token: 'a',
          token_type: 'bearer',
          scope: 'ACTIVITY:READ',
          athlete: { id: 'i42', name: 'Ada' },
        }),
    }
    const session = await newSession(INTERVALS_ICU)
    assert.equal((await toldAfter(session.person, await connect(session))).connected, 'true')
    const [row] = await query(
      world,
      'select account_id, access_expires_at, refresh_expires_at from connections where end_user_id = ?',
      [session.endUserId],
    )
    assert.deepEqual({ ...row }, { account_id: 'i42', access_expires_at: null, refresh_expires_at: null })
  })

  const connectedThenStale = async () => {
    const session = await newSession(GARMIN)
    assert.equal((await toldAfter(session.person, await connect(session))).connected, 'true')
    await session.person.get(link('Revoke', session.token, GARMIN, { direct: 'true' }))
    asked = []
    return session
  }

  it('that ends a grant only for a fresh token gets the one that is there while it works', async () => {
    await connectedThenStale()
    await world.sweep()
    assert.deepEqual(
      asked.map(({ request, authorization }) => [request, authorization]),
      [[END, 'Bearer access-1']],
    )
    assert.equal((await jobs())[0]?.['status'], 'revoked')
  })

  it('that ends a grant only for a fresh token gets a renewed one, which is durable before it is used [T084]', async () => {
    await connectedThenStale()
    play[END] = () => ended(503)
    world.advance(24 * HOUR_MS)
    await world.sweep()
    assert.deepEqual(
      asked.map(({ request, authorization }) => [request, authorization]),
      [
        [REFRESH, ''],
        [END, 'Bearer access-2'],
      ],
    )
    assert.equal(new URLSearchParams(asked[0]?.body).get('refresh_token'), 'refresh-1')

    // After a restart the pair that came is still there: nothing is renewed twice.
    asked = []
    play[END] = () => ended(204)
    await world.restart()
    world.advance(HOUR_MS)
    await world.sweep()
    assert.deepEqual(
      asked.map(({ request, authorization }) => [request, authorization]),
      [[END, 'Bearer access-2']],
    )
    assert.equal((await jobs())[0]?.['status'], 'revoked')
  })

  it('that says of the refresh that the grant is dead has nothing left to end', async () => {
    await connectedThenStale()
    play[REFRESH] = () => json({ error: 'invalid_grant' }, 400)
    world.advance(24 * HOUR_MS)
    await world.sweep()
    assert.deepEqual(requests(), [REFRESH])
    const [job] = await jobs()
    assert.deepEqual([job?.['status'], job?.['cause']], ['revoked', 'already_gone'])
  })

  it('that is known for false alarms is believed when it says so a second time, after its wait', async () => {
    const session = await newSession(SUUNTO)
    play = {
      'POST https://cloudapi-oauth.suunto.com/oauth/token': () =>
        json({
          access_token: 'a',
          refresh_token: 'r',
          token_type: 'bearer',
          expires_in: 60,
          user: 'suunto-1',
        }),
      'GET https://cloudapi-oauth.suunto.com/oauth/deauthorize': () => ended(200),
    }
    assert.equal((await toldAfter(session.person, await connect(session))).connected, 'true')
    await session.person.get(link('Revoke', session.token, SUUNTO, { direct: 'true' }))
    play['POST https://cloudapi-oauth.suunto.com/oauth/token'] = () => json({ error: 'invalid_grant' }, 400)
    world.advance(HOUR_MS)
    await world.sweep()
    assert.deepEqual(
      [(await jobs())[0]?.['status'], (await jobs())[0]?.['cause']],
      ['pending', 'invalid_grant'],
    )
    const before = asked.length
    world.advance(HOUR_MS - 1)
    await world.sweep()
    assert.equal(asked.length, before, 'not before its wait has passed')
    world.advance(1)
    await world.sweep()
    assert.deepEqual(
      [(await jobs())[0]?.['status'], (await jobs())[0]?.['cause']],
      ['revoked', 'already_gone'],
    )
    assert.ok(!requests().some((request) => request.startsWith('GET')))
  })

  it('that is in trouble at the refresh is asked again later', async () => {
    await connectedThenStale()
    play[REFRESH] = () => ended(503)
    world.advance(24 * HOUR_MS)
    await world.sweep()
    const [job] = await jobs()
    assert.deepEqual([job?.['status'], job?.['cause']], ['pending', 'http_status'])
    assert.deepEqual(requests(), [REFRESH])
  })
})
