// Goal: the consent page asks honestly, escapes everything and does what the person chose. Method: its HTML and redirects.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TROUBLES } from '../../src/sandbox/engine/trouble.ts'
import {
  authorizationUrl,
  callbackOf,
  codeOf,
  createTestSandbox,
  get,
  type Parameters,
  post,
  read,
  redirectUriOf,
  TEST_CLIENTS,
} from './harness.ts'

const FITBIT = 'www.fitbit.com/oauth2/authorize'
const STRAVA = 'www.strava.com/oauth/authorize'
const HOSTILE = `"><script>alert('x')</script>`

const fitbit = (more: Parameters = {}) => authorizationUrl('fitbit', FITBIT, 'activity sleep', more)
const path = (url: string) => url.slice('https://'.length)

const exchange = (code: string) => ({
  grant_type: 'authorization_code',
  client_id: 'sandbox-strava',
  client_secret: 'sandbox-strava-secret',
  code,
})

test('the page says what it is, who asks, for what, and where the person goes next', async () => {
  const { status, text, headers } = await get(createTestSandbox(), path(fitbit()))
  assert.equal(status, 200)
  assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
  for (const part of [
    'Sandbox – not the real Fitbit',
    'Let Test app use your Fitbit data?',
    'See your activities and exercise',
    'See your sleep',
    'Robin Vale',
    'Kim Aster',
    'localhost:8080',
    '>Allow</button>',
    '>Cancel</button>',
  ]) {
    assert.ok(text.includes(part), part)
  }
  assert.ok(!text.includes('See your weight'), 'a scope that nobody asked for')
  assert.ok(!text.includes('<script'), 'no script is needed')
})

test('each asked scope has one ticked box; what cannot be unticked is disabled', async () => {
  const url = authorizationUrl('strava', STRAVA, 'activity:read,profile:write')
  const { text } = await get(createTestSandbox(), path(url))
  const boxes = [...text.matchAll(/<input type="checkbox"[^>]*value="([^"]+)"([^>]*)\/>/g)]
  assert.deepEqual(
    boxes.map(([, value, rest]) => [value, rest?.includes('checked'), rest?.includes('disabled')]),
    [
      ['read', true, true],
      ['activity:read', true, false],
      ['profile:write', true, false],
    ],
  )
})

test('every field has a label and the page has a language, a title and one heading', async () => {
  const { text } = await get(createTestSandbox(), path(fitbit()))
  assert.match(text, /<html lang="en">/)
  assert.match(text, /<title>[^<]+<\/title>/)
  assert.equal(text.match(/<h1>/g)?.length, 1)
  for (const [, id] of text.matchAll(/<select id="([^"]+)"/g)) {
    assert.ok(text.includes(`for="${id}"`), id)
  }
  const inputs = text.match(/<input /g)?.length
  assert.equal(text.match(/<label class="choice">/g)?.length, inputs)
})

test('the page may be framed by nobody, runs no script, and sends its form anywhere', async () => {
  const { headers } = await get(createTestSandbox(), path(fitbit()))
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /form-action/, 'browsers apply it to the redirects that follow')
  assert.equal(headers.get('referrer-policy'), 'no-referrer')
})

test('what comes from outside is escaped', async () => {
  const client = {
    ...TEST_CLIENTS[3],
    vendor: 'fitbit',
    clientId: 'hostile',
    clientSecret: 's',
    redirectUris: ['http://localhost/'],
    name: HOSTILE,
  }
  const sandbox = createTestSandbox({ clients: [client] })
  const url = fitbit({ client_id: 'hostile', redirect_uri: 'http://localhost/', state: HOSTILE })
  for (const address of [path(url), path(fitbit({ client_id: HOSTILE })), '']) {
    const { text } = await get(sandbox, address)
    assert.ok(text.includes('<h1>'))
    assert.ok(!text.includes('<script>'))
  }
})

test('two people can connect two accounts', async () => {
  const sandbox = createTestSandbox()
  await codeOf(sandbox, fitbit(), 'robin')
  await codeOf(sandbox, fitbit(), 'noor')
  assert.deepEqual(
    sandbox.control.grants().map((grant) => grant.account),
    ['robin', 'noor'],
  )
})

test('a second consent of the same account is the same grant', async () => {
  const sandbox = createTestSandbox()
  await codeOf(sandbox, fitbit())
  await codeOf(sandbox, fitbit({ scope: 'sleep' }))
  assert.deepEqual(
    sandbox.control.grants().map((grant) => grant.scopes),
    [['sleep']],
  )
})

