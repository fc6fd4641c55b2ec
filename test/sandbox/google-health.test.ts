// Goal: the sandbox answers as Google does for Google Health. Method: requests to the app, no network.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sandbox } from '../../src/sandbox/index.ts'
import {
  authorizationUrl,
  basic,
  CHALLENGE,
  callbackOf,
  codeOf,
  createTestSandbox,
  get,
  type Parameters,
  partOf,
  post,
  redirectUriOf,
  textOf,
  VERIFIER,
} from './harness.ts'

const AUTHORIZE = 'accounts.google.com/o/oauth2/v2/auth'
const TOKEN = 'oauth2.googleapis.com/token'
const REVOKE = 'oauth2.googleapis.com/revoke'
const IDENTITY = 'health.googleapis.com/v4/users/me/identity'
const PROFILE = 'health.googleapis.com/v4/users/me/profile'
const health = (name: string) => `https://www.googleapis.com/auth/googlehealth.${name}`
const ACTIVITY = health('activity_and_fitness.readonly')
const SLEEP = health('sleep.readonly')
const DAY_MS = 86_400_000

const authorize = (more: Parameters = {}) =>
  authorizationUrl('google-health', AUTHORIZE, `${ACTIVITY} ${SLEEP}`, {
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    access_type: 'offline',
    prompt: 'consent',
    include_granted_scopes: 'true',
    ...more,
  })

const fields = (more: Parameters = {}) => ({
  grant_type: 'authorization_code',
  client_id: 'sandbox-google-health',
  client_secret: 'sandbox-google-health-secret',
  redirect_uri: redirectUriOf('google-health'),
  code_verifier: VERIFIER,
  ...more,
})

const exchange = async (sandbox: Sandbox, url: string, account?: string) =>
  (await post(sandbox, TOKEN, fields({ code: await codeOf(sandbox, url, account) }))).json

async function connect(sandbox: Sandbox, account?: string) {
  const json = await exchange(sandbox, authorize(), account)
  return { access: textOf(json, 'access_token'), refresh: textOf(json, 'refresh_token') }
}

const refresh = (sandbox: Sandbox, refreshToken: string) =>
  post(
    sandbox,
    TOKEN,
    fields({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      redirect_uri: '',
      code_verifier: '',
    }),
  )

test('the token answer has the fields of Google', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  assert.match(code, /^4\/0A[\w-]{72}$/, 'the slash has to survive the way through a URL')
  const { status, json } = await post(sandbox, TOKEN, fields({ code }))
  assert.equal(status, 200)
  const { access_token, refresh_token, ...rest } = json
  assert.match(String(access_token), /^ya29\.a0[\w-]{160}$/)
  assert.match(String(refresh_token), /^1\/\/0[\w-]{96}$/)
  assert.deepEqual(rest, { expires_in: 3_600, scope: `${ACTIVITY} ${SLEEP}`, token_type: 'Bearer' })
})

test('the callback names the issuer and the granted scopes', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(authorize(), { scopes: [SLEEP] })
  const { code, ...rest } = Object.fromEntries(callbackOf(location))
  assert.ok(code)
  assert.deepEqual(rest, {
    state: 'a-state-of-some-length',
    iss: 'https://accounts.google.com',
    scope: SLEEP,
    authuser: '0',
    prompt: 'consent',
  })
})

test('a cancel names the issuer too', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(authorize(), { decision: 'cancel' })
  assert.deepEqual(Object.fromEntries(callbackOf(location)), {
    error: 'access_denied',
    state: 'a-state-of-some-length',
    iss: 'https://accounts.google.com',
  })
})

test('with openid asked for, unticking every health scope leaves a grant without health data', async () => {
  const sandbox = createTestSandbox()
  const url = authorize({ scope: `openid ${SLEEP}` })
  const { location } = await sandbox.control.consent(url, { scopes: [] })
  const json = (await post(sandbox, TOKEN, fields({ code: callbackOf(location).get('code') ?? '' }))).json
  assert.equal(json.scope, 'openid')
  assert.equal((await get(sandbox, IDENTITY, textOf(json, 'access_token'))).status, 403)
})

