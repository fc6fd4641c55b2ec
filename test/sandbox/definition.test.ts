// Goal: a definition becomes the vendor that it describes, and what is odd at a vendor is played. Method: the registry's
// own definitions, called by hand-made requests; the engine plays them all in test/conformance.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { sandboxClients, sandboxVendors } from '../../src/main/sandbox-vendors.ts'
import { place } from '../../src/sandbox/definition/place.ts'
import { createSandbox, type SandboxOptions } from '../../src/sandbox/index.ts'
import { sources } from '../../src/sources/index.ts'
import { exampleSandbox } from './example-vendor.ts'
import { callbackOf, createRepeatableRandom, read, START_MS, START_SECONDS } from './harness.ts'

const ORIGIN = 'http://localhost:8080'

/** All vendors of the registry, and one person's way to a code. */
function registry(options: Partial<SandboxOptions> = {}) {
  const { app, control } = createSandbox({
    now: () => START_MS,
    random: createRepeatableRandom(),
    ...sandboxVendors(sources),
    clients: sandboxClients(sources, ORIGIN),
    delay: async () => undefined,
    ...options,
  })
  const codeOf = async (vendor: string, url: string, more: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: `sandbox-${vendor}`,
      redirect_uri: `${ORIGIN}/callback/${vendor}`,
      state: 'state-of-length',
      ...more,
    })
    return callbackOf((await control.consent(`https://${url}?${query}`)).location).get('code') ?? ''
  }
  const fieldsOf = async (vendor: string, url: string, more: Record<string, string> = {}) => ({
    grant_type: 'authorization_code',
    client_id: `sandbox-${vendor}`,
    client_secret: `sandbox-${vendor}-secret`,
    redirect_uri: `${ORIGIN}/callback/${vendor}`,
    code: await codeOf(vendor, url, more),
  })
  const call = async (address: string, init: RequestInit = {}) => read(await app.request(`/${address}`, init))
  const post = (address: string, fields: Record<string, string>) =>
    call(address, { method: 'POST', body: new URLSearchParams(fields) })
  return { app, control, codeOf, fieldsOf, call, post }
}

/** Header, claims and signature of a JWT that is signed with the client's secret. */
function verifiedClaims(token: unknown, clientSecret: string): Record<string, unknown> {
  const [header = '', claims = '', signature] = String(token).split('.')
  const expected = createHmac('sha256', clientSecret).update(`${header}.${claims}`).digest('base64url')
  assert.equal(signature, expected)
  return JSON.parse(Buffer.from(claims, 'base64url').toString())
}

test('a value is put at any path: members, positions, and what was there stays', () => {
  assert.deepEqual(place({}, 'errors.0.errorType', 'x'), { errors: [{ errorType: 'x' }] })
  assert.deepEqual(place({ a: { b: 1 } }, 'a.c', 2), { a: { b: 1, c: 2 } })
  assert.deepEqual(place({}, 'list.1', 'x'), { list: [null, 'x'] })
})

test('every OAuth 2.0 source of the registry is played, each key once', () => {
  const { vendors } = sandboxVendors(sources)
  assert.ok(vendors.length > 30)
  assert.equal(new Set(vendors.map(({ key }) => key)).size, vendors.length)
})

test('no two vendors give a person the same id', () => {
  const { vendors } = sandboxVendors(sources)
  const own = vendors.filter(({ key }) => !/-(sandbox|eu|jp|staging)$/.test(key))
  const ids = own.flatMap(({ accounts }) => accounts.map(({ subject }) => subject))
  assert.equal(new Set(ids).size, ids.length)
})

test('Ride with GPS: JSON in, no expiry and no refresh token out', async () => {
  const { fieldsOf, call, post } = registry()
  const url = 'ridewithgps.com/oauth/authorize'
  const asForm = await fieldsOf('ride-with-gps', url, { scope: 'user' })
  assert.notEqual((await post('ridewithgps.com/oauth/token.json', asForm)).status, 200)
  const { json } = await call('ridewithgps.com/oauth/token.json', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(await fieldsOf('ride-with-gps', url, { scope: 'user' })),
  })
  assert.equal(json.user_id, 510101)
  assert.deepEqual(
    ['expires_in', 'refresh_token'].filter((name) => name in json),
    [],
  )
})

test('iHealth: one address for all, a GET, members of its own, and a state that does not come back', async () => {
  const { fieldsOf, call, control } = registry()
  const url = 'api.ihealthlabs.com:8443/OpenApiV2/OAuthv2/userauthorization/'
  const [scope] = sandboxVendors(sources).vendors.find(({ key }) => key === 'ihealth')?.scopes ?? []
  const asked = { APIName: scope?.value ?? '' }
  const { text } = await call(`${url}?${new URLSearchParams(await fieldsOf('ihealth', url, asked))}`)
  const answer = JSON.parse(text)
  assert.equal(answer.UserID, '9f3c8be1a7f34ca1b2f0e001')
  const refresh = new URLSearchParams({
    response_type: 'refresh_token',
    client_id: 'sandbox-ihealth',
    client_secret: 'sandbox-ihealth-secret',
    refresh_token: answer.RefreshToken,
  })
  assert.equal((await call(`${url}?${refresh}`)).status, 200)
  assert.deepEqual(
    control.calls({ vendor: 'ihealth' }).map(({ operation }) => operation),
    ['authorize', 'token', 'refresh'],
  )
})

