// POST /widget/v6/connection and POST /v5/dataSourceURL: minting a connection session (contract §2), and the language
// that the widget then speaks. The whole service on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf, newPerson } from '../../support/person.ts'
import { query } from '../../support/rows.ts'
import { SERVICE } from '../../support/world.ts'
import { assertProblem, FOREIGN, NOBODY, sendForm, sendJson } from '../support.ts'

const PATH = '/widget/v6/connection'
const HOUR_MS = 3_600_000

onBothDatabases('minting a connection session', (world) => {
  const post = (body: unknown, application = 'app-a') =>
    sendJson(world().app, PATH, backendOf(world(), application).headers, body)
  const urlOf = async (response: Response) => {
    const { type, data, ...more } = (await response.json()) as { type: string; data: { url: string } } // as documented
    assert.deepEqual([type, Object.keys(data), more], ['enduser.widget.connection', ['url'], {}])
    return data.url
  }
  const countSessions = async () =>
    Number((await query(world(), 'select count(*) as n from sessions'))[0]?.['n'])

  it('answers the widget URL in the documented JSON, the token cut out as programs do it [T016]', async () => {
    const response = await post({ endUserId: await backendOf(world()).createEndUser(), locale: 'de' })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
    const url = await urlOf(response)
    const token = url.split('connectionSessionToken=')[1]?.split('&')[0] ?? ''
    assert.match(token, /^[0-9]{16}X[0-9]{39}$/)
    assert.equal(url, `${SERVICE}/?connectionSessionToken=${token}&platform=web&lang=de`)
  })

  it('a token is never given twice, and is not stored [T001, T002]', async () => {
    const backend = backendOf(world())
    const id = await backend.createEndUser()
    const tokens = await Promise.all(Array.from({ length: 30 }, () => backend.mint(id)))
    assert.equal(new Set(tokens).size, 30)
    assert.equal(new Set(tokens.map((token) => token.slice(0, 16))).size, 30)
    const rows = JSON.stringify(await query(world(), 'select * from sessions'))
    for (const token of tokens) assert.ok(!rows.includes(token) && !rows.includes(token.slice(17)))
  })

  it('the widget opens with it for an hour, not for longer', async () => {
    const token = await backendOf(world()).mint(await backendOf(world()).createEndUser())
    const open = () => newPerson(world()).get(`/?connectionSessionToken=${token}&platform=web&lang=en`)
    world().advance(HOUR_MS - 1)
    assert.equal((await open()).status, 200)
    world().advance(1)
    assert.equal((await open()).status, 410)
  })

  it('dataSourceURL answers the same URL alone, as plain text, on its older path too', async () => {
    const { headers, createEndUser } = backendOf(world())
    for (const path of ['/v5/dataSourceURL', '/restjson/v5/dataSourceURL']) {
      const response = await sendForm(
        world().app,
        path,
        headers,
        `authenticationToken=${await createEndUser()}`,
      )
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8')
      const url = await response.text()
      assert.match(
        url,
        /^https:\/\/connect\.example\.org\/\?connectionSessionToken=[0-9]{16}X[0-9]{39}&platform=web&lang=en$/,
      )
      assert.equal((await newPerson(world()).get(url)).status, 200)
    }
  })

  it('lang is the chosen locale, our nearest language to it, or en where we have none', async () => {
    const endUserId = await backendOf(world()).createEndUser()
    for (const [locale, lang] of [
      ['de', 'de'],
      ['DE', 'de'],
      ['de-AT', 'de'],
      ['pt-BR', 'pt'],
      ['es-419', 'es'],
      ['zh-Hant', 'zh-Hant'],
      ['zh-TW', 'zh-Hant'],
      ['zh-Hans', 'zh'],
      ['ar', 'ar'],
      ['xh', 'en'],
      ['xx', 'en'],
    ])
      assert.ok(
        (await urlOf(await post({ endUserId, locale }))).endsWith(`&platform=web&lang=${lang}`),
        locale,
      )
    for (const locale of [undefined, null])
      assert.ok((await urlOf(await post({ endUserId, locale }))).endsWith('&lang=en'))
  })

  it('when nobody chose, the browser decides; a choice stands against the browser; en is a choice', async () => {
    const endUserId = await backendOf(world()).createEndUser()
    const languageOf = async (locale: string | undefined, acceptLanguage: string) => {
      const url = await urlOf(await post({ endUserId, locale }))
      const page = await newPerson(world()).get(url, { 'accept-language': acceptLanguage })
      const tag = page.headers.get('content-language')
      assert.match(await page.text(), new RegExp(`<html lang="${tag}"`))
      return tag
    }
    assert.equal(await languageOf(undefined, 'fr-CH, fr;q=0.9, en;q=0.8'), 'fr')
    assert.equal(await languageOf(undefined, 'xh'), 'en')
    assert.equal(await languageOf('de', 'fr'), 'de')
    assert.equal(await languageOf('en', 'fr'), 'en')
    assert.equal(await languageOf('xx', 'fr'), 'en', 'a language that we lack falls back to en')
  })

  it('a malformed locale is a 400, and no session is made', async () => {
    const endUserId = await backendOf(world()).createEndUser()
    const before = await countSessions()
    for (const locale of [
      '',
      'e',
      'eng',
      'de_DE',
      'de-',
      '-de',
      'de-AUT',
      'zh-Hant-TW',
      'd1',
      'ÄÖ',
      ' de',
      'de ',
      1,
      true,
      ['de'],
      { de: 1 },
    ]) {
      const { detail } = await assertProblem(await post({ endUserId, locale }), 'invalid_request', PATH)
      assert.match(detail, /^locale /)
    }
    assert.equal(await countSessions(), before)
  })

  it('an end user who is unknown, foreign or malformed is a 403 with the documented phrase, and no session is made [T019]', async () => {
    const foreign = await backendOf(world(), 'app-b').createEndUser()
    const staging = await backendOf(world(), 'app-a-staging').createEndUser()
    const { headers } = backendOf(world())
    const before = await countSessions()
    for (const id of [NOBODY, foreign, staging, '', 'x', `${foreign} `, foreign.toUpperCase()]) {
      const minted = await assertProblem(await post({ endUserId: id }), 'invalid_end_user', PATH)
      const older = await sendForm(world().app, '/v5/dataSourceURL', headers, `authenticationToken=${id}`)
      for (const { text } of [minted, await assertProblem(older, 'invalid_end_user', '/v5/dataSourceURL')])
        assert.ok(text.includes(FOREIGN))
    }
    assert.equal(await countSessions(), before)
  })

  it('an end user id of the wrong type, or none, is malformed [T022]', async () => {
    const foreign = await backendOf(world(), 'app-b').createEndUser()
    for (const endUserId of [undefined, null, 1, true, [foreign], { $ne: '' }])
      await assertProblem(await post({ endUserId }), 'invalid_request', PATH)
    for (const body of [null, [], 'text', 1, { enduserid: foreign }])
      await assertProblem(await post(JSON.stringify(body)), 'invalid_request', PATH)
    await assertProblem(
      await sendForm(world().app, '/v5/dataSourceURL', backendOf(world()).headers, 'endUserId=x'),
      'invalid_request',
      '/v5/dataSourceURL',
    )
  })

  it('of two endUserId in one body the last one counts, and is checked as any other [T026]', async () => {
    const own = await backendOf(world()).createEndUser()
    const foreign = await backendOf(world(), 'app-b').createEndUser()
    const foreignLast = `{"endUserId":"${own}","endUserId":"${foreign}"}`
    await assertProblem(await post(foreignLast), 'invalid_end_user', PATH)
    assert.equal((await post(`{"endUserId":"${foreign}","endUserId":"${own}"}`)).status, 200)
    const owners = await query(world(), 'select end_user_id from sessions where end_user_id = ?', [foreign])
    assert.deepEqual(owners, [])
  })

  it('fields that are not asked for have no effect: neither the application nor the life of the session [T022]', async () => {
    const endUserId = await backendOf(world()).createEndUser()
    const token = (
      await urlOf(
        await post(
          `{"endUserId":"${endUserId}","lifetimeSeconds":1,"applicationId":"app-b","expiresAt":0,"allowedSources":[8],"__proto__":{"locale":"de"}}`,
        ),
      )
    ).split(/=|&/)[1]
    const [row] = await query(world(), 'select * from sessions where lookup = ?', [token?.slice(0, 16) ?? ''])
    assert.deepEqual(
      [row?.['application_id'], Number(row?.['expires_at']), row?.['allowed_sources'], row?.['locale']],
      ['app-a', world().now() + HOUR_MS, null, null],
    )
  })
})
