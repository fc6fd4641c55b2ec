// Goal: the sandbox answers as Fitbit's legacy Web API does. Method: requests to the app, no network.
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
  post,
  redirectUriOf,
  textOf,
  VERIFIER,
} from './harness.ts'

const AUTHORIZE = 'www.fitbit.com/oauth2/authorize'
const TOKEN = 'api.fitbit.com/oauth2/token'
const REVOKE = 'api.fitbit.com/oauth2/revoke'
const PROFILE = 'api.fitbit.com/1/user/-/profile.json'
const ACTIVITIES = 'api.fitbit.com/1/user/-/activities/date/today.json'
const HEADERS = { authorization: basic('fitbit') }

const authorize = (more: Parameters = {}) =>
  authorizationUrl('fitbit', AUTHORIZE, 'activity sleep', {
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...more,
  })

const fields = (more: Parameters = {}) => ({
  grant_type: 'authorization_code',
  redirect_uri: redirectUriOf('fitbit'),
  code_verifier: VERIFIER,
  ...more,
})

async function connect(sandbox: Sandbox, account?: string) {
  const code = await codeOf(sandbox, authorize(), account)
  const { json } = await post(sandbox, TOKEN, fields({ code }), HEADERS)
  return { access: textOf(json, 'access_token'), refresh: textOf(json, 'refresh_token') }
}

const refresh = (sandbox: Sandbox, refreshToken: string) =>
  post(sandbox, TOKEN, { grant_type: 'refresh_token', refresh_token: refreshToken }, HEADERS)

/** Type and first words of a refusal; the rest is a link to the documentation. */
function assertRefusal(
  answer: Awaited<ReturnType<typeof post>>,
  status: number,
  type: string,
  message: string,
) {
  assert.equal(answer.status, status)
  assert.deepEqual(Object.keys(answer.json), ['errors', 'success'])
  assert.equal(answer.json.success, false)
  // The shape is what this test is about: a wrong one fails in the next lines.
  const [error] = answer.json.errors as readonly { errorType: string; message: string }[]
  assert.equal(error?.errorType, type)
  assert.ok(error?.message.startsWith(message), error?.message)
  assert.ok(error?.message.includes('https://dev.fitbit.com/docs/oauth2'))
}

test('the token answer has the fields of Fitbit', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  const { status, json } = await post(sandbox, TOKEN, fields({ code }), HEADERS)
  assert.equal(status, 200)
  const { access_token, refresh_token, ...rest } = json
  assert.match(String(access_token), /^eyJhbGciOiJIUzI1NiJ9\.[\w-]{128}$/)
  assert.match(String(refresh_token), /^[0-9a-f]{64}$/)
  assert.deepEqual(rest, {
    expires_in: 28_800,
    scope: 'activity sleep',
    token_type: 'Bearer',
    user_id: '9ZK2QX',
  })
})

test('the callback ends with the fragment that Fitbit adds', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(authorize())
  assert.match(String(location), /\?code=[0-9a-f]{40}&state=a-state-of-some-length#_=_$/)
})

test('a cancel comes back with a description', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(authorize(), { decision: 'cancel' })
  assert.deepEqual(Object.fromEntries(callbackOf(location)), {
    error_description: 'The user denied the request.',
    state: 'a-state-of-some-length',
    error: 'access_denied',
  })
})

test('unticking everything is a cancel', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(authorize(), { scopes: [] })
  assert.equal(callbackOf(location).get('error'), 'access_denied')
  assert.deepEqual(control.grants(), [])
})

test('scopes that were unticked are missing in the token answer', async () => {
  const sandbox = createTestSandbox()
  const { location } = await sandbox.control.consent(authorize(), { scopes: ['sleep'] })
  const code = callbackOf(location).get('code') ?? ''
  const { json } = await post(sandbox, TOKEN, fields({ code }), HEADERS)
  assert.equal(json.scope, 'sleep')
})