test('the account is found by a call of its own', async () => {
  const sandbox = createTestSandbox()
  const { access } = await connect(sandbox)
  const { status, json } = await get(sandbox, IDENTITY, access)
  assert.equal(status, 200)
  assert.deepEqual(json, {
    name: 'users/me/identity',
    legacyUserId: '9ZK2QX',
    healthUserId: '108830412765091122001',
  })
})

for (const [name, change, message] of [
  ['an unknown client', { client_id: 'nobody' }, 'Error 401: invalid_client'],
  ['a missing client', { client_id: '' }, 'Missing required parameter: client_id'],
  ['another redirect URI', { redirect_uri: 'http://localhost:8080/' }, 'redirect_uri_mismatch'],
  ['a missing redirect URI', { redirect_uri: '' }, 'Missing required parameter: redirect_uri'],
  ['an unknown scope', { scope: health('everything') }, 'invalid_scope'],
  ['a missing scope', { scope: '' }, 'Missing required parameter: scope'],
  ['a missing response type', { response_type: '' }, 'response_type'],
] as const) {
  test(`${name} is shown on the page and never redirected`, async () => {
    const sandbox = createTestSandbox()
    const { status, text, headers } = await get(sandbox, authorize(change).slice('https://'.length))
    assert.equal(status, 400)
    assert.equal(headers.get('location'), null)
    assert.ok(text.includes(message))
  })
}

for (const [name, change, status, error, description] of [
  [
    'a missing client',
    { client_id: '' },
    400,
    'invalid_request',
    'Could not determine client ID from request.',
  ],
  ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client', 'The OAuth client was not found.'],
  [
    'a wrong secret',
    { client_secret: 'wrong' },
    401,
    'invalid_client',
    'The provided client secret is invalid.',
  ],
  [
    'a missing grant type',
    { grant_type: '' },
    400,
    'invalid_request',
    'Required parameter is missing: grant_type',
  ],
  ['an unknown grant type', { grant_type: 'x' }, 400, 'unsupported_grant_type', 'Invalid grant_type: x'],
  ['a missing code', { code: '' }, 400, 'invalid_request', 'Missing required parameter: code'],
  ['an invented code', { code: 'abc' }, 400, 'invalid_grant', 'Malformed auth code.'],
  ['a missing redirect URI', { redirect_uri: '' }, 400, 'invalid_request', 'Missing parameter: redirect_uri'],
  ['another redirect URI', { redirect_uri: 'http://x/' }, 400, 'redirect_uri_mismatch', 'Bad Request'],
  ['a missing verifier', { code_verifier: '' }, 400, 'invalid_grant', 'Missing code verifier.'],
  ['another verifier', { code_verifier: `${VERIFIER}x` }, 400, 'invalid_grant', 'Invalid code verifier.'],
] as const) {
  test(`the token endpoint refuses ${name} in Google's words`, async () => {
    const sandbox = createTestSandbox()
    const code = await codeOf(sandbox, authorize())
    const answer = await post(sandbox, TOKEN, fields({ code, ...change }))
    assert.equal(answer.status, status)
    assert.deepEqual(answer.json, { error, error_description: description })
  })
}

test('a verifier that nobody asked for is refused', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize({ code_challenge: '', code_challenge_method: '' }))
  const answer = await post(sandbox, TOKEN, fields({ code }))
  assert.deepEqual(answer.json, {
    error: 'invalid_grant',
    error_description: 'code_verifier or verifier is not needed.',
  })
})

test('Basic credentials are taken too', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  const body = fields({ code, client_id: '', client_secret: '' })
  const answer = await post(sandbox, TOKEN, body, { authorization: basic('google-health') })
  assert.equal(answer.status, 200)
})

test('a code lives for ten minutes and works once', async () => {
  const sandbox = createTestSandbox()
  const [early, late] = [await codeOf(sandbox, authorize()), await codeOf(sandbox, authorize())]
  const refused = { error: 'invalid_grant', error_description: 'Bad Request' }
  assert.equal((await post(sandbox, TOKEN, fields({ code: early }))).status, 200)
  assert.deepEqual((await post(sandbox, TOKEN, fields({ code: early }))).json, refused)
  sandbox.control.advance(600_000)
  assert.deepEqual((await post(sandbox, TOKEN, fields({ code: late }))).json, refused)
})

