// Goal: the sandbox answers as Strava does, also where it says no. Method: requests to the app, no network.
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
  post,
  START_SECONDS,
  textOf,
} from './harness.ts'

const AUTHORIZE = 'www.strava.com/oauth/authorize'
const TOKEN = 'www.strava.com/oauth/token'
const REVOKE = 'www.strava.com/oauth/revoke'
const DEAUTHORIZE = 'www.strava.com/oauth/deauthorize'
const ATHLETE = 'www.strava.com/api/v3/athlete'
const HOUR_MS = 3_600_000

const authorize = (more: Parameters = {}) => authorizationUrl('strava', AUTHORIZE, 'read,activity:read', more)

const fields = (more: Parameters = {}) => ({
  client_id: 'sandbox-strava',
  client_secret: 'sandbox-strava-secret',
  grant_type: 'authorization_code',
  ...more,
})

const fault = (message: string, resource: string, field: string, code = 'invalid') => ({
  message,
  errors: [{ resource, field, code }],
})

async function connect(sandbox: Sandbox, account?: string) {
  const code = await codeOf(sandbox, authorize(), account)
  const { json } = await post(sandbox, TOKEN, fields({ code }))
  return { access: textOf(json, 'access_token'), refresh: textOf(json, 'refresh_token') }
}

const refresh = (sandbox: Sandbox, refreshToken: string) =>
  post(sandbox, TOKEN, fields({ grant_type: 'refresh_token', refresh_token: refreshToken }))

test('the token answer has the fields of Strava and the athlete', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  const { status, headers, json } = await post(sandbox, TOKEN, fields({ code }))
  assert.equal(status, 200)
  assert.equal(headers.get('cache-control'), 'no-store')
  const { access_token, refresh_token, athlete, ...rest } = json
  assert.match(String(access_token), /^[0-9a-f]{40}$/)
  assert.match(String(refresh_token), /^[0-9a-f]{40}$/)
  assert.deepEqual(rest, { token_type: 'Bearer', expires_at: START_SECONDS + 21_600, expires_in: 21_600 })
  assert.deepEqual(athlete, {
    id: 30100701,
    username: 'robin_vale',
    resource_state: 2,
    firstname: 'Robin',
    lastname: 'Vale',
    city: 'Tønder',
    state: '',
    country: 'Denmark',
    sex: 'F',
    premium: false,
    summit: false,
    created_at: '2019-05-04T08:00:00Z',
    updated_at: '2026-10-01T08:00:00Z',
  })
})

test('the other token URL works too', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  const { status } = await post(sandbox, 'www.strava.com/api/v3/oauth/token', fields({ code }))
  assert.equal(status, 200)
})

test('the granted scopes stand in the callback, with commas, and always with read', async () => {
  const { control } = createTestSandbox()
  const url = authorizationUrl('strava', AUTHORIZE, 'activity:read,activity:write')
  const { status, location } = await control.consent(url, { scopes: ['activity:write'] })
  assert.equal(status, 302)
  assert.equal(callbackOf(location).get('scope'), 'read,activity:write')
  assert.match(String(location), /scope=read,activity:write$/)
})

test('with every box unticked, read is left', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(authorize(), { scopes: [] })
  assert.equal(callbackOf(location).get('scope'), 'read')
})

test('a cancel comes back as access_denied with the state and nothing else', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(authorize(), { decision: 'cancel' })
  assert.deepEqual(
    [...callbackOf(location)],
    [
      ['state', 'a-state-of-some-length'],
      ['error', 'access_denied'],
    ],
  )
})

test('parameters are put behind a redirect URI with a query as naively as Strava does', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(
    authorize({ redirect_uri: 'http://localhost:8080/callback/strava?a=1' }),
  )
  assert.match(String(location), /^http:\/\/localhost:8080\/callback\/strava\?a=1\?state=/)
})

for (const [name, redirectUri, status] of [
  ['a path that is not registered, on the registered domain', 'https://app.example.org/elsewhere', 302],
  ['localhost, which is not registered', 'http://localhost:1234/x', 302],
  ['127.0.0.1, which is not registered', 'http://127.0.0.1:1234/x', 302],
  ['another domain', 'https://evil.example/callback', 400],
  ['a domain that only ends like the registered one', 'https://evil-app.example.org/callback', 400],
  ['no URL at all', 'app.example.org', 400],
] as const) {
  test(`only the domain of the redirect URI counts: ${name}`, async () => {
    const client = {
      vendor: 'strava',
      clientId: 'c',
      clientSecret: 's',
      redirectUris: ['https://app.example.org/cb'],
    }
    const { control } = createTestSandbox({ clients: [client] })
    const outcome = await control.consent(authorize({ client_id: 'c', redirect_uri: redirectUri }))
    assert.equal(outcome.status, status)
    assert.equal(outcome.location === null, status === 400)
  })
}