for (const [name, change, message] of [
  ['an unknown client', { client_id: 'nobody' }, 'unauthorized_client - Invalid client_id'],
  ['a missing client', { client_id: '' }, 'invalid_request - Missing parameters: client_id'],
  [
    'another redirect URI',
    { redirect_uri: 'http://localhost:8080/' },
    'Invalid redirect_uri parameter value',
  ],
  ['an unknown scope', { scope: 'activity everything' }, 'invalid_scope'],
  ['scopes with commas', { scope: 'activity,sleep' }, 'invalid_scope'],
  ['a short code challenge', { code_challenge: 'short' }, 'length must be between 43 and 128'],
  ['the plain method', { code_challenge_method: 'plain' }, 'Unsupported code_challenge_method'],
  ['a challenge without a method', { code_challenge_method: '' }, 'Unsupported code_challenge_method'],
  ['a missing response type', { response_type: '' }, 'Missing response_type parameter value'],
] as const) {
  test(`${name} is shown on the page and never redirected`, async () => {
    const sandbox = createTestSandbox()
    const { status, text, headers } = await get(sandbox, authorize(change).slice('https://'.length))
    assert.equal(status, 400)
    assert.equal(headers.get('location'), null)
    assert.ok(text.includes(message))
  })
}

for (const [name, change, status, type, message] of [
  ['a missing grant type', { grant_type: '' }, 400, 'invalid_request', "Missing 'grant_type'"],
  [
    'an unknown grant type',
    { grant_type: 'password' },
    400,
    'unsupported_grant_type',
    'Unsupported grant_type',
  ],
  ['a missing code', { code: '' }, 400, 'invalid_request', "Missing 'code'"],
  ['an invented code', { code: 'abc' }, 400, 'invalid_grant', 'Authorization code invalid: abc'],
  ['a missing redirect URI', { redirect_uri: '' }, 400, 'invalid_grant', 'Invalid redirect_uri'],
  [
    'another redirect URI',
    { redirect_uri: 'http://x.example/' },
    400,
    'invalid_grant',
    'Invalid redirect_uri',
  ],
  ['a missing verifier', { code_verifier: '' }, 400, 'invalid_grant', 'Invalid code_verifier'],
  ['another verifier', { code_verifier: `${VERIFIER}x` }, 400, 'invalid_grant', 'Invalid code_verifier'],
  ['a verifier that is too short', { code_verifier: 'short' }, 400, 'invalid_grant', 'Invalid code_verifier'],
] as const) {
  test(`the token endpoint refuses ${name} in Fitbit's words`, async () => {
    const sandbox = createTestSandbox()
    const code = await codeOf(sandbox, authorize())
    assertRefusal(await post(sandbox, TOKEN, fields({ code, ...change }), HEADERS), status, type, message)
    const again = await post(sandbox, TOKEN, fields({ code }), HEADERS)
    assert.equal(again.status, 200, 'the code is still good')
  })
}

for (const [name, headers, body, message] of [
  [
    'credentials in the body',
    {},
    { client_id: 'sandbox-fitbit', client_secret: 'sandbox-fitbit-secret' },
    'Invalid authorization header format',
  ],
  ['no credentials', {}, {}, 'Invalid authorization header format'],
  ['a header that is not Basic', { authorization: 'Bearer abc' }, {}, 'Invalid authorization header format'],
  [
    'a wrong secret',
    { authorization: basic('fitbit', 'wrong') },
    {},
    'Invalid authorization header. Client secret invalid',
  ],
  [
    'an unknown client',
    { authorization: basic('nobody') },
    {},
    'Invalid authorization header. Client id invalid',
  ],
] as const) {
  test(`the token endpoint takes Basic credentials only: ${name}`, async () => {
    const sandbox = createTestSandbox()
    const code = await codeOf(sandbox, authorize())
    assertRefusal(
      await post(sandbox, TOKEN, fields({ code, ...body }), headers),
      401,
      'invalid_client',
      message,
    )
  })
}

test('without redirect URI in the authorization request none is wanted in the token call', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize({ redirect_uri: '' }))
  const answer = await post(sandbox, TOKEN, fields({ code, redirect_uri: '' }), HEADERS)
  assert.equal(answer.status, 200)
})

test('PKCE can be left out, and then no verifier is taken', async () => {
  const sandbox = createTestSandbox()
  const url = authorize({ code_challenge: '', code_challenge_method: '' })
  const [first, second] = [await codeOf(sandbox, url), await codeOf(sandbox, url)]
  assertRefusal(
    await post(sandbox, TOKEN, fields({ code: first }), HEADERS),
    400,
    'invalid_grant',
    'Invalid code_verifier',
  )
  const answer = await post(sandbox, TOKEN, fields({ code: second, code_verifier: '' }), HEADERS)
  assert.equal(answer.status, 200)
})