test('a refresh gives an access token and no refresh token', async () => {
  const sandbox = createTestSandbox()
  const { access, refresh: refreshToken } = await connect(sandbox)
  for (let round = 0; round < 2; round += 1) {
    const { status, json } = await refresh(sandbox, refreshToken)
    assert.equal(status, 200)
    const { access_token, ...rest } = json
    assert.notEqual(access_token, access)
    assert.deepEqual(rest, { expires_in: 3_600, scope: `${ACTIVITY} ${SLEEP}`, token_type: 'Bearer' })
  }
})

test('a second consent gives a refresh token only with prompt=consent', async () => {
  const sandbox = createTestSandbox()
  assert.ok((await exchange(sandbox, authorize({ prompt: '' }))).refresh_token)
  assert.equal((await exchange(sandbox, authorize({ prompt: '' }))).refresh_token, undefined)
  assert.ok((await exchange(sandbox, authorize({ prompt: '' }), 'kim')).refresh_token, 'another account')
  assert.ok((await exchange(sandbox, authorize())).refresh_token)
})

test('without access_type=offline there is no refresh token', async () => {
  const sandbox = createTestSandbox()
  assert.equal((await exchange(sandbox, authorize({ access_type: '' }))).refresh_token, undefined)
})

test('include_granted_scopes adds what was granted before', async () => {
  const sandbox = createTestSandbox()
  await exchange(sandbox, authorize({ scope: ACTIVITY }))
  const added = await exchange(sandbox, authorize({ scope: SLEEP }))
  assert.equal(added.scope, `${ACTIVITY} ${SLEEP}`)
  const alone = await exchange(sandbox, authorize({ scope: SLEEP, include_granted_scopes: '' }))
  assert.equal(alone.scope, SLEEP)
})

test('a refresh token dies after six months without use', async () => {
  const sandbox = createTestSandbox()
  const { refresh: refreshToken } = await connect(sandbox)
  sandbox.control.advance(179 * DAY_MS)
  assert.equal((await refresh(sandbox, refreshToken)).status, 200)
  sandbox.control.advance(179 * DAY_MS)
  assert.equal((await refresh(sandbox, refreshToken)).status, 200)
  sandbox.control.advance(180 * DAY_MS)
  const answer = await refresh(sandbox, refreshToken)
  assert.equal(answer.status, 400)
  assert.deepEqual(answer.json, {
    error: 'invalid_grant',
    error_description: 'Token has been expired or revoked.',
  })
})

for (const which of ['access', 'refresh'] as const) {
  test(`revoking with the ${which} token, without client authentication, ends every token of the account`, async () => {
    const sandbox = createTestSandbox()
    const first = await connect(sandbox)
    const second = await connect(sandbox)
    const other = await connect(sandbox, 'kim')
    const answer = await post(sandbox, REVOKE, { token: first[which] })
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.json, {})
    assert.equal((await get(sandbox, IDENTITY, second.access)).status, 401)
    assert.equal((await refresh(sandbox, second.refresh)).json.error, 'invalid_grant')
    assert.equal((await get(sandbox, IDENTITY, other.access)).status, 200)
    const again = await post(sandbox, REVOKE, { token: first[which] })
    assert.equal(again.status, 400)
    assert.deepEqual(again.json, { error: 'invalid_token', error_description: 'Token expired or revoked' })
  })
}

test('revoking without a token is an error', async () => {
  assert.equal((await post(createTestSandbox(), REVOKE, {})).json.error, 'invalid_request')
})

test("data is refused in the words of Google's APIs", async () => {
  const sandbox = createTestSandbox()
  const { access } = await connect(sandbox)
  const forbidden = await get(sandbox, PROFILE, access)
  assert.equal(forbidden.status, 403)
  assert.equal(partOf(forbidden.json, 'error').status, 'PERMISSION_DENIED')
  sandbox.control.advance(3_600_000)
  const expired = await get(sandbox, IDENTITY, access)
  assert.equal(expired.status, 401)
  assert.equal(partOf(expired.json, 'error').status, 'UNAUTHENTICATED')
})
