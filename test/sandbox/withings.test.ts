// Goal: the sandbox answers as Withings does, also where it says no. Method: requests to the app, no network.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sandbox } from '../../src/sandbox/index.ts'
import {
  authorizationUrl,
  basic,
  callbackOf,
  codeOf,
  createTestSandbox,
  get,
  type Parameters,
  partOf,
  post,
  redirectUriOf,
  START_SECONDS,
  signed,
  textOf,
} from './harness.ts'

const AUTHORIZE = 'account.withings.com/oauth2_user/authorize2'
const OAUTH2 = 'wbsapi.withings.net/v2/oauth2'
const SIGNATURE = 'wbsapi.withings.net/v2/signature'
const DEVICES = 'wbsapi.withings.net/v2/user'
const HOUR_MS = 3_600_000

const authorize = (more: Parameters = {}) =>
  authorizationUrl('withings', AUTHORIZE, 'user.info,user.metrics', more)

const fields = (more: Parameters = {}) => ({
  action: 'requesttoken',
  grant_type: 'authorization_code',
  client_id: 'sandbox-withings',
  client_secret: 'sandbox-withings-secret',
  redirect_uri: redirectUriOf('withings'),
  ...more,
})

const refusal = (status: number, error: string) => ({ status, body: {}, error })
const invalid = (parameter: string) => refusal(503, `Invalid Params: invalid ${parameter}`)

async function connect(sandbox: Sandbox, account?: string) {
  const code = await codeOf(sandbox, authorize(), account)
  const body = partOf((await post(sandbox, OAUTH2, fields({ code }))).json, 'body')
  return { access: textOf(body, 'access_token'), refresh: textOf(body, 'refresh_token') }
}

const refresh = (sandbox: Sandbox, refreshToken: string) =>
  post(
    sandbox,
    OAUTH2,
    fields({ grant_type: 'refresh_token', refresh_token: refreshToken, redirect_uri: '' }),
  )

async function devices(sandbox: Sandbox, access: string) {
  const answer = await post(sandbox, DEVICES, { action: 'getdevice' }, { authorization: `Bearer ${access}` })
  assert.equal(answer.status, 200)
  return answer.json.status
}

async function nonce(sandbox: Sandbox): Promise<string> {
  const call = { action: 'getnonce', client_id: 'sandbox-withings', timestamp: String(START_SECONDS) }
  const { json } = await post(sandbox, SIGNATURE, signed(call, ['action', 'client_id', 'timestamp']))
  assert.equal(json.status, 0)
  return textOf(partOf(json, 'body'), 'nonce')
}

async function revocation(sandbox: Sandbox, more: Parameters = {}) {
  const call = {
    action: 'revoke',
    client_id: 'sandbox-withings',
    nonce: await nonce(sandbox),
    userid: '18402201',
    ...more,
  }
  return signed(call, ['action', 'client_id', 'nonce'])
}

test('the token answer stands in an envelope with HTTP 200', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  const { status, json } = await post(sandbox, OAUTH2, fields({ code }))
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(json), ['status', 'body'])
  assert.equal(json.status, 0)
  const { access_token, refresh_token, csrf_token, ...rest } = partOf(json, 'body')
  assert.match(String(access_token), /^[0-9a-f]{40}$/)
  assert.match(String(refresh_token), /^[0-9a-f]{40}$/)
  assert.match(String(csrf_token), /^[\w-]{32}$/)
  assert.deepEqual(rest, {
    userid: 18402201,
    scope: 'user.info,user.metrics',
    expires_in: 10_800,
    token_type: 'Bearer',
  })
})

test('the account id can be a text', async () => {
  const sandbox = createTestSandbox()
  sandbox.control.setSwitches('withings', { userIdAs: 'string' })
  const code = await codeOf(sandbox, authorize())
  const { json } = await post(sandbox, OAUTH2, fields({ code }))
  assert.equal(partOf(json, 'body').userid, '18402201')
})

test('scopes that were unticked are missing in the token answer', async () => {
  const sandbox = createTestSandbox()
  const { location } = await sandbox.control.consent(authorize(), { scopes: ['user.metrics'] })
  const code = callbackOf(location).get('code') ?? ''
  const { json } = await post(sandbox, OAUTH2, fields({ code }))
  assert.equal(partOf(json, 'body').scope, 'user.metrics')
})

test('a cancel comes back as access_denied with the state', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(authorize(), { decision: 'cancel' })
  assert.deepEqual(Object.fromEntries(callbackOf(location)), {
    error: 'access_denied',
    state: 'a-state-of-some-length',
  })
})

