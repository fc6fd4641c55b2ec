// Goal: each switch of refreshing, reading and ending a grant does what it says. Method: the same vendor with one switch
// changed, on a clock that is moved.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { DEFAULT_SWITCHES } from '../../src/sandbox/switches/switches.ts'
import { exampleSandbox } from './example-vendor.ts'

const HOUR_MS = 3_600_000

for (const [refresh, expected] of [
  ['rotating', { newAccess: true, newRefresh: true, oldWorks: false }],
  ['overlapping', { newAccess: true, newRefresh: true, oldWorks: true }],
  ['stable', { newAccess: true, newRefresh: false, oldWorks: true }],
  ['same-while-fresh', { newAccess: false, newRefresh: false, oldWorks: true }],
] as const) {
  test(`refresh: ${refresh}`, async () => {
    const { exchange, refresh: call } = exampleSandbox({ switches: { refresh } })
    const before = (await exchange()).json
    const after = (await call(before.refresh_token)).json
    assert.equal(after.access_token !== before.access_token, expected.newAccess)
    assert.equal(after.refresh_token !== before.refresh_token, expected.newRefresh)
    assert.equal((await call(before.refresh_token)).status === 200, expected.oldWorks)
  })
}

test('refresh: sometimes, a new refresh token comes at every second refresh', async () => {
  const { exchange, refresh } = exampleSandbox({ switches: { refresh: 'sometimes' } })
  const first = (await exchange()).json
  const second = (await refresh(first.refresh_token)).json
  assert.equal('refresh_token' in second, false)
  const third = (await refresh(first.refresh_token)).json
  assert.ok(third.refresh_token)
  assert.equal((await refresh(first.refresh_token)).status, 400)
})

test('refresh: extending, the same pair lives another life', async () => {
  const { exchange, refresh, withToken, control } = exampleSandbox({ switches: { refresh: 'extending' } })
  const { access_token, refresh_token } = (await exchange()).json
  control.advance(HOUR_MS - 1)
  assert.equal((await refresh(refresh_token)).status, 200)
  control.advance(HOUR_MS - 1)
  assert.equal((await withToken('/api.example.org/v1/x', access_token)).status, 200)
  control.advance(1)
  assert.equal((await withToken('/api.example.org/v1/x', access_token)).status, 401)
})

test('refresh: none, there is no refresh token and no refreshing', async () => {
  const { exchange, refresh } = exampleSandbox({ switches: { refresh: 'none' } })
  assert.equal('refresh_token' in (await exchange()).json, false)
  assert.equal((await refresh('any')).json.error, 'unsupported_grant_type')
})

test('two refreshes at the same time: one gets a pair, the other a refusal', async () => {
  const { exchange, refresh } = exampleSandbox()
  const { refresh_token } = (await exchange()).json
  const statuses = (await Promise.all([refresh(refresh_token), refresh(refresh_token)])).map(
    ({ status }) => status,
  )
  assert.deepEqual(statuses.toSorted(), [200, 400])
})

test('refreshTokenLifetimeSeconds: expired by age', async () => {
  const { exchange, refresh, control } = exampleSandbox({ switches: { refreshTokenLifetimeSeconds: 60 } })
  const { refresh_token } = (await exchange()).json
  control.advance(60_000)
  assert.equal((await refresh(refresh_token)).json.error, 'invalid_grant')
})

test('endGrantOnRefreshReuse: a refresh token used twice ends the whole family', async () => {
  const { exchange, refresh, withToken } = exampleSandbox({ switches: { endGrantOnRefreshReuse: true } })
  const before = (await exchange()).json
  const after = (await refresh(before.refresh_token)).json
  await refresh(before.refresh_token)
  assert.equal((await withToken('/api.example.org/v1/x', after.access_token)).status, 401)
  assert.equal((await refresh(after.refresh_token)).status, 400)
})

test('refreshTokenNeedsScope: none without the scope', async () => {
  const { exchange, set } = exampleSandbox({ switches: { refreshTokenNeedsScope: 'offline' } })
  assert.equal('refresh_token' in (await exchange()).json, false)
  set({ refreshTokenNeedsScope: 'sleep' })
  assert.ok((await exchange()).json.refresh_token)
})

