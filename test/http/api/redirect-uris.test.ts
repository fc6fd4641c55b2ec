// /v1/redirect-uris: the list by self-service and the dry run (contract §3 and §6). The whole service on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf, link, newPerson, toldAfter } from '../../support/person.ts'
import { query } from '../../support/rows.ts'
import { APP_A, SERVICE } from '../../support/world.ts'
import { assertProblem, jsonOf } from '../support.ts'

const RESULT_PAGE = `${SERVICE}/dataSourceDirectConnectionResult.html`
/** What the configuration lists for `app-a`. */
const CONFIGURED = ['app-a.example:/done', APP_A, `${APP_A}?fixed=1`]

onBothDatabases('redirect URIs by self-service', (world) => {
  const api = (...call: Parameters<ReturnType<typeof backendOf>['api']>) => backendOf(world()).api(...call)
  const add = (uri: unknown) => api('POST', '/redirect-uris', { uri })
  const remove = (uri: string) => api('DELETE', `/redirect-uris?${new URLSearchParams({ uri })}`)
  const list = async () => {
    const { data, nextCursor } = await jsonOf(await api('GET', '/redirect-uris'))
    assert.equal(nextCursor, null)
    return data as { uri: string; managedBy: string }[] // our own API's list
  }
  const audit = async (uri: string) =>
    (
      await query(
        world(),
        'select actor, action, application_id, result from audit_entries where object = ?',
        [uri],
      )
    ).map((row) => Object.values(row))

  it('the list is what the configuration and the application listed, in byte order', async () => {
    assert.deepEqual(
      await list(),
      CONFIGURED.map((uri) => ({ uri, managedBy: 'configuration' })),
    )
    await add('https://aaa.example.com/done')
    assert.deepEqual(
      (await list()).map(({ uri, managedBy }) => [uri, managedBy]),
      [
        [CONFIGURED[0], 'configuration'],
        ['https://aaa.example.com/done', 'api'],
        [CONFIGURED[1], 'configuration'],
        [CONFIGURED[2], 'configuration'],
      ],
    )
  })

  it('what is added works in links at once, and no longer once it is removed; both are audited [T039]', async () => {
    const uri = 'https://new.example.com/back'
    const { token } = await backendOf(world()).newSession()
    const connect = () => newPerson(world()).get(link('Connection', token, 11, { redirect_uri: uri }))
    assert.equal((await connect()).status, 400)
    const added = await add(uri)
    assert.equal(added.status, 200)
    assert.deepEqual(await jsonOf(added), { uri, managedBy: 'api', warnings: [] })
    const person = newPerson(world())
    const told = await toldAfter(
      person,
      await person.connect(link('Connection', token, 11, { redirect_uri: `${uri}?a=b` })),
    )
    assert.ok(told.address.startsWith(`${uri}?a=b&dataSource=11&connected=true`))
    const removed = await remove(uri)
    assert.deepEqual([removed.status, await removed.text()], [204, ''])
    assert.equal((await connect()).status, 400)
    assert.deepEqual(await audit(uri), [
      ['application', 'redirect-uri.add', 'app-a', 'ok'],
      ['application', 'redirect-uri.remove', 'app-a', 'ok'],
    ])
  })

  it('adding one again changes nothing, also 50 times at once', async () => {
    const uri = 'https://again.example.com/back'
    const answers = await Promise.all(Array.from({ length: 50 }, async () => (await add(uri)).status))
    assert.deepEqual([...new Set(answers)], [200])
    assert.equal((await list()).filter((one) => one.uri === uri).length, 1)
    assert.equal((await audit(uri)).length, 1)
  })

  it('a custom scheme, a loopback address, a query and a capital are listed with a warning [T040]', async () => {
    for (const [uri, codes] of [
      ['myapp://done', ['custom_scheme_not_exclusive', 'custom_scheme_without_domain']],
      ['com.example.app:/done', ['custom_scheme_not_exclusive']],
      ['http://localhost:3000/done', ['loopback_only']],
      ['https://query.example.com/done?a=1', ['query_is_fixed']],
      ['https://Capital.example.com/done', ['written_form_counts']],
      ['https://port.example.com:443/done', ['written_form_counts']],
    ] as const) {
      const { warnings } = await jsonOf(await add(uri))
      const found = warnings as { code: string; detail: string }[] // our own API's answer
      assert.deepEqual(
        found.map(({ code }) => code),
        codes,
        uri,
      )
      for (const { detail } of found) assert.match(detail, /^[A-Z].*\.$/)
    }
  })

  it('what can never be listed is refused with the reason, and is not listed [T039]', async () => {
    const before = await list()
    for (const [uri, problem] of [
      ['', 'length'],
      [`https://a.example/${'x'.repeat(2048)}`, 'length'],
      ['https://a.example/#/done', 'fragment'],
      ['http://[::1]/done', 'brackets'],
      ['https://*.example.com/done', 'wildcard'],
      ['https://bücher.example/done', 'non_ascii'],
      ['https://a.example/a b', 'characters'],
      ['https://a.example/\r\nX: y', 'characters'],
      ['/done', 'not_absolute'],
      ['//a.example/done', 'not_absolute'],
      ['javascript:alert(1)', 'forbidden_scheme'],
      ['data:text/html,x', 'forbidden_scheme'],
      ['file:///etc/passwd', 'forbidden_scheme'],
      ['https://user@a.example/', 'userinfo'],
      ['https://a..example/', 'invalid_host'],
      ['https://a.example:0/', 'invalid_port'],
      ['http://a.example/done', 'http_not_loopback'],
      ['https://a.example/%zz', 'malformed_encoding'],
      ['https://a.example/a/../b', 'dot_segment'],
      ['https://a.example/?', 'empty_query'],
      ['https://a.example/?connected=1', 'reserved_parameter'],
      [`${SERVICE}/anything`, 'own_host'],
      [RESULT_PAGE, 'own_host'],
    ] as const) {
      const { body, detail } = await assertProblem(await add(uri), 'invalid_redirect_uri', '/v1')
      assert.equal(body['problem'], problem, uri)
      assert.ok(!uri.includes('a.example') || !detail.includes(uri), 'the value is not repeated')
    }
    for (const uri of [undefined, null, 7, [APP_A], { uri: APP_A }])
      await assertProblem(await add(uri), 'invalid_request', '/v1')
    assert.deepEqual(await list(), before)
  })

  it('what the configuration lists is read-only: adding it says whose it is, removing it is a conflict', async () => {
    assert.equal((await jsonOf(await add(APP_A)))['managedBy'], 'configuration')
    await assertProblem(await remove(APP_A), 'managed_by_configuration', '/v1')
    assert.equal((await list()).filter(({ uri }) => uri === APP_A).length, 1)
    assert.deepEqual(await audit(APP_A), [])
  })

  it('removing what is not listed is a 404, without the parameter or with two a 400', async () => {
    await assertProblem(await remove('https://never.example.com/'), 'not_found', '/v1')
    await assertProblem(await remove(`${APP_A}/`), 'not_found', '/v1')
    await assertProblem(await api('DELETE', '/redirect-uris'), 'invalid_request', '/v1')
    await assertProblem(await api('DELETE', '/redirect-uris?uri=a&uri=b'), 'invalid_request', '/v1')
  })

  it('the dry run says which rule refuses a value, and starts nothing', async () => {
    await add('https://dry.example.com/done')
    const attempts = async () => (await query(world(), 'select id from attempts')).length
    const before = await attempts()
    const uri = 'https://dry.example.com/done'
    for (const [value, rule, code] of [
      ['', 3, 'length'],
      [`${uri}#x`, 3, 'fragment'],
      [`${uri} `, 3, 'characters'],
      ['https://evil.example/', 4, 'not_listed'],
      [uri.toUpperCase(), 4, 'not_listed'],
      ['app-a.example://done', 4, 'not_listed'],
      [`${APP_A}?fixed=1&more=1`, null, null],
      [`${RESULT_PAGE}?x=1`, 5, 'query_is_fixed'],
      [`${uri}?x=${'y'.repeat(1024)}`, 6, 'query_too_long'],
      [`${uri}?x=%zz`, 6, 'query_malformed_encoding'],
      [`${uri}?x=%0d`, 6, 'query_control_character'],
      [`${uri}?result=1`, 6, 'query_reserved_name'],
      [`${uri}?DataSource=1`, 6, 'query_data_source_variant'],
      [`${uri}?dataSource=1&dataSource=2`, 6, 'query_data_source_repeated'],
      [`${uri}?dataSource=1`, null, null],
    ] as const) {
      const checked = await jsonOf(await api('POST', '/redirect-uris/check', { uri: value }))
      const { detail, entry, ...rest } = checked
      assert.deepEqual(rest, { allowed: rule === null, rule, code }, value)
      assert.equal(entry === null, rule !== null)
      if (rule !== null) assert.match(String(detail), new RegExp(`^Rule ${rule}: `))
    }
    assert.equal(await attempts(), before)
  })

  it('the dry run names the entry that a value matches; our own result page is always allowed', async () => {
    const check = async (uri: string) => jsonOf(await api('POST', '/redirect-uris/check', { uri }))
    const allowed = { allowed: true, rule: null, code: null, detail: null }
    assert.deepEqual(await check(`${APP_A}?a=b`), { ...allowed, entry: APP_A })
    assert.deepEqual(await check(`${APP_A}?fixed=1`), { ...allowed, entry: `${APP_A}?fixed=1` })
    assert.deepEqual(await check(RESULT_PAGE), { ...allowed, entry: null })
    assert.equal((await check(`${SERVICE}/`))['allowed'], false)
  })

  it('one application lists up to 200, and its 201st is refused', async () => {
    const backend = backendOf(world(), 'app-a-staging')
    const addAt = (n: number) =>
      backend.api('POST', '/redirect-uris', { uri: `https://many.example.com/${n}` })
    assert.equal(limits.redirectUrisPerApplication, 200)
    for (let n = 0; n < 200; n++) assert.equal((await addAt(n)).status, 200)
    await assertProblem(await addAt(200), 'limit_reached', '/v1')
    assert.equal((await addAt(0)).status, 200, 'one that is listed already is no more')
  })
})
