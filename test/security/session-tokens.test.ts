// The session token: unguessable, worth nothing when it is malformed, made for something else or ended, and safe in the
// URL that programs cut it out of.
import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { it } from 'node:test'
import { createSession, plainSession } from '../../src/broker/sessions/create-session.ts'
import { asApplicationId, asEndUserId } from '../../src/model/ids.ts'
import { formatSessionToken, newSessionToken } from '../../src/model/session-token.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A } from '../support/world.ts'

const SHAPE = /^\d{16}X\d{39}$/

it('ten thousand tokens from the system’s random source are all different, in every half and place [T001]', () => {
  const tokens = Array.from({ length: 10_000 }, () =>
    formatSessionToken(newSessionToken((length) => randomFillSync(new Uint8Array(length)))),
  )
  assert.ok(tokens.every((token) => SHAPE.test(token)))
  for (const part of [
    (token: string) => token,
    (token: string) => token.slice(17),
    (token: string) => token.slice(0, 16),
  ])
    assert.equal(new Set(tokens.map(part)).size, tokens.length)
  // Each digit of the secret half is uniform: with 10 000 draws 1000 ± 200 is more than six standard deviations.
  for (let place = 17; place < 56; place++) {
    const counts = new Map<string, number>()
    for (const token of tokens) counts.set(token.charAt(place), (counts.get(token.charAt(place)) ?? 0) + 1)
    for (const count of counts.values()) assert.ok(count > 800 && count < 1200, `place ${place}: ${count}`)
  }
})

