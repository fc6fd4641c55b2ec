// A source without a consent page is connected by the person's own log-in, on our form: every answer of the vendor leads
// to its own end, tries are few, and what was typed is nowhere afterwards.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { openTokens } from '../../src/broker/sealing/sealed-tokens.ts'
import { asApplicationId, asConnectionId } from '../../src/model/ids.ts'
import { LIBRE_PASSWORD } from '../../src/sandbox/credentials/libre-link-up.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, type Person, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, SERVICE, VERIFY_URL } from '../support/world.ts'

const LIBRE = 46

interface Form {
  readonly action: string
  readonly fields: Record<string, string>
}

async function formOf(page: Response): Promise<Form> {
  const html = await page.text()
  const plainText = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"')
  const action = plainText(/<form method="post" action="([^"]+)"/.exec(html)?.[1] ?? '')
  const inputs = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)
  return {
    action,
    fields: Object.fromEntries([...inputs].map(([, name, value]) => [name, plainText(value ?? '')])),
  }
}

let accounts = 0
/** An account that nobody else of these tests uses. */
const newAccount = () => `reader-${++accounts}@example.com`

onBothDatabases('connecting by one’s own log-in', (world) => {
  const opened = async (applicationId = 'app-a', redirectUri: string | null = APP_A) => {
    const backend = backendOf(world(), applicationId)
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const more = redirectUri === null ? {} : { redirect_uri: redirectUri }
    const started = await person.get(link('Connection', token, LIBRE, more))
    const page = await person.get(locationOf(started).href)
    return { backend, endUserId, token, person, page, form: await formOf(page) }
  }
  const send = (person: Person, { action, fields }: Form, email: string, password = LIBRE_PASSWORD) =>
    person.post(action, { ...fields, loginName: email, password, answer: 'yes' })
  const attemptOf = async (endUserId: string) => {
    const [row] = await query(
      world(),
      'select status, error, cause, connected from attempts where end_user_id = ?',
      [endUserId],
    )
    return row
  }

  /** What was kept of the vendor's answer. */
  const tokensOf = async (endUserId: string) => {
    const [row] = await query(
      world(),
      'select id, application_id, sealed_tokens from connections where end_user_id = ?',
      [endUserId],
    )
    const id = asConnectionId(String(row?.['id']))
    const applicationId = asApplicationId(String(row?.['application_id']))
    return openTokens(world().context, { applicationId, id }, String(row?.['sealed_tokens']))
  }

  it('leads to our own form, sends the account to its region, and connects', async () => {
    const { backend, endUserId, person, page, form } = await opened()
    assert.equal(page.status, 200)
    const email = newAccount()
    const told = await toldAfter(person, await send(person, form, email))
    assert.deepEqual([told.dataSource, told.connected, told.error], [String(LIBRE), 'true', null])
    assert.deepEqual(await backend.connectedSources(endUserId), [LIBRE])
    const hosts = world()
      .network.exchanges.slice(-2)
      .map(({ url }) => new URL(url).host)
    assert.deepEqual(hosts, ['api.libreview.io', 'api-eu.libreview.io'])
    const list = await (await backend.api('GET', `/users/${endUserId}/connections`)).json()
    const [connection] = (list as { data: { status: string; dataSource: number }[] }).data // as described
    assert.deepEqual([connection?.status, connection?.dataSource], ['active', LIBRE])
    const [event] = await query(
      world(),
      `select type from events where end_user_id = ? and type = 'notification.source.connect'`,
      [endUserId],
    )
    assert.ok(event)
    const [row] = await query(world(), 'select access_expires_at from connections where end_user_id = ?', [
      endUserId,
    ])
    assert.equal(Number(row?.['access_expires_at']), world().now() + 180 * 86_400_000)
    assert.equal((await tokensOf(endUserId)).extras?.['region'], 'eu')
    const listed = await backend.api('GET', `/users/${endUserId}/connections`)
    const { data } = (await listed.json()) as { data: { id: string }[] }
    const read = await backend.api('POST', `/connections/${data[0]?.id}/token`)
    const { extras } = (await read.json()) as { extras: Record<string, string> }
    assert.equal(extras['region'], 'eu', 'the application learns where to call')
  })

  const stays = [
    ['a wrong password', newAccount(), 'nearly', /No account matches this/, 'wrong_password'],
    ['new terms', 'terms@example.com', LIBRE_PASSWORD, /LibreLinkUp.* has new terms/, 'terms'],
    ['a new privacy policy', 'privacy@example.com', LIBRE_PASSWORD, /has new terms/, 'terms'],
    ['a second factor', 'mfa@example.com', LIBRE_PASSWORD, /asks for a step/, 'extra_step'],
    ['a locked account', 'locked@example.com', LIBRE_PASSWORD, /has locked the log-in/, 'locked'],
  ] as const
  for (const [what, email, password, says, cause] of stays)
    it(`${what} is told in words, keeps the form open, and a later try connects`, async () => {
      const { backend, endUserId, person, form } = await opened()
      const again = await send(person, form, email, password)
      assert.equal(again.status, 422)
      assert.match((await again.clone().text()).replace(/<[^>]+>/g, ''), says)
      assert.deepEqual(Object.values((await attemptOf(endUserId)) ?? {}).slice(0, 3), [
        'created',
        null,
        cause,
      ])
      assert.deepEqual(await backend.connectedSources(endUserId), [])
      const told = await toldAfter(person, await send(person, await formOf(again), newAccount()))
      assert.equal(told.connected, 'true')
    })

  const ends = [
    ['a service that is down', 'down@example.com', 'vendor_unavailable', 'http_status 503'],
    ['a page instead of an answer', 'odd@example.com', 'vendor_error', 'content_type 200'],
    ['a region that sends on', 'lost@example.com', 'vendor_error', 'redirect'],
  ] as const
  for (const [what, email, error, cause] of ends)
    it(`${what} ends the attempt as ${error}`, async () => {
      const { endUserId, person, form } = await opened()
      const told = await toldAfter(person, await send(person, form, email))
      assert.deepEqual([told.connected, told.error], ['false', error])
      assert.equal((await attemptOf(endUserId))?.['cause'], cause)
    })

  it('a vendor that cannot be reached ends it as vendor_unavailable', async () => {
    const { person, form } = await opened()
    world().network.setReachable(false)
    const told = await toldAfter(person, await send(person, form, newAccount()))
    world().network.setReachable(true)
    assert.deepEqual([told.connected, told.error], ['false', 'vendor_unavailable'])
  })

  it('an application that confirms is asked before there is a connection', async () => {
    const { backend, endUserId, person, form, page } = await opened('app-a-confirm', null)
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(policy, new RegExp(`form-action 'self' ${new URL(VERIFY_URL).origin};`))
    const sent = await send(person, form, newAccount())
    const ticket = locationOf(sent).searchParams.get('ticket')
    assert.ok(locationOf(sent).href.startsWith(VERIFY_URL))
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    const confirmed = await backend.api('POST', '/attempts/confirm', { ticket, endUserId })
    assert.equal(confirmed.status, 200)
    assert.deepEqual(await backend.connectedSources(endUserId), [LIBRE])
    assert.equal((await tokensOf(endUserId)).extras?.['region'], 'eu')
  })

  it('cancel tells the application, and what kept the person', async () => {
    const { endUserId, person, form } = await opened()
    await send(person, form, 'terms@example.com')
    const told = await toldAfter(person, await person.post(form.action, { ...form.fields, answer: 'no' }))
    assert.deepEqual([told.connected, told.error], ['false', 'access_denied'])
    assert.equal((await attemptOf(endUserId))?.['cause'], 'cancelled_after_terms')
  })

  it('an empty or overlong field is asked for again, and the vendor hears nothing', async () => {
    const { person, form } = await opened()
    const before = world().network.exchanges.length
    for (const [email, password] of [
      ['', 'x'],
      [newAccount(), ''],
      ['a'.repeat(255), 'x'],
      ['a\u0000b', 'x'],
      [newAccount(), 'x'.repeat(1025)],
    ] as const) {
      const again = await send(person, form, email, password)
      assert.equal(again.status, 422)
      assert.match(await again.text(), /fill in both fields/)
    }
    assert.equal(world().network.exchanges.length, before)
  })

  it('five wrong tries end the attempt, whoever sends them and however fast', async () => {
    const { endUserId, person, form } = await opened()
    const email = newAccount()
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(person, form, email, 'guess')))
    assert.ok(answers.every(({ status }) => [303, 422].includes(status)))
    for (let i = 0; i < 5; i++) await send(person, form, email, 'guess')
    const attempt = await attemptOf(endUserId)
    assert.deepEqual([attempt?.['status'], attempt?.['error']], ['failed', 'log_in_failed'])
    const asked = world().network.exchanges.filter(({ body }) => body.includes(email))
    assert.ok(asked.length <= 10, `${asked.length} requests to two hosts`)
  })

  it('an account is tried ten times an hour, over all forms and sessions', async () => {
    const email = newAccount()
    const outcomes: string[] = []
    for (let i = 0; i < 3; i++) {
      const { person, form, endUserId } = await opened()
      for (let j = 0; j < 5; j++) await send(person, form, email.toUpperCase(), 'guess')
      outcomes.push(String((await attemptOf(endUserId))?.['cause']))
    }
    assert.equal(outcomes[2], 'too_many_tries')
    world().advance(3_600_001)
    const { person, form } = await opened()
    assert.equal((await toldAfter(person, await send(person, form, email))).connected, 'true')
  })

  it('another browser neither sees the form nor sends it, and the first one still can', async () => {
    const { person, form } = await opened()
    const other = newPerson(world())
    const shown = await other.get(form.action)
    assert.equal(shown.status, 409)
    assert.doesNotMatch(await shown.text(), /<form/)
    const sent = await send(other, form, newAccount())
    assert.equal(sent.status, 409)
    assert.equal((await toldAfter(person, await send(person, form, newAccount()))).connected, 'true')
  })

  it('a form that another site sends, or that we did not make, is refused and reaches no vendor', async () => {
    const { backend, endUserId, person, form } = await opened()
    const foreign = await opened()
    const before = world().network.exchanges.length
    for (const fields of [{}, { proof: '' }, { proof: 'A'.repeat(43) }, foreign.form.fields])
      assert.equal((await send(person, { ...form, fields }, newAccount())).status, 400)
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    for (const site of ['cross-site', 'same-site', 'none']) {
      const refused = await world().app.request(`${SERVICE}${form.action}`, {
        method: 'POST',
        headers: { cookie, 'sec-fetch-site': site, 'x-test-address': site },
        body: new URLSearchParams({ ...form.fields, loginName: newAccount(), password: 'x', answer: 'yes' }),
      })
      assert.equal(refused.status, 400, site)
    }
    assert.equal(world().network.exchanges.length, before)
    assert.deepEqual(await backend.connectedSources(endUserId), [])
  })

  it('a form sent thirty times at once connects once', async () => {
    const { endUserId, person, form } = await opened()
    const email = newAccount()
    await Promise.all(Array.from({ length: 15 }, () => send(person, form, email)))
    const events = await query(
      world(),
      `select id from events where end_user_id = ? and type = 'notification.source.connect'`,
      [endUserId],
    )
    assert.equal(events.length, 1)
    assert.equal((await toldAfter(person, await send(person, form, email))).connected, 'true')
  })

  it('is over after a quarter of an hour, and with the session', async () => {
    const late = await opened()
    world().advance(15 * 60_000 + 1)
    assert.notEqual((await send(late.person, late.form, newAccount())).status, 200)
    assert.deepEqual(await late.backend.connectedSources(late.endUserId), [])
    const ended = await opened()
    await ended.backend.api('DELETE', `/users/${ended.endUserId}/sessions`)
    const told = await toldAfter(ended.person, await send(ended.person, ended.form, newAccount()))
    assert.deepEqual([told.connected, told.error], ['false', 'session_expired'])
  })

  it('a disconnect ends it here, and says that the vendor cannot be asked', async () => {
    const { backend, endUserId, token, person, form } = await opened('app-a', null)
    const done = await person.follow(await send(person, form, newAccount()))
    assert.match(await done.text(), /FreeStyle Libre<\/bdi> is connected/)
    const page = await person.follow(await person.get(link('Revoke', token, LIBRE, { direct: 'true' })))
    assert.match((await page.text()).replace(/<[^>]+>/g, ''), /remove it there/)
    await world().sweep()
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    const [row] = await query(
      world(),
      'select r.status from revocations r join connections c on c.id = r.connection_id where c.end_user_id = ?',
      [endUserId],
    )
    assert.equal(row?.['status'], 'unsupported')
    const [connection] = await query(world(), 'select sealed_tokens from connections where end_user_id = ?', [
      endUserId,
    ])
    assert.equal(connection?.['sealed_tokens'], null)
  })

  it('what was typed and the vendor’s token are in no page, log line or row', async () => {
    const { person, form } = await opened()
    const email = `canary-${newAccount()}`
    const password = 'c4nary-passw0rd'
    const pages = [await send(person, form, email, password)]
    pages.push(await send(person, form, email))
    const { answer } = world().network.exchanges.at(-1) ?? { answer: '' }
    const ticket = /"token":"([^"]+)"/.exec(answer)?.[1] ?? ''
    assert.notEqual(ticket, '')
    const shown = [
      ...(await Promise.all(pages.map((page) => page.text()))),
      ...pages.map((page) => JSON.stringify([...page.headers])),
      JSON.stringify(world().log),
      JSON.stringify(await everyRow()),
    ].join('\n')
    for (const secret of [email, email.toUpperCase(), password, ticket])
      assert.ok(!shown.includes(secret), secret)
    if (world().databaseUrl.startsWith('sqlite:')) {
      const file = world().databaseUrl.slice('sqlite:'.length)
      const bytes = Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path)))
      for (const secret of [email, password, ticket]) assert.ok(!bytes.includes(secret), secret)
    }
  })

  const everyRow = async () => {
    const rows: unknown[] = []
    for (const table of ['attempts', 'connections', 'events', 'tallies', 'audit_entries', 'settings'])
      rows.push(...(await query(world(), `select * from ${table}`, [])))
    return rows
  }

  it('is switched off unless the operator switched it on, and says so', async () => {
    const backend = backendOf(world(), 'app-b')
    const { token } = await backend.newSession()
    const person = newPerson(world())
    const page = await person.get(link('Connection', token, LIBRE))
    assert.equal(page.status, 409)
    assert.match(await page.text(), /switched off here/)
  })
})
