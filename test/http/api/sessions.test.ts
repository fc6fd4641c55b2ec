// /v1/sessions: sessions with options, and links that work as they are (contract §6). The whole service in process, the
// links followed by a person through the sandbox vendors.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { backendOf, link, newPerson, toldAfter } from '../../support/person.ts'
import { query } from '../../support/rows.ts'
import { APP_A, openWorld, SERVICE, type World } from '../../support/world.ts'
import { assertProblem, FOREIGN, NOBODY } from '../support.ts'

/** A session as our own API answers it. */
interface Answered {
  readonly id: string
  readonly token: string
  readonly expiresAt: string
  readonly widgetUrl: string
  readonly links: readonly {
    readonly dataSource: number
    readonly key: string
    readonly name: string
    readonly connectUrl: string
    readonly disconnectUrl: string
  }[]
}

describe('sessions over our own API', () => {
  let world: World
  let endUserId: string
  before(async () => {
    world = await openWorld()
    endUserId = await backendOf(world).createEndUser()
  })
  after(() => world.close())

  const post = (options: Record<string, unknown> = {}, application = 'app-a') =>
    backendOf(world, application).api('POST', '/sessions', { endUserId, ...options })
  const mint = async (options: Record<string, unknown> = {}) => {
    const response = await post(options)
    assert.equal(response.status, 201)
    return (await response.json()) as Answered // checked field by field where it matters
  }
  const countSessions = async () => (await query(world, 'select lookup from sessions')).length
  const textOf = async (url: string) => (await newPerson(world).get(url)).text()

  it('answers the token, its end, the widget URL, and for each source that can be connected two ready links', async () => {
    const { links, ...session } = await mint()
    const { id, token } = session
    assert.match(token, /^[0-9]{16}X[0-9]{39}$/)
    assert.deepEqual(session, {
      id: token.slice(0, 16),
      token,
      expiresAt: new Date(world.now() + 3_600_000).toISOString(),
      widgetUrl: `${SERVICE}/?connectionSessionToken=${token}&platform=web&lang=en`,
    })
    assert.equal(id.length, 16)
    assert.deepEqual(
      links.map(({ dataSource, key, name }) => [dataSource, key, name]),
      [
        [1, 'fitbit', 'Fitbit'],
        [8, 'withings', 'Withings'],
        [11, 'strava', 'Strava'],
        [46, 'freestyle-libre', 'FreeStyle Libre'],
      ],
    )
    assert.deepEqual(links[2], {
      dataSource: 11,
      key: 'strava',
      name: 'Strava',
      connectUrl: SERVICE + link('Connection', token, 11),
      disconnectUrl: SERVICE + link('Revoke', token, 11),
    })
  })

  it('the links connect and disconnect as they are, and lead back to the redirect URI with its query', async () => {
    const redirectUri = `${APP_A}?from=push&x=a%2Bb`
    const { links } = await mint({ redirectUri })
    // With a log-in of the person there is no vendor's page to come back from; flows/log-in looks after that.
    for (const { dataSource, connectUrl, disconnectUrl } of links.filter(
      ({ key }) => key !== 'freestyle-libre',
    )) {
      const person = newPerson(world)
      const told = await toldAfter(person, await person.connect(connectUrl))
      assert.ok(
        told.address.startsWith(`${redirectUri}&dataSource=${dataSource}&connected=true&result=`),
        told.address,
      )
      assert.deepEqual(await backendOf(world).connectedSources(endUserId), [dataSource])
      const gone = await toldAfter(person, await person.get(`${disconnectUrl}&direct=true`))
      assert.ok(
        gone.address.startsWith(`${redirectUri}&dataSource=${dataSource}&connected=false&result=`),
        gone.address,
      )
      assert.deepEqual(await backendOf(world).connectedSources(endUserId), [])
    }
  })

  it('without a redirect URI the links end at the result page', async () => {
    const { links } = await mint()
    const person = newPerson(world)
    const last = await person.follow(await person.connect(links[2]?.connectUrl ?? ''))
    assert.deepEqual([last.status, last.headers.get('content-type')], [200, 'text/html; charset=utf-8'])
    await person.get(`${links[2]?.disconnectUrl}&direct=true`)
  })

  it('the disconnect link asks first, unless direct=true is added', async () => {
    const { links } = await mint({ allowedSources: [11] })
    const person = newPerson(world)
    await person.connect(links[0]?.connectUrl ?? '')
    assert.equal((await person.get(links[0]?.disconnectUrl ?? '')).status, 200)
    assert.deepEqual(await backendOf(world).connectedSources(endUserId), [11])
    await person.get(`${links[0]?.disconnectUrl}&direct=true`)
    assert.deepEqual(await backendOf(world).connectedSources(endUserId), [])
  })

  it('allowed sources are all that the session connects, in its links, its widget and by hand', async () => {
    const { token, links, widgetUrl } = await mint({ allowedSources: [8, 11, 2] })
    assert.deepEqual(
      links.map(({ dataSource }) => dataSource),
      [8, 11],
    )
    const widget = await textOf(widgetUrl)
    assert.ok(widget.includes('Withings') && widget.includes('Garmin') && !widget.includes('Fitbit'))
    const refused = await newPerson(world).get(link('Connection', token, 1))
    assert.deepEqual([refused.status, refused.headers.get('location')], [409, null])
    assert.equal((await newPerson(world).get(link('Connection', token, 11))).status, 303)
  })

  it('the label names the person on the pages, escaped', async () => {
    const { widgetUrl } = await mint({ label: '  Ann & "Ben" O’Neil  ' })
    assert.match(await textOf(widgetUrl), /Ann &amp; &quot;Ben&quot; O’Neil/)
    const [row] = await query(world, 'select label from sessions order by created_at desc, label desc')
    assert.equal(row?.['label'], 'Ann & "Ben" O’Neil', 'trimmed')
  })

  it('the locale is the language of its pages, as over the compatible API', async () => {
    const { widgetUrl } = await mint({ locale: 'de-AT' })
    assert.ok(widgetUrl.endsWith('&lang=de'))
    const page = await newPerson(world).get(widgetUrl, { 'accept-language': 'fr' })
    assert.equal(page.headers.get('content-language'), 'de')
  })

  it('the lifetime is that many seconds, from a minute to a day [T003]', async () => {
    for (const lifetimeSeconds of [60, 86_400]) {
      const { expiresAt } = await mint({ lifetimeSeconds })
      assert.equal(expiresAt, new Date(world.now() + lifetimeSeconds * 1000).toISOString())
    }
    const { widgetUrl } = await mint({ lifetimeSeconds: 60 })
    world.advance(59_999)
    assert.equal((await newPerson(world).get(widgetUrl)).status, 200)
    world.advance(1)
    assert.equal((await newPerson(world).get(widgetUrl)).status, 410)
  })

  it('ending a session closes its links at once, and there is no ending it twice [T005]', async () => {
    const backend = backendOf(world)
    const { id, links } = await mint()
    const other = await mint()
    const response = await backend.api('DELETE', `/sessions/${id}`)
    assert.deepEqual([response.status, await response.text()], [204, ''])
    assert.equal((await newPerson(world).get(links[0]?.connectUrl ?? '')).status, 403)
    assert.equal((await newPerson(world).get(other.links[0]?.connectUrl ?? '')).status, 303)
    for (const unknown of [id, other.token, 'x', '%00', '0'.repeat(16)])
      await assertProblem(await backend.api('DELETE', `/sessions/${unknown}`), 'not_found', '/v1')
  })

  it('an option that is malformed is a 400 that names it, and no session is made', async () => {
    const count = await countSessions()
    for (const [options, sentence] of [
      [{ endUserId: undefined }, /^endUserId is missing\.$/],
      [{ endUserId: 5 }, /^endUserId: /],
      [{ locale: 'de_DE' }, /^locale: must be two letters/],
      [{ locale: null }, /^locale: /],
      [{ allowedSources: [] }, /^allowedSources: /],
      [{ allowedSources: ['11'] }, /^allowedSources\.0: /],
      [{ allowedSources: [999] }, /^allowedSources: there is no 999\.$/],
      [{ allowedSources: [0] }, /^allowedSources\.0: /],
      [{ allowedSources: Array(101).fill(11) }, /^allowedSources: /],
      [{ label: ' ' }, /^label: /],
      [{ label: 'x'.repeat(61) }, /^label: /],
      [{ label: '<b>Ann</b>' }, /^label: must have no markup\.$/],
      [{ label: 'Ann\u0007' }, /^label: must have no control characters\.$/],
      [{ label: 'see https://evil.example' }, /^label: must be a name, not an address\.$/],
      [{ label: 'www.evil.example' }, /^label: must be a name, not an address\.$/],
      [{ lifetimeSeconds: 59 }, /^lifetimeSeconds: /],
      [{ lifetimeSeconds: 86_401 }, /^lifetimeSeconds: /],
      [{ lifetimeSeconds: '3600' }, /^lifetimeSeconds: /],
      [{ redirectUri: 7 }, /^redirectUri: /],
    ] as const) {
      const { detail } = await assertProblem(await post(options), 'invalid_request', '/v1')
      assert.match(detail, sentence)
    }
    assert.equal(await countSessions(), count)
  })

  it('a misspelt option is a 400 that names it, since leaving it out would allow more', async () => {
    const before = await countSessions()
    const { detail } = await assertProblem(
      await post({ allowedSource: [11] }),
      'invalid_request',
      '/v1/sessions',
    )
    assert.match(detail, /allowedSource/)
    assert.equal(await countSessions(), before)
  })

  it('a redirect URI that is not allowed is refused when the session is made, with the rule that failed', async () => {
    const count = await countSessions()
    for (const [redirectUri, rule] of [
      ['https://evil.example/done', 4],
      [`${APP_A}/`, 4],
      [`${APP_A}#x`, 3],
      [`${APP_A}?connected=true`, 6],
    ] as const) {
      const { body } = await assertProblem(await post({ redirectUri }), 'invalid_redirect_uri', '/v1')
      assert.equal(body['rule'], rule)
    }
    assert.equal(await countSessions(), count)
  })

  it("an end user who is nobody's is a 403", async () => {
    for (const id of [NOBODY, 'x', ''])
      assert.ok(
        (await assertProblem(await post({ endUserId: id }), 'invalid_end_user', '/v1')).text.includes(
          FOREIGN,
        ),
      )
  })
})