onBothDatabases('a session token', (world) => {
  const start = (token: string) => link('Connection', token, 11, { redirect_uri: APP_A })

  it('two minted at the same moment share no more digits than chance gives [T001]', async () => {
    const { context } = world()
    const application = context.applications.get(asApplicationId('app-a'))
    assert.ok(application)
    const endUserId = asEndUserId(await backendOf(world()).createEndUser())
    const tokens = await Promise.all(
      Array.from(
        { length: 50 },
        async () => (await createSession(context, application, endUserId, plainSession(null))).token,
      ),
    )
    const secrets = tokens.map((token) => token.slice(17))
    for (const [i, one] of secrets.entries())
      for (const other of secrets.slice(i + 1)) {
        const same = [...one].filter((digit, place) => digit === other[place]).length
        assert.ok(same < 20, `${same} of 39`)
      }
  })

  it('stands in the answer so that programs can cut it out, with nothing that would need encoding [T016]', async () => {
    const backend = backendOf(world())
    const endUserId = await backend.createEndUser()
    for (const locale of [undefined, 'de', 'zh-Hant']) {
      const answer = await world().app.request('/widget/v6/connection', {
        method: 'POST',
        headers: { ...backend.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ endUserId, locale }),
      })
      const text = await answer.text()
      assert.match(text, /\?connectionSessionToken=[A-Za-z0-9._~-]+&/)
      const cut = text.split('connectionSessionToken=')[1]?.split('&')[0] ?? ''
      assert.match(cut, SHAPE)
      assert.equal((await newPerson(world()).get(start(cut))).status, 303)
    }
  })

  it('that is malformed, changed or doubled opens nothing and breaks nothing [T014]', async () => {
    const { token } = await backendOf(world()).newSession()
    const rest = `dataSource=11&redirect_uri=${encodeURIComponent(APP_A)}`
    const other = (await backendOf(world()).newSession()).token
    const values = [
      '',
      'token',
      'token=',
      'token=%20',
      'token=null',
      `token=${token.slice(0, -1)}`,
      `token=${token}0`,
      `token=${token.toLowerCase()}`,
      `token=${token}%20`,
      `token=%20${token}`,
      `token=${token}%00`,
      `token=${token}%0A`,
      `token=${token.replace('X', '%58')}%C0%80`,
      `token=${token}%E2%80%8B`,
      `token=${token.slice(0, 16)}X${other.slice(17)}`,
      `token=${token.slice(0, -1)}${(Number(token.at(-1)) + 1) % 10}`,
      `token=${token.slice(0, 16)}Y${token.slice(17)}`,
      `token=${'9'.repeat(16)}X${token.slice(17)}`,
      `token=${token}&token=${token}`,
      `token=${token}&token=${other}`,
      `token[]=${token}`,
      `token[0]=${token}`,
      `Token=${token}`,
      `token=${'1'.repeat(7000)}`,
      'token=%ff',
      'token=%',
      `connectionSessionToken=${token}`,
    ]
    const before = await query(world(), 'select count(*) as n from attempts')
    for (const [i, value] of values.entries())
      for (const [page, more] of [
        ['dataSourceDirectConnection', ''],
        ['dataSourceDirectRevoke', '&direct=true'],
        ['dataSourceDirectRevoke', ''],
      ] as const) {
        const answer = await newPerson(world()).get(`/${page}.html?${value}&${rest}${more}`)
        assert.equal(answer.status, 403, `${page} ${i}: ${value.slice(0, 60)}`)
        assert.equal(answer.headers.get('location'), null)
      }
    for (const value of values.slice(0, 20)) {
      const widget = value.replaceAll('token', 'connectionSessionToken')
      assert.equal((await newPerson(world()).get(`/?${widget}`)).status, 403, widget)
    }
    assert.deepEqual(await query(world(), 'select count(*) as n from attempts'), before)
    assert.equal((await newPerson(world()).get(start(token))).status, 303)
  })

  it('and nothing else opens what it opens, nor does it open what others do [T008]', async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const callback = new URL(await person.consent(start(token)))
    const state = callback.searchParams.get('state') ?? ''
    const code = callback.searchParams.get('code') ?? ''
    const answered = await person.get(callback.href)
    const attempt = locationOf(answered).searchParams.get('attempt') ?? ''
    const { result } = await toldAfter(person, answered)
    const cookie = [...person.cookies.values()][0]?.split('.')[0] ?? ''
    const listed = await backend.api('GET', `/users/${endUserId}/connections`)
    const { data } = (await listed.json()) as { data: { id: string }[] } // our own API's list
    const connection = data[0]?.id ?? ''
    const others = {
      state,
      code,
      attempt,
      result,
      cookie,
      endUserId,
      connection,
      secret: 'app-a-secret',
      key: 'sbk_app-a',
    }

    for (const [name, value] of Object.entries(others)) {
      assert.equal((await newPerson(world()).get(start(value))).status, 403, `${name} as token`)
      if (name !== 'result')
        assert.equal((await backend.api('POST', `/results/${value}`)).status, 404, `${name} as result code`)
      if (name !== 'connection')
        assert.equal((await backend.api('GET', `/connections/${value}`)).status, 404, `${name} as connection`)
      if (name !== 'endUserId')
        assert.equal((await backend.api('GET', `/users/${value}`)).status, 403, `${name} as end user`)
      if (name !== 'key')
        assert.equal(
          (await backend.api('GET', '/data-sources', undefined, { Authorization: `Bearer ${value}` })).status,
          401,
          `${name} as key`,
        )
      if (name !== 'state') {
        const url = `/callback/strava?code=x&state=${encodeURIComponent(value)}`
        assert.equal((await person.get(url)).status, 400, `${name} as state`)
      }
    }
    for (const path of [`/results/${token}`, `/connections/${token}`])
      assert.equal((await backend.api(path.startsWith('/results') ? 'POST' : 'GET', path)).status, 404)
    assert.equal((await backend.api('GET', `/users/${token}`)).status, 403)
    assert.equal((await person.get(`/callback/strava?code=x&state=${token}`)).status, 400)
    assert.equal(
      (await backend.api('GET', '/data-sources', undefined, { Authorization: `Bearer ${token}` })).status,
      401,
    )
  })

  it('that is unknown, ended or malformed gets one and the same page [T009]', async () => {
    const backend = backendOf(world())
    const { token } = await backend.newSession()
    await backend.api('DELETE', `/sessions/${token.slice(0, 16)}`)
    const pages = new Set<string>()
    for (const value of [token, `1234567890123456X${'7'.repeat(39)}`, 'x', '']) {
      const answer = await newPerson(world()).get(start(value))
      const text = (await answer.text()).replaceAll(/[0-9A-Z]{5}-[0-9A-Z]{5}|nonce="[^"]+"/g, '')
      pages.add(`${answer.status} ${text}`)
    }
    assert.equal(pages.size, 1)
  })

  it('is guessed at only slowly: an address that fails too often waits, and others do not [T010, T133]', async () => {
    const guess = () => start(`1234567890123456X${'7'.repeat(39)}`)
    const headers = { 'x-test-address': 'the guesser' }
    const statuses: number[] = []
    let waiting: Response | undefined
    for (let i = 0; i < 200; i++) {
      const answer = await newPerson(world()).get(guess(), headers)
      statuses.push(answer.status)
      if (answer.status === 429) waiting = answer
      world().advance(50)
    }
    assert.equal(statuses[0], 403)
    assert.ok(statuses.filter((status) => status === 429).length >= 50)
    assert.match(waiting?.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    assert.match(await (waiting?.text() ?? ''), /That was a bit too fast/)
    const { token } = await backendOf(world()).newSession()
    assert.equal((await newPerson(world()).get(start(token))).status, 303, 'another address')
    assert.equal(
      (await newPerson(world()).get(start(token), headers)).status,
      303,
      'a good link from the same one',
    )
    world().advance(10_000)
    assert.equal(
      (await newPerson(world()).get(guess(), headers)).status,
      403,
      'and after a while it may err again',
    )
  })

  it('cannot be cut short by somebody else: ending a session takes its own application [T005, T019]', async () => {
    const { token } = await backendOf(world()).newSession()
    for (const application of ['app-a-staging', 'app-b'])
      assert.equal(
        (await backendOf(world(), application).api('DELETE', `/sessions/${token.slice(0, 16)}`)).status,
        404,
      )
    assert.equal((await newPerson(world()).get(start(token))).status, 303)
    assert.equal((await backendOf(world()).api('DELETE', `/sessions/${token.slice(0, 16)}`)).status, 204)
    assert.equal((await backendOf(world()).api('DELETE', `/sessions/${token.slice(0, 16)}`)).status, 404)
    assert.equal((await newPerson(world()).get(start(token))).status, 403)
  })
})