test('scopes that nobody asked for cannot be ticked from outside', async () => {
  const { control } = createTestSandbox()
  await control.consent(fitbit({ scope: 'sleep' }), { scopes: ['sleep', 'weight'] })
  assert.deepEqual(control.grants()[0]?.scopes, ['sleep'])
})

for (const [name, fields] of [
  ['an unknown account', { decision: 'allow', account: 'nobody' }],
  ['no account', { decision: 'allow' }],
  ['no decision', { account: 'robin' }],
  ['another decision', { decision: 'maybe', account: 'robin' }],
] as const) {
  test(`a form with ${name} goes nowhere`, async () => {
    const sandbox = createTestSandbox()
    const answer = await post(sandbox, path(fitbit()), { ...fields, scope: 'sleep' })
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('location'), null)
    assert.deepEqual(sandbox.control.grants(), [])
  })
}

test('the decision is checked like the question: a changed redirect URI gets no redirect', async () => {
  const sandbox = createTestSandbox()
  const answer = await post(sandbox, path(fitbit({ redirect_uri: 'https://evil.example/' })), {
    decision: 'allow',
    account: 'robin',
    scope: 'sleep',
  })
  assert.equal(answer.status, 400)
  assert.equal(answer.headers.get('location'), null)
})

test('HEAD asks nothing and records no consent', async () => {
  const sandbox = createTestSandbox()
  const response = await sandbox.app.request(`/${path(fitbit())}`, { method: 'HEAD' })
  assert.equal(response.status, 200)
  assert.equal(await response.text(), '')
  assert.deepEqual(sandbox.control.grants(), [])
})

test('another method is refused', async () => {
  const response = await createTestSandbox().app.request(`/${path(fitbit())}`, { method: 'PUT' })
  assert.equal(response.status, 405)
  assert.equal(response.headers.get('allow'), 'GET, POST')
})

test('a cancel comes with or without a description, as asked', async () => {
  const { control } = createTestSandbox()
  const strava = authorizationUrl('strava', STRAVA, 'read')
  const cancel = async (url: string, cancelDescription: 'vendor' | 'with' | 'without') => {
    const { location } = await control.consent(url, { decision: 'cancel', cancelDescription })
    return callbackOf(location).get('error_description')
  }
  assert.equal(await cancel(strava, 'vendor'), null)
  assert.equal(await cancel(strava, 'with'), 'The person pressed Cancel.')
  assert.equal(await cancel(fitbit(), 'vendor'), 'The user denied the request.')
  assert.equal(await cancel(fitbit(), 'without'), null)
})

test('a missing state stays missing on the way back', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(fitbit({ state: '' }))
  assert.equal(callbackOf(location).get('state'), null)
})

test('stateMinCharacters refuses a short state', async () => {
  const { control } = createTestSandbox()
  control.setSwitches('fitbit', { stateMinCharacters: 8 })
  assert.equal((await control.consent(fitbit({ state: '1234567' }))).location, null)
  assert.notEqual((await control.consent(fitbit({ state: '12345678' }))).location, null)
})

test('a query that is far too long is refused', async () => {
  const { status } = await get(createTestSandbox(), path(fitbit({ state: 'x'.repeat(9_000) })))
  assert.equal(status, 414)
})

// What each trouble of the fold-out does to a trip, at Strava: the callback's parameters and the token answer's status.
for (const [trouble, callback, status] of [
  ['none', {}, 200],
  ['callback-server-error', { error: 'server_error', code: null }, null],
  ['callback-unavailable', { error: 'temporarily_unavailable', code: null }, null],
  ['state-missing', { state: null }, 200],
  ['code-unknown', {}, 400],
  ['code-expired', {}, 400],
  ['token-500', {}, 500],
  ['token-502', {}, 502],
  ['token-429', {}, 429],
  ['token-invalid-json', {}, 200],
  ['token-incomplete', {}, 200],
  ['token-slow', {}, 200],
  ['token-silent', {}, 504],
  ['token-reset', {}, 500],
  ['token-lost', {}, 504],
  ['no-refresh-token', {}, 200],
] as const) {
  test(`the trouble "${trouble}" spoils this trip and the next one is good`, async () => {
    const sandbox = createTestSandbox()
    const url = authorizationUrl('strava', STRAVA, 'read')
    const { location } = await sandbox.control.consent(url, { trouble })
    const parameters = callbackOf(location)
    for (const [name, value] of Object.entries(callback)) assert.equal(parameters.get(name), value)
    const next = await codeOf(sandbox, url)
    const good = await post(sandbox, 'www.strava.com/oauth/token', exchange(next))
    assert.equal(good.status, 200)
    assert.ok(good.json.access_token)
    const code = parameters.get('code')
    if (status === null) return
    const spoilt = await post(sandbox, 'www.strava.com/oauth/token', exchange(code ?? ''))
    assert.equal(spoilt.status, status)
    assert.equal(
      'refresh_token' in spoilt.json,
      ['none', 'state-missing', 'token-incomplete', 'token-slow'].includes(trouble),
    )
  })
}

