// Goal: each switch of the token endpoint does what it says. Method: the same vendor with one switch changed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleSandbox } from './example-vendor.ts'
import { type Answered, type Parameters, START_SECONDS } from './harness.ts'

const BASIC: Parameters = { authorization: `Basic ${Buffer.from('c:s').toString('base64')}` }
const bare = { client_id: '', client_secret: '' }

for (const [clientAuthentication, basicWorks, postWorks, idAloneWorks] of [
  ['basic', true, false, false],
  ['post', false, true, false],
  ['both', true, true, false],
  ['none', false, true, true],
] as const) {
  test(`clientAuthentication: ${clientAuthentication}`, async () => {
    const { exchange } = exampleSandbox({ switches: { clientAuthentication } })
    assert.equal((await exchange(bare, BASIC)).status === 200, basicWorks)
    assert.equal((await exchange()).status === 200, postWorks)
    assert.equal((await exchange({ client_secret: '' })).status === 200, idAloneWorks)
  })
}

for (const [tokenRedirectUri, withIt, without] of [
  ['required', 200, 400],
  ['if-sent', 200, 400],
  ['ignored', 200, 200],
  ['forbidden', 400, 200],
] as const) {
  test(`tokenRedirectUri: ${tokenRedirectUri}`, async () => {
    const { exchange } = exampleSandbox({ switches: { tokenRedirectUri } })
    assert.equal((await exchange()).status, withIt)
    assert.equal((await exchange({ redirect_uri: '' })).status, without)
  })
}

test('tokenFormat: a JSON object, the query of a GET, or a form, and nothing else', async () => {
  const { codeOf, call, form, set } = exampleSandbox()
  const send = async () => {
    const fields = {
      client_id: 'c',
      client_secret: 's',
      grant_type: 'authorization_code',
      redirect_uri: 'http://localhost:8080/callback/example',
    }
    const json = { ...fields, code: await codeOf() }
    const headers = { 'content-type': 'application/json' }
    const [asForm, asJson, asQuery] = [
      await form('/id.example.org/token', { ...fields, code: await codeOf() }),
      await call('/id.example.org/token', { method: 'POST', headers, body: JSON.stringify(json) }),
      await call(`/id.example.org/token?${new URLSearchParams({ ...fields, code: await codeOf() })}`),
    ]
    return [asForm.status, asJson.status, asQuery.status].map((status) => status === 200)
  }
  assert.deepEqual(await send(), [true, false, false])
  set({ tokenFormat: 'json' })
  assert.deepEqual(await send(), [false, true, false])
  set({ tokenFormat: 'query' })
  assert.deepEqual(await send(), [false, false, true])
})

test('requiredHeader and requiredParameter: a call without them is refused', async () => {
  const { exchange, set } = exampleSandbox({ switches: { requiredHeader: 'Api-Key' } })
  assert.equal((await exchange()).status, 400)
  assert.equal((await exchange({}, { 'api-key': 'x' })).status, 200)
  set({ requiredHeader: null, requiredParameter: 'action=requesttoken' })
  assert.equal((await exchange()).status, 400)
  assert.equal((await exchange({ action: 'requesttoken' })).status, 200)
})

test('codeLifetimeSeconds: 30 seconds', async () => {
  const { codeOf, exchange, control } = exampleSandbox({ switches: { codeLifetimeSeconds: 30 } })
  const [early, late] = [await codeOf(), await codeOf()]
  control.advance(29_000)
  assert.equal((await exchange({ code: early })).status, 200)
  control.advance(1_000)
  assert.equal((await exchange({ code: late })).status, 400)
})

test('burnCodeOnFailedTry: a wrong call spends the code', async () => {
  const { codeOf, exchange, set } = exampleSandbox({ switches: { burnCodeOnFailedTry: true } })
  const code = await codeOf()
  await exchange({ code, redirect_uri: 'http://localhost/other' })
  assert.equal((await exchange({ code })).status, 400)
  set({ burnCodeOnFailedTry: false })
  const another = await codeOf()
  await exchange({ code: another, redirect_uri: 'http://localhost/other' })
  assert.equal((await exchange({ code: another })).status, 200)
})

