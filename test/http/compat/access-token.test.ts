// POST /v5/accessToken: create or get an end user (contract §2). The whole service on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf } from '../../support/person.ts'
import { query } from '../../support/rows.ts'
import { assertProblem, FORM, sendForm } from '../support.ts'

const PATH = '/v5/accessToken'

const ALIASES = ['k7Qm2v', 'a', 'x'.repeat(80), 'user-1_2.3:4@example.com', 'a+b', '+', '--', '0', 'null']

const NO_ALIASES = [
  'x'.repeat(81),
  'x'.repeat(5000),
  'a b',
  ' a',
  'a\n',
  'ä',
  '你',
  'a/b',
  'a,b',
  "a'b",
  'a\u0000b',
  '<b>',
  'a%20b',
]

onBothDatabases('creating or getting an end user', (world) => {
  const create = (body: string, application = 'app-a') =>
    sendForm(world().app, PATH, backendOf(world(), application).headers, body)
  const idOf = async (body: string, application?: string) => (await create(body, application)).text()
  const withAlias = (alias: string) => create(String(new URLSearchParams({ partnerUserID: alias })))
  const countPeople = async () =>
    Number((await query(world(), 'select count(*) as n from end_users'))[0]?.['n'])

  it('answers the bare id: 32 lower-case hex digits as plain text, no quotes, no newline', async () => {
    const response = await create('partnerUserID=bare')
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.match(await response.text(), /^[0-9a-f]{32}$/)
  })

  it('a known alias gets the same id again', async () => {
    const first = await idOf('partnerUserID=again')
    assert.equal(await idOf('partnerUserID=again'), first)
    assert.equal(await idOf('language=de&partnerUserID=again'), first)
    assert.notEqual(await idOf('partnerUserID=Again'), first, 'case counts')
  })

  it('50 requests that race with one alias get one end user', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => idOf('partnerUserID=race')))
    assert.equal(new Set(ids).size, 1)
    assert.equal((await query(world(), 'select id from end_users where alias = ?', ['race'])).length, 1)
  })

  it('without an alias it is a new end user each time', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => idOf('language=en')))
    assert.equal(new Set(ids).size, 10)
    assert.notEqual(await idOf('partnerUserID='), await idOf('partnerUserID='), 'an empty alias is none')
  })

  it('an empty body with the form content type creates one, and so does no body at all', async () => {
    assert.match(await idOf(''), /^[0-9a-f]{32}$/)
    const bare = await world().app.request(PATH, { method: 'POST', headers: backendOf(world()).headers })
    assert.match(await bare.text(), /^[0-9a-f]{32}$/)
  })

  it('aliases belong to one application: staging and live, and another account, each have their own', async () => {
    const ids = await Promise.all(
      ['app-a', 'app-a-staging', 'app-b'].map((application) => idOf('partnerUserID=shared', application)),
    )
    assert.equal(new Set(ids).size, 3)
  })

  it('an alias is up to 80 of letters, digits and - _ . : @ +, kept as it came', async () => {
    for (const alias of ALIASES) {
      const id = await (await withAlias(alias)).text()
      const [row] = await query(world(), 'select alias from end_users where id = ?', [id])
      assert.equal(row?.['alias'], alias)
    }
  })

  it('any other alias is refused with the rule, and nobody is created', async () => {
    const before = await countPeople()
    for (const alias of NO_ALIASES) {
      const { detail } = await assertProblem(await withAlias(alias), 'invalid_request', PATH)
      assert.equal(detail, 'partnerUserID has up to 80 of letters, digits and - _ . : @ +')
    }
    assert.equal(await countPeople(), before)
  })

  it('a repeated, array-like, disguised or malformed parameter is refused, not guessed at', async () => {
    const before = await countPeople()
    for (const body of [
      'partnerUserID=a&partnerUserID=b',
      'partnerUserID=a&partnerUserID=a',
      'partnerUserID[]=a',
      'partnerUserID[0]=a',
      'partner%55serID=a',
      'partnerUserID=%zz',
      'partnerUserID=%ff',
      'language=de&language=de',
    ])
      await assertProblem(await create(body), 'invalid_request', PATH)
    assert.equal(await countPeople(), before)
  })

  it('a language is two letters with an optional script or region', async () => {
    for (const language of ['de', 'zh-Hant', 'pt-BR', 'es-419'])
      assert.equal((await create(`language=${language}`)).status, 200, language)
    for (const language of ['german', 'd', 'de_DE', 'de-', '12', 'de-Latn-DE'])
      await assertProblem(await create(`language=${language}`), 'invalid_request', PATH)
  })

  it('fields that are not asked for have no effect [T022]', async () => {
    const id = await idOf('id=mine&application_id=app-b&deleteAt=1&__proto__[x]=1&constructor=1')
    const [row] = await query(world(), 'select application_id, delete_at from end_users where id = ?', [id])
    assert.deepEqual({ ...row }, { application_id: 'app-a', delete_at: null })
  })

  it('the content type may name UTF-8, in any case', async () => {
    const { headers } = backendOf(world())
    for (const type of [`${FORM}; charset=UTF-8`, `${FORM};charset="utf-8"`, FORM.toUpperCase()]) {
      const response = await sendForm(world().app, PATH, { ...headers, 'content-type': type }, 'language=de')
      assert.equal(response.status, 200, type)
    }
  })
})
