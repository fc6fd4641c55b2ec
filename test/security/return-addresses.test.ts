// Every way to smuggle a return address past the list, on the connect page and on the disconnect page: refused with a
// page, no redirect, nothing started, nothing disconnected, the session still good. The rule itself is tested
// exhaustively in test/broker; here it is held against the pages.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { hostileRawQueries, hostileRedirectUris } from '../broker/redirect-uris/redirect-hostile-values.ts'
import { onBothDatabases, onEmbeddedDatabase } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, APP_A_STAGING, APP_B, SERVICE, type World } from '../support/world.ts'

const RESULT_PAGE = `${SERVICE}/dataSourceDirectConnectionResult.html`

const assertRefused = async (answer: Response, about: string) => {
  assert.equal(answer.status, 400, about)
  for (const header of ['location', 'refresh', 'set-cookie'])
    assert.equal(answer.headers.get(header), null, about)
  assert.doesNotMatch(await answer.text(), /http-equiv|evil/i, about)
}

/** Somebody with a connection, whose session is not to be harmed. */
async function connectedIn(world: World) {
  const backend = backendOf(world)
  const { endUserId, token } = await backend.newSession()
  const person = newPerson(world)
  await person.connect(link('Connection', token, 11))
  const attempts = async () =>
    (await query(world, 'select id from attempts where end_user_id = ?', [endUserId])).length
  return { backend, endUserId, token, person, attempts }
}

onEmbeddedDatabase('a hostile return address', (world) => {
  /** A request whose target reaches the service exactly as written, as over the wire. */
  const raw = (target: string, address: string) => {
    const headers = { 'x-test-address': address }
    const [path] = target.split('?')
    return world().app.request(`${SERVICE}${path}`, { headers }, { incoming: { url: target, headers } })
  }

  for (const classOfAttack of hostileRedirectUris(APP_A, RESULT_PAGE))
    it(`is refused on both pages: ${classOfAttack.name} [T030, T082]`, async () => {
      const { backend, endUserId, token, attempts } = await connectedIn(world())
      const before = { attempts: await attempts(), calls: world().sandbox.control.calls().length }
      for (const [i, value] of classOfAttack.values.entries()) {
        const encoded = encodeURIComponent(value.toWellFormed())
        const address = `${classOfAttack.name} ${i}`
        const base = `token=${token}&dataSource=11&redirect_uri=${encoded}`
        await assertRefused(await raw(`/dataSourceDirectConnection.html?${base}`, address), value)
        await assertRefused(await raw(`/dataSourceDirectRevoke.html?${base}&direct=true`, address), value)
      }
      assert.equal(await attempts(), before.attempts, 'no attempt was made')
      assert.equal(world().sandbox.control.calls().length, before.calls)
      assert.deepEqual(await backend.connectedSources(endUserId), [11])
      const person = newPerson(world())
      const told = await toldAfter(
        person,
        await person.connect(link('Connection', token, 11, { redirect_uri: APP_A })),
      )
      assert.equal(told.connected, 'true', 'the session is still good')
    })

  for (const classOfAttack of hostileRawQueries(APP_A))
    it(`is refused on both pages however it is written: ${classOfAttack.name} [T030]`, async () => {
      const { backend, endUserId, token, attempts } = await connectedIn(world())
      const before = await attempts()
      for (const [i, rest] of classOfAttack.values.entries()) {
        const address = `raw ${classOfAttack.name} ${i}`
        const base = rest.includes('token=1')
          ? rest.replace('token=1', `token=${token}`)
          : `token=${token}&dataSource=11&${rest}`
        await assertRefused(await raw(`/dataSourceDirectConnection.html?${base}`, address), rest)
        await assertRefused(await raw(`/dataSourceDirectRevoke.html?${base}&direct=true`, address), rest)
      }
      assert.equal(await attempts(), before)
      assert.deepEqual(await backend.connectedSources(endUserId), [11])
    })
})

