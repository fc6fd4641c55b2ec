// Goal: the control API shows and sets what the control does, within bounds. Method: JSON requests to the app.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts'
import {
  authorizationUrl,
  codeOf,
  createRepeatableRandom,
  createTestSandbox,
  get,
  post,
  START_MS,
  textOf,
} from './harness.ts'

const TOKEN = 'www.strava.com/oauth/token'
const URL_TEXT = authorizationUrl('strava', 'www.strava.com/oauth/authorize', 'read')
const CREDENTIALS = { client_id: 'sandbox-strava', client_secret: 'sandbox-strava-secret' }

async function call(sandbox: Sandbox, method: string, path: string, body?: unknown, headers = {}) {
  const response = await sandbox.app.request(`/_sandbox/${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? null : JSON.parse(text) }
}

const connect = async (sandbox: Sandbox) =>
  (
    await post(sandbox, TOKEN, {
      ...CREDENTIALS,
      grant_type: 'authorization_code',
      code: await codeOf(sandbox, URL_TEXT),
    })
  ).json

test('calls are recorded with what was sent, and can be filtered and forgotten', async () => {
  const sandbox = createTestSandbox()
  await connect(sandbox)
  const tokens = await call(sandbox, 'GET', 'calls?vendor=strava&operation=token')
  assert.equal(tokens.json.calls.length, 1)
  const [recorded] = tokens.json.calls
  assert.equal(recorded.url, TOKEN)
  assert.equal(recorded.method, 'POST')
  assert.equal(recorded.status, 200)
  assert.equal(recorded.atMs, START_MS)
  assert.equal(recorded.parameters.client_secret, 'sandbox-strava-secret')
  assert.deepEqual((await call(sandbox, 'GET', 'calls?operation=refresh')).json, { calls: [] })
  assert.deepEqual((await call(sandbox, 'GET', 'calls?vendor=fitbit')).json, { calls: [] })
  assert.equal((await call(sandbox, 'GET', 'calls')).json.calls.length, 2)
  assert.equal((await call(sandbox, 'DELETE', 'calls')).status, 204)
  assert.deepEqual((await call(sandbox, 'GET', 'calls')).json, { calls: [] })
})

test('a refresh counts as a refresh, not as a token call', async () => {
  const sandbox = createTestSandbox()
  const json = await connect(sandbox)
  const refreshToken = textOf(json, 'refresh_token')
  await post(sandbox, TOKEN, { ...CREDENTIALS, grant_type: 'refresh_token', refresh_token: refreshToken })
  assert.equal(sandbox.control.calls({ operation: 'token' }).length, 1)
  assert.equal(sandbox.control.calls({ operation: 'refresh' }).length, 1)
})

test('only the last thousand calls are kept', async () => {
  const sandbox = createTestSandbox()
  for (let count = 0; count < 1_001; count += 1) await post(sandbox, TOKEN, { code: String(count) })
  const calls = sandbox.control.calls()
  assert.equal(calls.length, 1_000)
  assert.deepEqual(calls[0]?.parameters, { code: '1' })
})

test('a fault can be ordered, seen and cleared', async () => {
  const sandbox = createTestSandbox()
  const order = { vendor: 'strava', operation: 'token', times: 2, fault: { kind: 'status', status: 503 } }
  const made = await call(sandbox, 'POST', 'faults', order)
  assert.equal(made.status, 201)
  assert.deepEqual(made.json, { ...order, carryOut: false, code: null, id: made.json.id })
  assert.equal((await call(sandbox, 'GET', 'faults')).json.faults.length, 1)
  assert.equal((await call(sandbox, 'DELETE', 'faults')).status, 204)
  assert.deepEqual((await call(sandbox, 'GET', 'faults')).json, { faults: [] })
})

test('a grant is listed, and revoking it ends its tokens as the person would', async () => {
  const sandbox = createTestSandbox()
  const json = await connect(sandbox)
  const { grants } = (await call(sandbox, 'GET', 'grants')).json
  assert.equal(grants.length, 1)
  assert.equal(grants[0].account, 'robin')
  assert.equal(grants[0].ended, null)
  assert.equal((await call(sandbox, 'POST', `grants/${grants[0].id}/revoke`)).status, 204)
  assert.equal((await call(sandbox, 'POST', `grants/${grants[0].id}/revoke`)).status, 404)
  const athlete = await get(sandbox, 'www.strava.com/api/v3/athlete', textOf(json, 'access_token'))
  assert.equal(athlete.status, 401)
  const ended = (await call(sandbox, 'GET', 'grants')).json.grants[0].ended
  assert.deepEqual(ended, { atMs: START_MS, by: 'person' })
})

test('a code of a grant that was revoked in between is refused', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, URL_TEXT)
  const [grant] = sandbox.control.grants()
  assert.equal(sandbox.control.revokeGrant(grant?.id ?? ''), true)
  const answer = await post(sandbox, TOKEN, { ...CREDENTIALS, grant_type: 'authorization_code', code })
  assert.equal(answer.status, 400)
})

test('the vendor tells what it knows about a token', async () => {
  const sandbox = createTestSandbox()
  const json = await connect(sandbox)
  const state = async (token: string) => (await call(sandbox, 'POST', 'tokens', { token })).json.state
  const access = textOf(json, 'access_token')
  assert.equal(await state(access), 'live')
  assert.equal(await state('invented'), 'unknown')
  sandbox.control.advance(21_600_000)
  assert.equal(await state(access), 'expired')
  sandbox.control.revokeGrant(sandbox.control.grants()[0]?.id ?? '')
  assert.equal(await state(access), 'ended')
  assert.deepEqual(sandbox.control.token(textOf(json, 'refresh_token'))?.scopes, ['read'])
})

test('the clock stands where it was given and moves when told', async () => {
  const sandbox = createTestSandbox()
  assert.deepEqual((await call(sandbox, 'GET', 'clock')).json, { nowMs: START_MS })
  const moved = await call(sandbox, 'POST', 'clock', { advanceMs: 90_000 })
  assert.deepEqual(moved.json, { nowMs: START_MS + 90_000 })
})

test('switches are seen and set for one vendor', async () => {
  const sandbox = createTestSandbox()
  const changed = await call(sandbox, 'PATCH', 'vendors/withings', { userIdAs: 'string' })
  assert.equal(changed.status, 200)
  assert.equal(changed.json.userIdAs, 'string')
  assert.equal(changed.json.allowLocalhost, true)
  const { vendors } = (await call(sandbox, 'GET', 'vendors')).json
  assert.deepEqual(
    vendors
      .filter(({ protocol }: { protocol: string }) => protocol === 'oauth2')
      .map((vendor: { key: string; switches: { userIdAs: string } }) => [
        vendor.key,
        vendor.switches.userIdAs,
      ]),
    [
      ['strava', 'number'],
      ['withings', 'string'],
      ['fitbit', 'string'],
      ['google-health', 'string'],
    ],
  )
})

test('lifetimes can be made shorter', async () => {
  const sandbox = createTestSandbox()
  await call(sandbox, 'PATCH', 'vendors/strava', { accessTokenLifetimeSeconds: 60, codeLifetimeSeconds: 5 })
  assert.equal((await connect(sandbox)).expires_in, 60)
  const code = await codeOf(sandbox, URL_TEXT)
  sandbox.control.advance(5_000)
  assert.equal(
    (await post(sandbox, TOKEN, { ...CREDENTIALS, grant_type: 'authorization_code', code })).status,
    400,
  )
})

test('a reset brings everything back to the start', async () => {
  const sandbox = createTestSandbox()
  const json = await connect(sandbox)
  sandbox.control.addFault({ vendor: 'strava', operation: 'token', fault: { kind: 'html' } })
  sandbox.control.setSwitches('withings', { allowLocalhost: false, userIdAs: 'string' })
  sandbox.control.advance(1_000)
  assert.equal((await call(sandbox, 'POST', 'reset')).status, 204)
  assert.deepEqual(sandbox.control.calls(), [])
  assert.deepEqual(sandbox.control.faults(), [])
  assert.deepEqual(sandbox.control.grants(), [])
  assert.equal(sandbox.control.token(textOf(json, 'access_token')), null)
  assert.equal(sandbox.control.nowMs(), START_MS)
  assert.equal(sandbox.control.switches('withings').allowLocalhost, true, 'as it was given at the start')
  assert.equal(sandbox.control.switches('withings').userIdAs, 'number')
})

for (const [name, method, path, body] of [
  ['a body that is no JSON', 'POST', 'faults', '{'],
  ['an unknown field', 'POST', 'clock', { advanceMs: 1, more: true }],
  ['a step backwards', 'POST', 'clock', { advanceMs: -1 }],
  ['a step of a thousand years', 'POST', 'clock', { advanceMs: 31_556_952_000_000 }],
  ['an unknown switch', 'PATCH', 'vendors/strava', { strict: false }],
  ['an unknown vendor', 'PATCH', 'vendors/nobody', { userIdAs: 'string' }],
  [
    'an unknown vendor of a fault',
    'POST',
    'faults',
    { vendor: 'x', operation: 'token', fault: { kind: 'html' } },
  ],
  ['an unknown operation', 'GET', 'calls?operation=everything', undefined],
  ['a token that is too long', 'POST', 'tokens', { token: 'x'.repeat(3_000) }],
  ['a body that is too long', 'POST', 'tokens', { token: 'x'.repeat(70_000) }],
] as const) {
  test(`${name} gets a clear 400`, async () => {
    const sandbox = createTestSandbox()
    const answer = await call(sandbox, method, path, body)
    assert.equal(answer.status, 400)
    assert.equal(answer.json.error.code, 'invalid_request')
    assert.ok(answer.json.error.message.length > 10)
    assert.equal(sandbox.control.nowMs(), START_MS)
  })
}

test('a form of a foreign page can change nothing', async () => {
  const sandbox = createTestSandbox()
  await connect(sandbox)
  const plain = await call(sandbox, 'POST', 'clock', '{"advanceMs":1}', { 'content-type': 'text/plain' })
  assert.equal(plain.status, 400)
  const foreign = await call(sandbox, 'POST', 'reset', undefined, { 'sec-fetch-site': 'cross-site' })
  assert.equal(foreign.status, 403)
  assert.equal(sandbox.control.nowMs(), START_MS)
  assert.equal(sandbox.control.grants().length, 1)
})

for (const [name, method, path, status] of [
  ['a host that is not played', 'GET', '/api.example.com/token', 404],
  ['an unknown path of a known host', 'GET', '/www.strava.com/', 404],
  ['an unknown control path', 'GET', '/_sandbox/nothing', 404],
  ['a GET of a token endpoint', 'GET', `/${TOKEN}`, 405],
] as const) {
  test(`${name} is answered with ${status}`, async () => {
    const response = await createTestSandbox().app.request(path, { method })
    assert.equal(response.status, status)
  })
}

test('a body that is too long is refused before it is read whole', async () => {
  const sandbox = createTestSandbox()
  const answer = await post(sandbox, TOKEN, { ...CREDENTIALS, code: 'x'.repeat(70_000) })
  assert.equal(answer.status, 413)
  assert.deepEqual(sandbox.control.calls(), [])
})

test('a JSON body at a token endpoint counts as empty', async () => {
  const response = await createTestSandbox().app.request(`/${TOKEN}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...CREDENTIALS, grant_type: 'authorization_code', code: 'x' }),
  })
  assert.equal(response.status, 400)
  assert.match(await response.text(), /client_id/)
})

test('two sandboxes with the same clock and the same randomness do the same', async () => {
  const story = async (seed: string) => {
    const sandbox = createTestSandbox({ random: createRepeatableRandom(seed) })
    const first = await connect(sandbox)
    return JSON.stringify([first, sandbox.control.grants(), sandbox.control.calls()])
  }
  assert.equal(await story('a'), await story('a'))
  assert.notEqual(await story('a'), await story('b'))
})

test('the clock is asked anew each time', async () => {
  let nowMs = START_MS
  const { control } = createTestSandbox({ now: () => nowMs })
  nowMs += 5_000
  assert.equal(control.nowMs(), START_MS + 5_000)
})

test('a client of a vendor that is not played is an error at the start', () => {
  assert.throws(
    () =>
      createSandbox({
        now: () => START_MS,
        random: createRepeatableRandom(),
        clients: [{ vendor: 'nobody', clientId: 'c', clientSecret: 's', redirectUris: [] }],
      }),
    /nobody/,
  )
})
