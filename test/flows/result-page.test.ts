// The default result page says what is stored, not what its address claims. Without what opens an outcome it speaks
// in general words, and it forwards nowhere but to what was stored with the attempt.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson } from '../support/person.ts'
import { APP_A, SERVICE } from '../support/world.ts'

const PAGE = `${SERVICE}/dataSourceDirectConnectionResult.html`
const GENERAL = /You can go back to your app/

onBothDatabases('the result page', (world) => {
  const finished = async (redirectUri: string | null = null, decision: 'allow' | 'cancel' = 'allow') => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const more = redirectUri === null ? {} : { redirect_uri: redirectUri }
    const url = locationOf(await person.connect(link('Connection', token, 11, more), { decision }))
    return { backend, endUserId, token, person, url }
  }
  const changed = (url: URL, change: (parameters: URLSearchParams) => void): string => {
    const other = new URL(url)
    change(other.searchParams)
    return other.href
  }
  /** Somebody without any cookie. */
  const stranger = () => newPerson(world())

  it('shows a connect and a disconnect without cookies, in words and without a redirect [T037]', async () => {
    const { token, person, url } = await finished()
    const connected = await stranger().get(url.href)
    assert.equal(connected.status, 200)
    assert.match(await connected.text(), /Strava is connected/)
    const disconnected = await stranger().follow(
      await person.get(link('Revoke', token, 11, { direct: 'true' })),
    )
    assert.equal(disconnected.status, 200)
    assert.match(await disconnected.text(), /Strava is disconnected/)
  })

  it('opened without id, without token, without both or with foreign ones renders in general words', async () => {
    const [one, other] = [await finished(), await finished()]
    const foreignToken = other.url.searchParams.get('token') ?? ''
    for (const address of [
      PAGE,
      `${PAGE}?`,
      `${PAGE}?token=&dataSource=11&connected=true`,
      `${PAGE}?dataSource=11&connected=true`,
      changed(one.url, (parameters) => parameters.delete('attempt')),
      changed(one.url, (parameters) => parameters.delete('token')),
      changed(one.url, (parameters) => parameters.set('token', foreignToken)),
      changed(one.url, (parameters) =>
        parameters.set('token', `${one.token.slice(0, 16)}X${'1'.repeat(39)}`),
      ),
      changed(one.url, (parameters) =>
        parameters.set('attempt', (parameters.get('attempt') ?? '').toLowerCase()),
      ),
      changed(one.url, (parameters) =>
        parameters.set('attempt', (parameters.get('attempt') ?? '').slice(0, 10)),
      ),
      changed(one.url, (parameters) => parameters.append('attempt', parameters.get('attempt') ?? '')),
      changed(one.url, (parameters) => parameters.append('token', one.token)),
    ]) {
      const answer = await stranger().get(address)
      assert.equal(answer.status, 200, address)
      const text = await answer.text()
      assert.match(text, GENERAL, address)
      assert.doesNotMatch(text, /Strava|APP-A/, address)
    }
  })

  it('is not impressed by an address that claims something else: it is corrected first', async () => {
    const { url } = await finished(null, 'cancel')
    for (const change of [
      (parameters: URLSearchParams) => parameters.set('connected', 'true'),
      (parameters: URLSearchParams) => parameters.delete('connected'),
      (parameters: URLSearchParams) => parameters.append('connected', 'true'),
      (parameters: URLSearchParams) => parameters.set('dataSource', '8'),
      (parameters: URLSearchParams) => parameters.delete('dataSource'),
    ]) {
      const person = stranger()
      const answer = await person.get(changed(url, change))
      assert.equal(answer.status, 303)
      assert.equal(locationOf(answer).href, url.href)
      assert.match(await (await person.follow(answer)).text(), /Strava was not connected/)
    }
  })

  it('of an attempt with a return address forwards there, however its own address was changed', async () => {
    const { url } = await finished(APP_A, 'cancel')
    for (const change of [
      (parameters: URLSearchParams) => parameters.set('connected', 'true'),
      (parameters: URLSearchParams) => parameters.set('redirect_uri', 'https://evil.example'),
      (parameters: URLSearchParams) => parameters.set('error', 'none'),
      (parameters: URLSearchParams) => parameters.set('result', 'made-up'),
    ]) {
      const person = stranger()
      const last = await person.follow(await person.get(changed(url, change)))
      assert.equal(last.status, 303)
      const location = last.headers.get('location') ?? ''
      assert.ok(
        location.startsWith(`${APP_A}?dataSource=11&connected=false&error=access_denied&result=`),
        location,
      )
      assert.doesNotMatch(location, /evil|made-up|none/)
    }
  })

  it('with a return address in the query but none stored forwards nowhere', async () => {
    const { url } = await finished()
    for (const address of [
      changed(url, (parameters) => parameters.set('redirect_uri', APP_A)),
      `${PAGE}?redirect_uri=${encodeURIComponent(APP_A)}&connected=true`,
    ]) {
      const answer = await stranger().get(address)
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('location'), null)
      assert.equal(answer.headers.get('refresh'), null)
    }
  })

  it('takes the token out of the address bar by its own script, under a nonce [T013]', async () => {
    const { url } = await finished()
    const answer = await stranger().get(url.href)
    const html = await answer.text()
    const [, nonce = ''] = /<script nonce="([^"]+)">/.exec(html) ?? []
    assert.ok(answer.headers.get('content-security-policy')?.includes(`script-src 'nonce-${nonce}'`))
    assert.match(html, /searchParams\.delete\('token'\)[\s\S]*history\.replaceState/)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
  })

  it('says that an earlier connection stays after a cancelled second one, and offers another try', async () => {
    const { token, person } = await finished()
    const page = await person.follow(
      await person.connect(link('Connection', token, 11), { decision: 'cancel' }),
    )
    const text = await page.text()
    assert.match(text, /Your earlier connection stays as it was/)
    assert.ok(text.includes(`/dataSourceDirectConnection.html?token=${token}&amp;dataSource=11`))
  })

  it('tells nothing of an outcome that was removed with age, and forwards nowhere then', async () => {
    const { url } = await finished(APP_A)
    world().advance(8 * 24 * 60 * 60_000)
    await world().sweep()
    const answer = await stranger().get(url.href)
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), GENERAL)
  })

  it('and error pages of a link speak the language of its session', async () => {
    const backend = backendOf(world())
    const token = await backend.mint(await backend.createEndUser(), 'de')
    for (const url of [
      link('Connection', token, 5),
      link('Connection', token, 2),
      link('Connection', token, 999),
      link('Connection', token, 11, { redirect_uri: 'https://evil.example' }),
    ]) {
      const answer = await stranger().get(url, { 'accept-language': 'fr' })
      assert.ok(answer.status >= 400)
      assert.equal(answer.headers.get('content-language'), 'de', url)
    }
  })

  it("speaks the language of the session, or the browser's when nobody chose", async () => {
    const backend = backendOf(world())
    const endUserId = await backend.createEndUser()
    for (const [locale, acceptLanguage, expected] of [
      ['de', 'fr', 'de'],
      [undefined, 'fr;q=0.9, de;q=0.5', 'fr'],
      ['xx', 'fr', 'en'],
      [undefined, 'xx', 'en'],
    ] as const) {
      const token = await backend.mint(endUserId, locale)
      const person = newPerson(world())
      const { href } = locationOf(await person.connect(link('Connection', token, 11)))
      const answer = await person.get(href, { 'accept-language': acceptLanguage })
      assert.equal(answer.headers.get('content-language'), expected)
    }
  })
})