for (const [name, change, field] of [
  ['an unknown client', { client_id: 'nobody' }, 'client_id'],
  ['a missing client', { client_id: '' }, 'client_id'],
  ['a missing redirect URI', { redirect_uri: '' }, 'redirect_uri'],
  ['scopes with spaces', { scope: 'read activity:read' }, 'scope'],
  ['an unknown scope', { scope: 'read,everything' }, 'scope'],
  ['another response type', { response_type: 'token' }, 'response_type'],
] as const) {
  test(`${name} is shown on the page and never redirected`, async () => {
    const sandbox = createTestSandbox()
    const { status, text, headers } = await get(sandbox, authorize(change).slice('https://'.length))
    assert.equal(status, 400)
    assert.equal(headers.get('location'), null)
    assert.ok(text.includes(`&quot;field&quot;:&quot;${field}&quot;`))
  })
}

for (const [name, change, status, body] of [
  ['an unknown client', { client_id: 'nobody' }, 400, fault('Bad Request', 'Application', 'client_id')],
  ['a missing client', { client_id: '' }, 400, fault('Bad Request', 'Application', 'client_id')],
  ['a wrong secret', { client_secret: 'wrong' }, 401, fault('Authorization Error', 'Application', '')],
  ['a missing secret', { client_secret: '' }, 401, fault('Authorization Error', 'Application', '')],
  ['a missing grant type', { grant_type: '' }, 400, fault('Bad Request', 'Application', 'grant_type')],
  [
    'an unknown grant type',
    { grant_type: 'password' },
    400,
    fault('Bad Request', 'Application', 'grant_type'),
  ],
  ['a missing code', { code: '' }, 400, fault('Bad Request', 'AuthorizationCode', 'code')],
  ['an invented code', { code: 'abc' }, 400, fault('Bad Request', 'AuthorizationCode', 'code')],
] as const) {
  test(`the token endpoint refuses ${name} in Strava's words`, async () => {
    const sandbox = createTestSandbox()
    const code = await codeOf(sandbox, authorize())
    const answer = await post(sandbox, TOKEN, fields({ code, ...change }))
    assert.equal(answer.status, status)
    assert.deepEqual(answer.json, body)
    const again = await post(sandbox, TOKEN, fields({ code }))
    assert.equal(again.status, 200, 'the code is still good')
  })
}

test('credentials in a Basic header count as missing', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  const answer = await post(
    sandbox,
    TOKEN,
    { grant_type: 'authorization_code', code },
    { authorization: basic('strava') },
  )
  assert.equal(answer.status, 400)
  assert.deepEqual(answer.json, fault('Bad Request', 'Application', 'client_id'))
})

test('a code works once', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  assert.equal((await post(sandbox, TOKEN, fields({ code }))).status, 200)
  const second = await post(sandbox, TOKEN, fields({ code }))
  assert.equal(second.status, 400)
  assert.deepEqual(second.json, fault('Bad Request', 'AuthorizationCode', 'code'))
})

test('an old code has expired', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, authorize())
  sandbox.control.advance(600_000)
  const answer = await post(sandbox, TOKEN, fields({ code }))
  assert.deepEqual(answer.json, fault('Bad Request', 'AuthorizationCode', '', 'expired'))
})

test('a refresh gives the same pair while more than an hour is left', async () => {
  const sandbox = createTestSandbox()
  const { access, refresh: first } = await connect(sandbox)
  sandbox.control.advance(5 * HOUR_MS - 1_000)
  const { status, json } = await refresh(sandbox, first)
  assert.equal(status, 200)
  assert.deepEqual(json, {
    token_type: 'Bearer',
    access_token: access,
    expires_at: START_SECONDS + 21_600,
    expires_in: 3_601,
    refresh_token: first,
  })
})