for (const [name, change, message] of [
  ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
  ['a missing state', { state: '' }, 'The state parameter is required'],
  ['a longer redirect URI', { redirect_uri: `${redirectUriOf('withings')}/more` }, 'redirect_uri_mismatch'],
  ['a missing redirect URI', { redirect_uri: '' }, 'redirect_uri_mismatch'],
  ['scopes with spaces', { scope: 'user.info user.metrics' }, 'invalid_scope'],
] as const) {
  test(`${name} is shown on the page and never redirected`, async () => {
    const sandbox = createTestSandbox()
    const { status, text, headers } = await get(sandbox, authorize(change).slice('https://'.length))
    assert.equal(status, 400)
    assert.equal(headers.get('location'), null)
    assert.ok(text.includes(message))
  })
}

for (const uri of ['http://localhost:8080/cb', 'https://192.0.2.7/cb', 'https://[2001:db8::1]/cb']) {
  test(`a strict Withings takes no localhost and no address, even when registered: ${uri}`, async () => {
    const client = { vendor: 'withings', clientId: 'c', clientSecret: 's', redirectUris: [uri] }
    const { control } = createTestSandbox({ clients: [client], switches: {} })
    const url = authorize({ client_id: 'c', redirect_uri: uri })
    assert.equal((await control.consent(url)).location, null)
    control.setSwitches('withings', { allowLocalhost: true })
    assert.notEqual((await control.consent(url)).location, null)
  })
}

for (const [name, change, body] of [
  ['a missing action', { action: '' }, refusal(2554, 'Not implemented')],
  ['an unknown action', { action: 'gettoken' }, refusal(2554, 'Not implemented')],
  ['a missing client', { client_id: '' }, invalid('client_id')],
  ['an unknown client', { client_id: 'nobody' }, invalid('client_id')],
  ['a wrong secret', { client_secret: 'wrong' }, invalid('client_secret')],
  ['a missing grant type', { grant_type: '' }, invalid('grant_type')],
  ['a missing code', { code: '' }, invalid('code')],
  ['an invented code', { code: 'abc' }, invalid('code')],
  ['a missing redirect URI', { redirect_uri: '' }, invalid('redirect_uri')],
  ['another redirect URI', { redirect_uri: 'http://localhost:8080/' }, invalid('redirect_uri')],
] as const) {
  test(`the token endpoint refuses ${name} with HTTP 200 and a status of its own`, async () => {
    const sandbox = createTestSandbox()
    const code = await codeOf(sandbox, authorize())
    const answer = await post(sandbox, OAUTH2, fields({ code, ...change }))
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.json, body)
  })
}

test('credentials in a Basic header count as missing', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  const body = fields({ code, client_id: '', client_secret: '' })
  const answer = await post(sandbox, OAUTH2, body, { authorization: basic('withings') })
  assert.deepEqual(answer.json, invalid('client_id'))
})

test('a code lives for thirty seconds', async () => {
  const sandbox = createTestSandbox()
  const [early, late] = [await codeOf(sandbox, authorize()), await codeOf(sandbox, authorize())]
  sandbox.control.advance(29_999)
  assert.equal((await post(sandbox, OAUTH2, fields({ code: early }))).json.status, 0)
  sandbox.control.advance(1)
  assert.deepEqual((await post(sandbox, OAUTH2, fields({ code: late }))).json, invalid('code'))
})

test('a code works once', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  assert.equal((await post(sandbox, OAUTH2, fields({ code }))).json.status, 0)
  assert.deepEqual((await post(sandbox, OAUTH2, fields({ code }))).json, invalid('code'))
})

test('with burnCodeOnFailedTry a failed try spends the code', async () => {
  const sandbox = createTestSandbox()
  sandbox.control.setSwitches('withings', { burnCodeOnFailedTry: true })
  const code = await codeOf(sandbox, authorize())
  await post(sandbox, OAUTH2, fields({ code, redirect_uri: 'http://localhost:8080/' }))
  assert.deepEqual((await post(sandbox, OAUTH2, fields({ code }))).json, invalid('code'))
})

test('a nonce and a signature do instead of the secret', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  const call = fields({ code, client_secret: '', nonce: await nonce(sandbox) })
  const { json } = await post(sandbox, OAUTH2, signed(call, ['action', 'client_id', 'nonce']))
  assert.equal(json.status, 0)
})

test('a refresh rotates, and the old refresh token works for eight more hours', async () => {
  const sandbox = createTestSandbox()
  const first = await connect(sandbox)
  const second = partOf((await refresh(sandbox, first.refresh)).json, 'body')
  assert.notEqual(second.refresh_token, first.refresh)
  assert.equal(second.userid, 18402201)
  sandbox.control.advance(8 * HOUR_MS - 1)
  assert.equal((await refresh(sandbox, first.refresh)).json.status, 0)
  sandbox.control.advance(1)
  assert.deepEqual((await refresh(sandbox, first.refresh)).json, invalid('refresh_token'))
})

test('the old refresh token ends earlier when the new access token is used', async () => {
  const sandbox = createTestSandbox()
  const first = await connect(sandbox)
  const second = partOf((await refresh(sandbox, first.refresh)).json, 'body')
  assert.equal(await devices(sandbox, textOf(second, 'access_token')), 0)
  assert.deepEqual((await refresh(sandbox, first.refresh)).json, invalid('refresh_token'))
  assert.equal((await refresh(sandbox, textOf(second, 'refresh_token'))).json.status, 0)
})