test('COROS: an id beyond 2^53 to the digit, 200 with a result, and a refresh that gives nothing', async () => {
  const { fieldsOf, post } = registry()
  const answer = await post(
    'open.coros.com/oauth2/accesstoken',
    await fieldsOf('coros', 'open.coros.com/oauth2/authorize'),
  )
  assert.match(answer.text, /"openId":418429385729384511\b/)
  const credentials = { client_id: 'sandbox-coros', client_secret: 'sandbox-coros-secret' }
  const refresh = { ...credentials, grant_type: 'refresh_token' }
  const url = 'open.coros.com/oauth2/refresh-token'
  const extended = await post(url, { ...refresh, refresh_token: String(answer.json.refresh_token) })
  assert.deepEqual(JSON.parse(extended.text), { result: '0000', message: 'OK' })
  const refused = await post(url, { ...refresh, refresh_token: 'nobody-gave-it' })
  assert.equal(refused.status, 200)
  assert.deepEqual(JSON.parse(refused.text), { result: '5006', message: 'token invalid' })
})

test('Dexcom: the id in the access token, a JWT that ends when the token does', async () => {
  const { fieldsOf, post } = registry()
  const fields = await fieldsOf('dexcom', 'api.dexcom.com/v2/oauth2/login', { scope: 'offline_access' })
  const { json } = await post('api.dexcom.com/v2/oauth2/token', fields)
  const claims = verifiedClaims(json.access_token, 'sandbox-dexcom-secret')
  assert.equal(claims['sub'], 'e4b1c2d0-2f1a-4f57-9b8f-3f1d5f9a7c01')
  assert.equal(claims['exp'], START_SECONDS + 7_200)
})

test('an ID token is for its client, from its issuer', async () => {
  const { exchange } = exampleSandbox({ definition: { account: { from: 'idToken', claim: 'sub' } } })
  const { id_token } = JSON.parse((await exchange()).text)
  const claims = verifiedClaims(id_token, 's')
  assert.equal(claims['aud'], 'c')
  assert.equal(claims['iss'], 'https://id.example.org')
  assert.match(String(claims['sub']), /^\d{8}$/)
})

test('WHOOP: no refresh token without the scope for it', async () => {
  const { fieldsOf, post } = registry()
  const url = 'api.prod.whoop.com/oauth/oauth2/auth'
  const token = 'api.prod.whoop.com/oauth/oauth2/token'
  const without = await post(token, await fieldsOf('whoop', url, { scope: 'read:profile' }))
  assert.equal('refresh_token' in without.json, false)
  const withIt = await post(token, await fieldsOf('whoop', url, { scope: 'offline read:profile' }))
  assert.ok(withIt.json.refresh_token)
})

test('an envelope wraps answers and refusals alike, and 200 stands on both', async () => {
  const envelope = { statusPath: 'meta.code', successStatus: 0, temporaryStatuses: [9], dataPath: 'data' }
  const { exchange } = exampleSandbox({ definition: { tokenResponse: { envelope, errorPath: 'meta.word' } } })
  const good = JSON.parse((await exchange()).text)
  assert.equal(good.meta.code, 0)
  assert.ok(good.data.access_token)
  const bad = await exchange({ code: 'x' })
  assert.equal(bad.status, 200)
  assert.deepEqual(JSON.parse(bad.text), { meta: { word: 'invalid_grant', code: 400 } })
  const told = { ...envelope, invalidGrantStatuses: [1205] }
  const other = exampleSandbox({ definition: { tokenResponse: { envelope: told, errorPath: 'meta.word' } } })
  assert.deepEqual(JSON.parse((await other.exchange({ code: 'x' })).text).meta.code, 1205)
})

test('a revocation by the vendor’s own call ends the account that its path names, and no other', async () => {
  const { exchange, call, control } = exampleSandbox({
    definition: {
      revocation: {
        kind: 'request',
        reach: 'account',
        method: 'DELETE',
        url: 'https://api.example.org/users/{accountId}',
        authentication: 'bearer',
        successStatuses: [204],
        goneStatuses: [404],
        needsFreshToken: true,
      },
    },
  })
  const { access_token, user_id } = (await exchange()).json
  const remove = (id: unknown) =>
    call(`/api.example.org/users/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${access_token}` },
    })
  assert.equal((await remove('somebody-else')).status, 404)
  assert.equal(control.grants()[0]?.ended, null)
  assert.equal((await remove(user_id)).status, 204)
  assert.equal((await remove(user_id)).status, 404, 'it has ended before')
})