test('a refresh in the last hour gives a new pair without athlete, and the old one dies at once', async () => {
  const sandbox = createTestSandbox()
  const { access, refresh: first } = await connect(sandbox)
  sandbox.control.advance(5 * HOUR_MS)
  const { json } = await refresh(sandbox, first)
  assert.notEqual(json.access_token, access)
  assert.notEqual(json.refresh_token, first)
  assert.equal(json.athlete, undefined)
  assert.equal(json.expires_in, 21_600)
  assert.equal((await get(sandbox, ATHLETE, access)).status, 401)
  assert.equal((await get(sandbox, ATHLETE, textOf(json, 'access_token'))).status, 200)
  const reused = await refresh(sandbox, first)
  assert.equal(reused.status, 400)
  assert.deepEqual(reused.json, fault('Bad Request', 'RefreshToken', 'refresh_token'))
})

test('an access token dies of age, and data needs one', async () => {
  const sandbox = createTestSandbox()
  const { access } = await connect(sandbox)
  assert.equal((await get(sandbox, ATHLETE, access)).json.id, 30100701)
  sandbox.control.advance(6 * HOUR_MS)
  for (const token of [access, 'invented', undefined]) {
    const answer = await get(sandbox, ATHLETE, token)
    assert.equal(answer.status, 401)
    assert.deepEqual(answer.json, fault('Authorization Error', 'Athlete', 'access_token'))
  }
})

for (const which of ['access', 'refresh'] as const) {
  test(`revoking with the ${which} token and Basic credentials ends every token of the account`, async () => {
    const sandbox = createTestSandbox()
    const first = await connect(sandbox)
    const second = await connect(sandbox)
    const other = await connect(sandbox, 'kim')
    const answer = await post(sandbox, REVOKE, { token: first[which] }, { authorization: basic('strava') })
    assert.equal(answer.status, 200)
    assert.equal(answer.text, '')
    assert.equal((await get(sandbox, ATHLETE, first.access)).status, 401)
    assert.equal((await get(sandbox, ATHLETE, second.access)).status, 401)
    assert.equal((await refresh(sandbox, first.refresh)).status, 400)
    assert.equal((await get(sandbox, ATHLETE, other.access)).status, 200, 'another account is left alone')
  })
}

test('revoking an unknown token is a success, and a missing one is not', async () => {
  const sandbox = createTestSandbox()
  const headers = { authorization: basic('strava') }
  assert.equal((await post(sandbox, REVOKE, { token: 'invented' }, headers)).status, 200)
  assert.equal((await post(sandbox, REVOKE, {}, headers)).status, 400)
})

test('revoking without the right Basic credentials ends nothing', async () => {
  const sandbox = createTestSandbox()
  const { access } = await connect(sandbox)
  const attempts: readonly [Parameters, Parameters][] = [
    [{ token: access }, { authorization: basic('strava', 'wrong') }],
    [{ token: access, client_id: 'sandbox-strava', client_secret: 'sandbox-strava-secret' }, {}],
  ]
  for (const [body, headers] of attempts) {
    const answer = await post(sandbox, REVOKE, body, headers)
    assert.equal(answer.status, 401)
    assert.deepEqual(answer.json, { message: 'Authorization Error', errors: [] })
  }
  assert.equal((await get(sandbox, ATHLETE, access)).status, 200)
})

test('the legacy deauthorize takes the access token and answers with it', async () => {
  const sandbox = createTestSandbox()
  const { access, refresh: refreshToken } = await connect(sandbox)
  assert.equal((await post(sandbox, DEAUTHORIZE, { access_token: refreshToken })).status, 401)
  const answer = await post(sandbox, DEAUTHORIZE, { access_token: access })
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.json, { access_token: access })
  const again = await post(sandbox, DEAUTHORIZE, {}, { authorization: `Bearer ${access}` })
  assert.equal(again.status, 401)
  assert.deepEqual(again.json, fault('Authorization Error', 'Athlete', 'access_token'))
})

test('a token of another client is not revoked', async () => {
  const stranger = {
    vendor: 'strava',
    clientId: 'stranger',
    clientSecret: 's',
    redirectUris: ['http://localhost/'],
  }
  const mine = {
    vendor: 'strava',
    clientId: 'sandbox-strava',
    clientSecret: 'sandbox-strava-secret',
    redirectUris: ['http://localhost:8080/callback/strava'],
  }
  const sandbox = createTestSandbox({ clients: [mine, stranger] })
  const { access } = await connect(sandbox)
  const authorization = `Basic ${Buffer.from('stranger:s').toString('base64')}`
  assert.equal((await post(sandbox, REVOKE, { token: access }, { authorization })).status, 200)
  assert.equal((await get(sandbox, ATHLETE, access)).status, 200)
})