test('liveAccessTokens: one more ends the oldest', async () => {
  const { exchange, withToken } = exampleSandbox({ switches: { liveAccessTokens: 2 } })
  const tokens: unknown[] = []
  for (let count = 0; count < 3; count += 1) tokens.push((await exchange()).json.access_token)
  const statuses: number[] = []
  for (const token of tokens) statuses.push((await withToken('/api.example.org/v1/x', token)).status)
  assert.deepEqual(statuses, [401, 200, 200])
})

test('stalePermissionReads: the first reads find nothing', async () => {
  const { exchange, withToken } = exampleSandbox({ switches: { stalePermissionReads: 1 } })
  const { access_token } = (await exchange()).json
  const list = async () => (await withToken('/api.example.org/permissions', access_token)).text
  assert.equal(await list(), '{"permissions":[]}')
  assert.equal(await list(), '{"permissions":["profile","sleep"]}')
})

test('consentMissing and registeredBefore: what a step after connecting answers', async () => {
  const { exchange, register, set } = exampleSandbox()
  const { access_token } = (await exchange()).json
  assert.equal((await register(access_token)).status, 200)
  assert.equal((await register(access_token)).status, 409, 'done before')
  set({ consentMissing: true })
  assert.equal((await register(access_token)).status, 403)
  const other = exampleSandbox({ switches: { registeredBefore: true } })
  assert.equal((await other.register((await other.exchange()).json.access_token)).status, 409)
})

test('dataStatus: a token that is good, and no data', async () => {
  const { exchange, withToken, refresh } = exampleSandbox({ switches: { dataStatus: 412 } })
  const { access_token, refresh_token } = (await exchange()).json
  assert.equal((await withToken('/api.example.org/v1/anything/below', access_token)).status, 412)
  assert.equal((await refresh(refresh_token)).status, 200)
})

test('revocation: missing, the vendor has no such call', async () => {
  const { exchange, revoke } = exampleSandbox({ switches: { revocation: 'missing' } })
  assert.equal((await revoke((await exchange()).json.access_token)).status, 404)
})

test('revocationAuthentication and revocationMethod: the token itself, by DELETE', async () => {
  const { exchange, revoke, call } = exampleSandbox({
    switches: { revocationAuthentication: 'bearer', revocationMethod: 'DELETE' },
  })
  const { access_token } = (await exchange()).json
  assert.equal((await revoke(access_token)).status, 405)
  const init = { method: 'DELETE', headers: { authorization: `Bearer ${access_token}` } }
  assert.equal((await call('/id.example.org/revoke', init)).status, 200)
})

for (const [revocationReach, second] of [
  ['token', 200],
  ['account', 401],
] as const) {
  test(`revocationReach: ${revocationReach}`, async () => {
    const { exchange, revoke, withToken } = exampleSandbox({ switches: { revocationReach } })
    const [one, other] = [(await exchange()).json, (await exchange()).json]
    await revoke(one.access_token)
    assert.equal((await withToken('/api.example.org/v1/x', one.access_token)).status, 401)
    assert.equal((await withToken('/api.example.org/v1/x', other.access_token)).status, second)
  })
}

test('revocationStatus and revocationGoneStatus: what ending answers, and ending again', async () => {
  const { exchange, revoke } = exampleSandbox({
    switches: { revocationStatus: 204, revocationGoneStatus: 404 },
  })
  const { access_token } = (await exchange()).json
  assert.equal((await revoke(access_token)).status, 204)
  assert.equal((await revoke(access_token)).status, 404)
})

test('every switch is named by a test', () => {
  const folder = new URL('.', import.meta.url)
  const tests = readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')
  for (const name of Object.keys(DEFAULT_SWITCHES)) {
    // As a switch that is set, in braces or in a table of them.
    assert.ok(new RegExp(`\\b${name}: |'${name}',`).test(tests), name)
  }
})