for (const [errorShape, status, check] of [
  ['rfc6749', 400, (json: Answered) => json.error === 'invalid_grant'],
  ['errors-list', 400, (json: Answered) => json.success === false && Array.isArray(json.errors)],
  [
    'status-title-detail',
    400,
    (json: Answered) => json.status === 400 && 'title' in json && 'detail' in json,
  ],
  ['status-in-200', 200, (json: Answered) => json.status === 503],
  ['result-message', 200, (json: Answered) => 'result' in json && 'message' in json],
  ['not-found', 400, (json: Answered) => json.error === 'invalid_grant'],
  ['html', 400, (_: Answered, type: string) => type.startsWith('text/html')],
  ['plain-text', 400, (_: Answered, type: string) => type.startsWith('text/plain')],
] as const) {
  test(`errorShape: ${errorShape}`, async () => {
    const { exchange } = exampleSandbox({ switches: { errorShape } })
    const answer = await exchange({ code: 'nobody-gave-it' })
    assert.equal(answer.status, status)
    assert.ok(check(answer.json, answer.headers.get('content-type') ?? ''), answer.text)
  })
}

test('errorShape: bad credentials are not found', async () => {
  const { exchange } = exampleSandbox({ switches: { errorShape: 'not-found' } })
  assert.equal((await exchange({ client_secret: 'wrong' })).status, 404)
})

test('envelope: the answer stands inside another object', async () => {
  const { exchange, set } = exampleSandbox({ switches: { envelope: 'status-body' } })
  const wrapped = await exchange()
  assert.deepEqual(Object.keys(wrapped.json), ['status', 'body'])
  assert.match(wrapped.text, /"body":\{"token_type":"Bearer","access_token":/)
  set({ envelope: 'data' })
  assert.match((await exchange()).text, /^\{"data":\{/)
})

test('accessTokenLifetimeSeconds: another life, or one without an end', async () => {
  const { exchange, withToken, control, set } = exampleSandbox({
    switches: { accessTokenLifetimeSeconds: 5 },
  })
  const short = (await exchange()).json
  assert.equal(short.expires_in, 5)
  control.advance(5_000)
  assert.equal((await withToken('/api.example.org/v1/x', short.access_token)).status, 401)
  set({ accessTokenLifetimeSeconds: null })
  const endless = (await exchange()).json
  assert.equal('expires_in' in endless, false)
  control.advance(9 * 365 * 86_400_000)
  assert.equal((await withToken('/api.example.org/v1/x', endless.access_token)).status, 200)
})

test('expiresInAs, expiresAt and refreshExpiresIn: how lifetimes are told', async () => {
  const { exchange, set } = exampleSandbox({ switches: { expiresInAs: 'string' } })
  assert.equal((await exchange()).json.expires_in, '3600')
  set({ expiresInAs: 'absent', expiresAt: true, refreshExpiresIn: true })
  const { text } = await exchange()
  assert.deepEqual(
    Object.entries(JSON.parse(text)).filter(([name]) => name.includes('expires')),
    [
      ['expires_at', START_SECONDS + 3_600],
      ['refresh_token_expires_in', 86_400],
    ],
  )
})

for (const [userIdAs, expected] of [
  ['string', /"user_id":"\d+"/],
  ['number', /"user_id":\d{8}\b/],
  ['beyond-2^53', /"user_id":9007199254740993\b/],
] as const) {
  test(`userIdAs: ${userIdAs}`, async () => {
    const { exchange } = exampleSandbox({ switches: { userIdAs } })
    assert.match((await exchange()).text, expected)
  })
}

test('userIdAs: absent', async () => {
  const { exchange } = exampleSandbox({ switches: { userIdAs: 'absent' } })
  assert.equal('user_id' in (await exchange()).json, false)
})

for (const [scopeInAnswer, expected] of [
  ['space', 'profile sleep'],
  ['comma', 'profile,sleep'],
  ['absent', undefined],
] as const) {
  test(`scopeInAnswer: ${scopeInAnswer}`, async () => {
    const { exchange } = exampleSandbox({
      oddities: { exchangeExtra: { scope: '{scope}' } },
      switches: { scopeInAnswer },
    })
    assert.equal((await exchange()).json.scope, expected)
  })
}