test('a changed state is another one', async () => {
  const { control } = createTestSandbox()
  const { location } = await control.consent(fitbit(), { trouble: 'state-changed' })
  const state = callbackOf(location).get('state')
  assert.ok(state)
  assert.notEqual(state, 'a-state-of-some-length')
})

test('the lost answer leaves living tokens behind at the vendor', async () => {
  const sandbox = createTestSandbox()
  const { location } = await sandbox.control.consent(authorizationUrl('strava', STRAVA, 'read'), {
    trouble: 'token-lost',
  })
  const code = callbackOf(location).get('code') ?? ''
  assert.equal((await post(sandbox, 'www.strava.com/oauth/token', exchange(code))).status, 504)
  const again = await post(sandbox, 'www.strava.com/oauth/token', exchange(code))
  assert.equal(again.status, 400, 'the code is spent')
})

test('the trouble with the account id is offered only where there is such a call', async () => {
  const sandbox = createTestSandbox()
  const google = authorizationUrl(
    'google-health',
    'accounts.google.com/o/oauth2/v2/auth',
    'https://www.googleapis.com/auth/googlehealth.sleep.readonly',
  )
  assert.ok((await get(sandbox, path(google))).text.includes('value="identity-500"'))
  assert.ok(!(await get(sandbox, path(fitbit()))).text.includes('value="identity-500"'))
  const { location } = await sandbox.control.consent(google, { trouble: 'identity-500' })
  const { json } = await post(sandbox, 'oauth2.googleapis.com/token', {
    grant_type: 'authorization_code',
    client_id: 'sandbox-google-health',
    client_secret: 'sandbox-google-health-secret',
    redirect_uri: redirectUriOf('google-health'),
    code: callbackOf(location).get('code') ?? '',
  })
  const identity = () => get(sandbox, 'health.googleapis.com/v4/users/me/identity', String(json.access_token))
  assert.equal((await identity()).status, 500)
  assert.equal((await identity()).status, 200)
})

test('every trouble has its own key and words', () => {
  assert.equal(new Set(TROUBLES.map((trouble) => trouble.key)).size, TROUBLES.length)
  assert.equal(new Set(TROUBLES.map((trouble) => trouble.label)).size, TROUBLES.length)
})

test('the home page lists vendors and living grants, with a button that ends them; accounts are on the vendor’s page', async () => {
  const sandbox = createTestSandbox()
  await codeOf(sandbox, fitbit(), 'kim')
  const { text } = await get(sandbox, '')
  for (const part of ['/vendors/strava', 'Withings', 'Google Health', 'sandbox-fitbit', 'Living grants: 1.'])
    assert.ok(text.includes(part), part)
  const own = await get(sandbox, 'vendors/fitbit')
  for (const part of ['9ZK2QX', 'Kim Aster', 'Noor O&#39;Lindqvist', 'sandbox-fitbit'])
    assert.ok(own.text.includes(part), part)
  assert.equal((await get(sandbox, 'vendors/nobody')).status, 404)
  const action = /action="([^"]+revoke)"/.exec(text)?.[1] ?? ''
  const response = await sandbox.app.request(action, { method: 'POST', headers: { accept: 'text/html' } })
  assert.equal(response.status, 303)
  assert.equal(response.headers.get('location'), '/')
  assert.equal(sandbox.control.grants()[0]?.ended?.by, 'person')
  assert.ok((await get(sandbox, '')).text.includes('Nobody has allowed anything yet.'))
})

test('the examples on the home page use the public origin', async () => {
  const sandbox = createTestSandbox({ publicOrigin: 'https://sandbox.example' })
  assert.ok((await get(sandbox, '')).text.includes('curl https://sandbox.example/_sandbox/calls'))
})

test('the stylesheet is served', async () => {
  const { status, headers } = await read(await createTestSandbox().app.request('/_sandbox/style.css'))
  assert.equal(status, 200)
  assert.equal(headers.get('content-type'), 'text/css; charset=utf-8')
})