onBothDatabases('a return address', (world) => {
  it('of another application or account is refused, and the other way round [T006, T007]', async () => {
    for (const [application, foreign] of [
      ['app-a', [APP_A_STAGING, APP_B]],
      ['app-a-staging', [APP_A, APP_B]],
      ['app-b', [APP_A, APP_A_STAGING]],
    ] as const) {
      const { token } = await backendOf(world(), application).newSession()
      for (const redirectUri of foreign)
        await assertRefused(
          await newPerson(world()).get(link('Connection', token, 11, { redirect_uri: redirectUri })),
          redirectUri,
        )
    }
  })

  it('that is allowed keeps the query of the caller byte for byte, and tells the outcome once [T031]', async () => {
    for (const [added, expected] of [
      ['', '?dataSource=11&'],
      ['?', '?dataSource=11&'],
      ['?a=1&b=%20x&b=2&c', '?a=1&b=%20x&b=2&c&dataSource=11&'],
      ['?dataSource=8&x=y', '?dataSource=11&x=y&'],
      ['?next=https%3A%2F%2Fevil.example%2F', '?next=https%3A%2F%2Fevil.example%2F&dataSource=11&'],
      ['?q=%E2%9C%93+plus', '?q=%E2%9C%93+plus&dataSource=11&'],
    ] as const) {
      const { token } = await backendOf(world()).newSession()
      const person = newPerson(world())
      const connect = await toldAfter(
        person,
        await person.connect(link('Connection', token, 11, { redirect_uri: APP_A + added })),
      )
      assert.ok(connect.address.startsWith(`${APP_A}${expected}connected=true&result=`), connect.address)
      const disconnect = await toldAfter(
        person,
        await person.get(link('Revoke', token, 11, { direct: 'true', redirect_uri: APP_A + added })),
      )
      assert.ok(
        disconnect.address.startsWith(`${APP_A}${expected}connected=false&result=`),
        disconnect.address,
      )
    }
  })

  it('with a fixed query or a scheme of its own works as the whole string [T040]', async () => {
    const { token } = await backendOf(world()).newSession()
    for (const [redirectUri, expected] of [
      [`${APP_A}?fixed=1`, `${APP_A}?fixed=1&dataSource=11&connected=true&result=`],
      ['app-a.example:/done', 'app-a.example:/done?dataSource=11&connected=true&result='],
    ] as const) {
      const person = newPerson(world())
      const told = await toldAfter(
        person,
        await person.connect(link('Connection', token, 11, { redirect_uri: redirectUri })),
      )
      assert.ok(told.address.startsWith(expected), told.address)
    }
  })

  it('that is the own result page means the same as none; nothing else of the own host does [T038]', async () => {
    const { token } = await backendOf(world()).newSession()
    const person = newPerson(world())
    const last = await person.follow(
      await person.connect(link('Connection', token, 11, { redirect_uri: RESULT_PAGE })),
    )
    assert.equal(last.status, 200)
    assert.match(await last.text(), /Strava is connected/)
    for (const own of [
      `${RESULT_PAGE}?x=1`,
      `${SERVICE}/`,
      `${SERVICE}/dataSourceDirectRevoke.html`,
      `${SERVICE}/callback/strava`,
    ])
      await assertRefused(
        await newPerson(world()).get(link('Connection', token, 11, { redirect_uri: own })),
        own,
      )
  })

  it('is refused at the list when it could lead astray, with the reason, and an entry is audited [T039]', async () => {
    const backend = backendOf(world())
    for (const uri of [
      'http://app.example.com/done',
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'https://*.example.com/done',
      'https://user@app.example.com/done',
      'https://app.example.com/done#hash',
      'https://app.example.com/do\nne',
      `https://app.example.com/${'a'.repeat(2048)}`,
      '//app.example.com/done',
      `${SERVICE}/anything`,
      '',
    ]) {
      const refused = await backend.api('POST', '/redirect-uris', { uri })
      assert.equal(refused.status, 400, uri)
      const { code, detail } = (await refused.json()) as Record<string, string> // the documented error
      assert.equal(code, 'invalid_redirect_uri')
      assert.ok((detail ?? '').length > 20)
    }
    const uri = 'https://added.example.com/done'
    assert.equal((await backend.api('POST', '/redirect-uris', { uri })).status, 200)
    const audit = await query(world(), 'select action from audit_entries where object = ?', [uri])
    assert.deepEqual(
      audit.map(({ action }) => action),
      ['redirect-uri.add'],
    )
    assert.equal(
      (
        await newPerson(world()).get(
          link('Connection', (await backend.newSession()).token, 11, { redirect_uri: uri }),
        )
      ).status,
      303,
    )
    const { token } = await backendOf(world(), 'app-a-staging').newSession()
    await assertRefused(
      await newPerson(world()).get(link('Connection', token, 11, { redirect_uri: uri })),
      uri,
    )
  })

  it('leads on with 302 or 303 only, and with 303 after a POST [T035]', async () => {
    const { token, person } = await connectedIn(world())
    const start = await person.get(link('Connection', token, 11, { redirect_uri: APP_A }))
    const callback = await person.connect(link('Connection', token, 11, { redirect_uri: APP_A }))
    const onwards = await person.get(locationOf(callback).href)
    const disconnect = await person.get(link('Revoke', token, 11, { direct: 'true' }))
    for (const answer of [start, callback, onwards, disconnect]) assert.ok([302, 303].includes(answer.status))
  })
})