test('a refresh token lives for a year', async () => {
  const sandbox = createTestSandbox()
  const { refresh: refreshToken } = await connect(sandbox)
  sandbox.control.advance(365 * 24 * HOUR_MS)
  assert.deepEqual((await refresh(sandbox, refreshToken)).json, invalid('refresh_token'))
})

test('data needs a live access token and the scope, and says so with HTTP 200', async () => {
  const sandbox = createTestSandbox()
  const { access } = await connect(sandbox)
  assert.equal(await devices(sandbox, access), 0)
  const measures = await get(sandbox, 'wbsapi.withings.net/measure?action=getmeas', access)
  assert.equal(measures.json.status, 0)
  const { location } = await sandbox.control.consent(authorize(), {
    account: 'kim',
    scopes: ['user.metrics'],
  })
  const code = callbackOf(location).get('code') ?? ''
  const body = partOf((await post(sandbox, OAUTH2, fields({ code }))).json, 'body')
  assert.equal(await devices(sandbox, textOf(body, 'access_token')), 403)
  sandbox.control.advance(3 * HOUR_MS)
  assert.equal(await devices(sandbox, access), 401)
})

test('a signed revocation ends every token of the account, without sending one', async () => {
  const sandbox = createTestSandbox()
  const first = await connect(sandbox)
  const other = await connect(sandbox, 'kim')
  const { status, json } = await post(sandbox, OAUTH2, await revocation(sandbox))
  assert.equal(status, 200)
  assert.deepEqual(json, { status: 0, body: {} })
  assert.equal(await devices(sandbox, first.access), 401)
  assert.deepEqual((await refresh(sandbox, first.refresh)).json, invalid('refresh_token'))
  assert.equal(await devices(sandbox, other.access), 0)
})

test('revoking what is gone already is a success', async () => {
  const sandbox = createTestSandbox()
  assert.equal((await post(sandbox, OAUTH2, await revocation(sandbox))).json.status, 0)
})

test('a nonce works once', async () => {
  const sandbox = createTestSandbox()
  await connect(sandbox)
  const call = await revocation(sandbox)
  assert.equal((await post(sandbox, OAUTH2, call)).json.status, 0)
  assert.deepEqual((await post(sandbox, OAUTH2, call)).json, invalid('nonce'))
})

test('a nonce lives for thirty minutes', async () => {
  const sandbox = createTestSandbox()
  const call = await revocation(sandbox)
  sandbox.control.advance(30 * 60_000)
  assert.deepEqual((await post(sandbox, OAUTH2, call)).json, invalid('nonce'))
})

for (const [name, change, body] of [
  ['an invented nonce', { nonce: 'abc' }, invalid('nonce')],
  ['a missing nonce', { nonce: '' }, invalid('nonce')],
  ['an unknown user', { userid: '1' }, invalid('userid')],
  ['a missing user', { userid: '' }, invalid('userid')],
] as const) {
  test(`a revocation with ${name} is refused and ends nothing`, async () => {
    const sandbox = createTestSandbox()
    const { access } = await connect(sandbox)
    const answer = await post(sandbox, OAUTH2, await revocation(sandbox, change))
    assert.deepEqual(answer.json, body)
    assert.equal(await devices(sandbox, access), 0)
  })
}

for (const [name, change] of [
  ['missing', { signature: '' }],
  ['made with another secret', { signature: 'f'.repeat(64) }],
  ['in upper case', { signature: 'upper' }],
] as const) {
  test(`a revocation whose signature is ${name} is refused, and the nonce stays good`, async () => {
    const sandbox = createTestSandbox()
    const call = await revocation(sandbox)
    const signature = change.signature === 'upper' ? call.signature.toUpperCase() : change.signature
    assert.deepEqual((await post(sandbox, OAUTH2, { ...call, signature })).json, invalid('signature'))
    assert.equal((await post(sandbox, OAUTH2, call)).json.status, 0)
  })
}

for (const [name, change, body] of [
  ['an unknown client', { client_id: 'nobody' }, invalid('client_id')],
  ['a missing timestamp', { timestamp: '' }, invalid('timestamp')],
  ['a timestamp that is no number', { timestamp: 'now' }, invalid('timestamp')],
  ['another action', { action: 'nonce' }, refusal(2554, 'Not implemented')],
] as const) {
  test(`no nonce is given for ${name}`, async () => {
    const sandbox = createTestSandbox()
    const call = {
      action: 'getnonce',
      client_id: 'sandbox-withings',
      timestamp: String(START_SECONDS),
      ...change,
    }
    const answer = await post(sandbox, SIGNATURE, signed(call, ['action', 'client_id', 'timestamp']))
    assert.deepEqual(answer.json, body)
  })
}
