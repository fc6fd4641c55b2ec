// Goal: the sandbox's phone does on its pages, and for scripts, everything that a phone can do to a pairing, rightly or
// wrongly. Method: a service that is a table of answers and remembers what it was asked.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestSandbox } from './harness.ts'

const CODE = 'BCDFG-HJKLN'

interface Asked {
  readonly path: string
  readonly authorization: string | null
  readonly body: { readonly code?: string; readonly status?: string; readonly permissions?: unknown }
}

/** A sandbox beside a service that takes one code once, and reports of one token. */
function besideService() {
  const asked: Asked[] = []
  let isSpent = false
  const answer = ({ path, authorization, body }: Asked) => {
    if (path === '/v1/device/report')
      return authorization === 'Bearer sbd_good' ? { status: 200, json: {} } : { status: 401, json: {} }
    if (body.code !== CODE || isSpent)
      return { status: 404, json: { detail: 'There is no such pairing code.' } }
    isSpent = true
    return { status: 200, json: { deviceToken: 'sbd_good' } }
  }
  const { app } = createTestSandbox({
    phone: { serviceUrl: 'https://service.example', applicationId: 'demo-app' },
    fetch: async (url, init) => {
      const one: Asked = {
        path: url.replace('https://service.example', ''),
        authorization: new Headers(init.headers).get('authorization'),
        body: JSON.parse(String(init.body)),
      }
      asked.push(one)
      const { status, json } = answer(one)
      return Response.json(json, { status })
    },
  })
  const press = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    app.request(path, { method: 'POST', headers, body: new URLSearchParams(fields) })
  const text = async (path: string) => (await app.request(path)).text()
  const api = async (path: string, body: unknown) => {
    const response = await app.request(`/_sandbox/phones${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    // As the control API answers.
    const json = (await response.json()) as {
      readonly phone: string | null
      readonly said: string
      readonly isConnected: boolean
    }
    return { status: response.status, ...json }
  }
  return { app, asked, press, text, api }
}

test('the page has a button for each thing, and says what makes no sense there', async () => {
  const { text } = besideService()
  const page = await text('/phone')
  for (const does of ['pair', 'wrong', 'twice']) assert.ok(page.includes(`value="${does}"`), does)
  for (const words of ['by the service’s clock', 'no vendor is asked', 'Nothing can be renewed'])
    assert.ok(page.includes(words), words)
  assert.ok((await text('/')).includes('<a href="/phone">A phone</a>'))
})

test('a wrong code is brought, and then the right one', async () => {
  const { press, asked, text } = besideService()
  const refused = await press('/phone', { code: CODE, do: 'wrong' })
  assert.equal(refused.status, 400)
  assert.match(await refused.text(), /The service said 404: There is no such pairing code\./)
  await press('/phone', { code: '', do: 'wrong' })
  assert.deepEqual(
    asked.map(({ body }) => body.code),
    ['BCDFG-HJKLB', 'BCDFG-HJKLM'],
  )
  assert.ok(!(await text('/phone')).includes('Phone 1'))
  const paired = await press('/phone', { code: CODE, do: 'pair', allow: 'READ_STEPS' })
  assert.equal(paired.status, 303)
  assert.match(await text('/phone'), /Phone 1<\/a>: paired/)
})

test('a second phone brings the same code, and the page says what came of it', async () => {
  const { press, text, asked } = besideService()
  const answer = await press('/phone', { code: CODE, do: 'twice' })
  const page = await text(answer.headers.get('location') ?? '')
  assert.match(page, /A second one brought the same code\. The service said 404/)
  assert.deepEqual(
    asked.map(({ body }) => body.code),
    [CODE, CODE],
  )
})

test('a paired phone reports, as somebody else too, disconnects, and gets lost', async () => {
  const { api, asked } = besideService()
  const { phone } = await api('', { code: CODE })
  assert.ok(phone)
  const reported = await api(`/${phone}`, { do: 'report', allow: ['READ_SLEEP', 'unknown'] })
  assert.deepEqual([reported.isConnected, reported.said], [true, 'Reported.'])
  assert.deepEqual(asked.at(-1)?.body.permissions, {
    granted: ['READ_SLEEP'],
    missing: ['READ_STEPS', 'READ_HEART_RATE'],
  })
  const stranger = await api(`/${phone}`, { do: 'stranger' })
  assert.match(stranger.said, /^The service said 401/)
  assert.equal(stranger.isConnected, true, 'the phone keeps its own token')
  const left = await api(`/${phone}`, { do: 'disconnect' })
  assert.equal(left.isConnected, false)
  assert.equal(asked.at(-1)?.body.status, 'disconnected')
  const before = asked.length
  assert.match((await api(`/${phone}`, { do: 'lose' })).said, /nobody was told/)
  assert.equal(asked.length, before)
})

test('a script sees the phones without their tokens, and gets a clear answer for what is none', async () => {
  const { api, app } = besideService()
  const wrong = await api('', { code: CODE, do: 'wrong' })
  assert.deepEqual([wrong.phone, wrong.status], [null, 200])
  await api('', { code: CODE })
  const list = await (await app.request('/_sandbox/phones')).text()
  assert.match(list, /"isConnected":true/)
  assert.ok(!list.includes('sbd_'))
  assert.equal((await api('/nobody', {})).status, 404)
  assert.equal((await api('', { code: CODE, do: 'explode' })).status, 400)
})

test('a page of another site presses nothing', async () => {
  const { press, asked } = besideService()
  const headers = { 'sec-fetch-site': 'cross-site' }
  assert.equal((await press('/phone', { code: CODE }, headers)).status, 403)
  assert.equal((await press('/phone/x', { do: 'disconnect' }, headers)).status, 403)
  assert.deepEqual(asked, [])
})
