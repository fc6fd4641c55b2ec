// What stands in the log, at its most talkative: no secret of a full run, no text of a caller outside its field, and the
// reference of every error page.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { useEverything } from '../support/secrets.ts'
import { APP_A, SERVICE } from '../support/world.ts'

onBothDatabases('the log', (world) => {
  it('and the metrics hold no secret of a full run, at any level [T125, T127]', async () => {
    const secrets = await useEverything(world())
    const metrics = await (await world().app.request(`${SERVICE}/metrics`)).text()
    const log = JSON.stringify(world().log)
    assert.ok(world().log.length > 20 && metrics.length > 100, 'there is something to look through')
    // The id of an attempt opens its outcome, together with the session's token.
    const attemptIds = (secrets.get('result codes') ?? []).map((code) => code.slice(0, 36))
    for (const [kind, values] of [...secrets, ['attempt ids', attemptIds] as const])
      for (const value of values) {
        assert.ok(!log.includes(value), `${kind} in the log`)
        assert.ok(!metrics.includes(value), `${kind} in the metrics`)
      }
  })

  it('holds no address of a person’s browser, return address, e-mail or vendor account', async () => {
    const { token } = await backendOf(world()).newSession()
    const person = newPerson(world())
    await person.connect(link('Connection', token, 11, { redirect_uri: `${APP_A}?mail=person@example.com` }))
    await person.get(link('Revoke', token, 11, { direct: 'true' }))
    await person.get(
      link('Connection', token, 11, { redirect_uri: 'https://evil.example/?mail=person@example.com' }),
    )
    await world().sweep()
    assert.doesNotMatch(JSON.stringify(world().log), /person@|example\.com|evil|"7000\d{4}"/)
  })

  it('keeps what a caller sends inside one field, and paths without what they can choose [T126]', async () => {
    const marker = 'FORGED'
    const send = (path: string, headers: Record<string, string> = {}) =>
      world().app.request(`${SERVICE}${path}`, { headers: { 'x-test-address': path, ...headers } })
    const before = world().log.length
    await send(`/${marker}%0A{"level":"error"}`)
    await send(`/callback/${marker}%0d%0a?state=${marker}`)
    await send(`/dataSourceDirectConnection.html?token=${marker}%0A&dataSource=${marker}`)
    await send('/v5/accessToken', { authorization: `Basic ${marker}`, 'user-agent': marker, referer: marker })
    const lines = world().log.slice(before)
    assert.equal(lines.length, 4)
    for (const line of lines) {
      const text = JSON.stringify(line)
      assert.ok(!/[\r\n]/.test(text))
      assert.match(line.message, /^request (refused|failed)$/)
      assert.doesNotMatch(JSON.stringify({ ...line.fields, path: '' }), new RegExp(marker))
      assert.doesNotMatch(String(line.fields['path']), /[^\w./*-]/)
    }
  })

  it('holds the reference of each error page and answer, and why it was refused, which neither says [T092]', async () => {
    const { token } = await backendOf(world()).newSession()
    const person = newPerson(world())
    const callback = await person.consent(link('Connection', token, 11))
    const state = new URL(callback).searchParams.get('state') ?? ''
    const cases = [
      ['/dataSourceDirectConnection.html', 'invalid_session'],
      [link('Connection', token, 'x'), 'unknown_source'],
      [link('Connection', token, 2), 'source_not_available'],
      [link('Connection', token, 5), 'source_is_native'],
      [link('Connection', token, 11, { redirect_uri: `${APP_A}/` }), 'invalid_redirect_uri'],
      [`/callback/strava?state=${state.slice(0, -1)}`, 'invalid_state'],
      [`/callback/withings?state=${state}`, 'invalid_state'],
      ['/nowhere', 'not_found'],
    ] as const
    for (const [url, code] of cases) {
      const before = world().log.length
      const answer = await person.get(url)
      const html = (await answer.text()).replace(/<style[\s\S]*<\/style>/, '')
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
      const [, reference] = /<code[^>]*>([0-9A-Z]{5}-[0-9A-Z]{5})<\/code>/.exec(html) ?? []
      assert.ok(reference, url)
      const lines = world()
        .log.slice(before)
        .filter(({ fields }) => fields['requestId'] === reference)
      assert.deepEqual(
        lines.map(({ fields }) => fields['code']),
        [code],
      )
      assert.match(String(lines[0]?.fields['detail']), /^[A-Z].{15,}\.$/, 'the reason is a sentence')
      assert.doesNotMatch(
        html,
        /invalid_|state|session|token=|listed|rule|mismatch|digest|stack|\bat \/|\.ts\b|sqlite|postgres/i,
        url,
      )
    }
  })
})