test('a code lives for ten minutes and works once', async () => {
  const sandbox = createTestSandbox()
  const [early, late] = [await codeOf(sandbox, authorize()), await codeOf(sandbox, authorize())]
  sandbox.control.advance(599_999)
  assert.equal((await post(sandbox, TOKEN, fields({ code: early }), HEADERS)).status, 200)
  assertRefusal(
    await post(sandbox, TOKEN, fields({ code: early }), HEADERS),
    400,
    'invalid_grant',
    'Authorization code invalid',
  )
  sandbox.control.advance(1)
  assertRefusal(
    await post(sandbox, TOKEN, fields({ code: late }), HEADERS),
    400,
    'invalid_grant',
    'Authorization code expired',
  )
})

test('a refresh token works once; the refusal repeats it, as at Fitbit', async () => {
  const sandbox = createTestSandbox()
  const first = await connect(sandbox)
  const second = await refresh(sandbox, first.refresh)
  assert.equal(second.status, 200)
  assert.equal(second.json.user_id, '9ZK2QX')
  assert.notEqual(second.json.refresh_token, first.refresh)
  assertRefusal(
    await refresh(sandbox, first.refresh),
    400,
    'invalid_grant',
    `Refresh token invalid: ${first.refresh}`,
  )
  assert.equal((await refresh(sandbox, textOf(second.json, 'refresh_token'))).status, 200)
})

test('of two refreshes at the same time one fails', async () => {
  const sandbox = createTestSandbox()
  const { refresh: token } = await connect(sandbox)
  const answers = await Promise.all([refresh(sandbox, token), refresh(sandbox, token)])
  assert.deepEqual(answers.map((answer) => answer.status).toSorted(), [200, 400])
})

test('with endGrantOnRefreshReuse a reused refresh token ends the grant', async () => {
  const sandbox = createTestSandbox()
  sandbox.control.setSwitches('fitbit', { endGrantOnRefreshReuse: true })
  const { refresh: first } = await connect(sandbox)
  const second = await refresh(sandbox, first)
  await refresh(sandbox, first)
  assert.equal((await refresh(sandbox, textOf(second.json, 'refresh_token'))).status, 400)
  assert.equal(sandbox.control.grants()[0]?.ended?.by, 'vendor')
})

test('data needs a live access token and the scope', async () => {
  const sandbox = createTestSandbox()
  const { access } = await connect(sandbox)
  assert.equal((await get(sandbox, ACTIVITIES, access)).status, 200)
  assertRefusal(
    await get(sandbox, PROFILE, access),
    403,
    'insufficient_scope',
    'This application does not have permission to access profile data',
  )
  sandbox.control.advance(28_800_000)
  assertRefusal(await get(sandbox, ACTIVITIES, access), 401, 'expired_token', 'Access token expired')
  assertRefusal(await get(sandbox, ACTIVITIES, 'abc'), 401, 'invalid_token', 'Access token invalid: abc')
})

for (const which of ['access', 'refresh'] as const) {
  test(`revoking with the ${which} token ends every token of the account`, async () => {
    const sandbox = createTestSandbox()
    const first = await connect(sandbox)
    const second = await connect(sandbox)
    const other = await connect(sandbox, 'kim')
    const answer = await post(sandbox, REVOKE, { token: first[which] }, HEADERS)
    assert.equal(answer.status, 200)
    assert.equal((await get(sandbox, ACTIVITIES, first.access)).status, 401)
    assert.equal((await get(sandbox, ACTIVITIES, second.access)).status, 401)
    assert.equal((await refresh(sandbox, second.refresh)).status, 400)
    assert.equal((await get(sandbox, ACTIVITIES, other.access)).status, 200)
  })
}

test('revoking needs Basic credentials and a token', async () => {
  const sandbox = createTestSandbox()
  const { access } = await connect(sandbox)
  assertRefusal(
    await post(sandbox, REVOKE, { token: access }),
    401,
    'invalid_client',
    'Invalid authorization',
  )
  assertRefusal(await post(sandbox, REVOKE, {}, HEADERS), 400, 'invalid_request', "Missing 'token'")
  assert.equal((await get(sandbox, ACTIVITIES, access)).status, 200)
})
