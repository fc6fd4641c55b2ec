// Goal: what was given to one client, at one vendor, as one kind of thing, is worth nothing anywhere else.
// Method: two clients and two vendors in one sandbox; everything is presented where it does not belong.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { Sandbox } from '../../src/sandbox/index.ts'
import {
  authorizationUrl,
  basic,
  codeOf,
  createTestSandbox,
  get,
  partOf,
  post,
  redirectUriOf,
  START_SECONDS,
  signed,
  TEST_CLIENTS,
  textOf,
} from './harness.ts'

const STRAVA_TOKEN = 'www.strava.com/oauth/token'
const ATHLETE = 'www.strava.com/api/v3/athlete'
const OAUTH2 = 'wbsapi.withings.net/v2/oauth2'
const SIGNATURE = 'wbsapi.withings.net/v2/signature'
const GOOGLE_REVOKE = 'oauth2.googleapis.com/revoke'
const STRAVA_URL = authorizationUrl('strava', 'www.strava.com/oauth/authorize', 'read')

const strangers = ['strava', 'withings'].map((vendor) => ({
  vendor,
  clientId: `stranger-${vendor}`,
  clientSecret: 'stranger-secret',
  redirectUris: [redirectUriOf(vendor)],
}))

const createSandbox = () => createTestSandbox({ clients: [...TEST_CLIENTS, ...strangers] })

const MINE = { client_id: 'sandbox-strava', client_secret: 'sandbox-strava-secret' }
const STRANGERS = { client_id: 'stranger-strava', client_secret: 'stranger-secret' }

const exchange = (sandbox: Sandbox, code: string, credentials = MINE) =>
  post(sandbox, STRAVA_TOKEN, { ...credentials, grant_type: 'authorization_code', code })

const refresh = (sandbox: Sandbox, refreshToken: string, credentials = MINE) =>
  post(sandbox, STRAVA_TOKEN, {
    ...credentials,
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  })

async function connect(sandbox: Sandbox) {
  const { json } = await exchange(sandbox, await codeOf(sandbox, STRAVA_URL))
  return { access: textOf(json, 'access_token'), refresh: textOf(json, 'refresh_token') }
}

test('a code of another client is refused and stays good for its own', async () => {
  const sandbox = createSandbox()
  const code = await codeOf(sandbox, STRAVA_URL)
  assert.equal((await exchange(sandbox, code, STRANGERS)).status, 400)
  assert.equal((await exchange(sandbox, code)).status, 200)
})

test('a code of another vendor is refused', async () => {
  const sandbox = createSandbox()
  const withings = authorizationUrl('withings', 'account.withings.com/oauth2_user/authorize2', 'user.info')
  assert.equal((await exchange(sandbox, await codeOf(sandbox, withings))).status, 400)
})

test('a refresh token of another client is refused', async () => {
  const sandbox = createSandbox()
  const { refresh: mine } = await connect(sandbox)
  assert.equal((await refresh(sandbox, mine, STRANGERS)).status, 400)
  assert.equal((await refresh(sandbox, mine)).status, 200)
})

test('an access token is no refresh token, and a refresh token is no access token', async () => {
  const sandbox = createSandbox()
  const tokens = await connect(sandbox)
  assert.equal((await refresh(sandbox, tokens.access)).status, 400)
  assert.equal((await get(sandbox, ATHLETE, tokens.refresh)).status, 401)
})

test('a token of another vendor opens nothing and is not revoked', async () => {
  const sandbox = createSandbox()
  const { access } = await connect(sandbox)
  const profile = await get(sandbox, 'api.fitbit.com/1/user/-/profile.json', access)
  assert.equal(profile.status, 401)
  assert.equal((await post(sandbox, GOOGLE_REVOKE, { token: access })).status, 400)
  assert.equal((await get(sandbox, ATHLETE, access)).status, 200)
})

test("an id and a secret of different vendors' registrations do not fit", async () => {
  const sandbox = createSandbox()
  const code = await codeOf(sandbox, STRAVA_URL)
  const mixed = { client_id: 'sandbox-fitbit', client_secret: 'sandbox-fitbit-secret' }
  assert.equal((await exchange(sandbox, code, mixed)).status, 400)
})

test('a nonce of another client is refused', async () => {
  const sandbox = createSandbox()
  const call = { action: 'getnonce', client_id: 'stranger-withings', timestamp: String(START_SECONDS) }
  const order = signed(call, ['action', 'client_id', 'timestamp'], 'stranger-secret')
  const nonce = textOf(partOf((await post(sandbox, SIGNATURE, order)).json, 'body'), 'nonce')
  const revocation = { action: 'revoke', client_id: 'sandbox-withings', nonce, userid: '18402201' }
  const answer = await post(sandbox, OAUTH2, signed(revocation, ['action', 'client_id', 'nonce']))
  assert.equal(answer.json.error, 'Invalid Params: invalid nonce')
})

test('after a revocation a new consent is a new grant: the old tokens stay dead', async () => {
  const sandbox = createSandbox()
  const before = await connect(sandbox)
  const headers = { authorization: basic('strava') }
  await post(sandbox, 'www.strava.com/oauth/revoke', { token: before.refresh }, headers)
  const after = await connect(sandbox)
  assert.equal((await get(sandbox, ATHLETE, after.access)).status, 200)
  assert.equal((await get(sandbox, ATHLETE, before.access)).status, 401)
  assert.equal((await refresh(sandbox, before.refresh)).status, 400)
  assert.deepEqual(
    sandbox.control.grants().map((grant) => grant.ended?.by ?? 'living'),
    ['application', 'living'],
  )
})

test('a redirect URI with a fragment is refused, also where only its host counts', async () => {
  const { control } = createSandbox()
  const url = authorizationUrl('strava', 'www.strava.com/oauth/authorize', 'read', {
    redirect_uri: `${redirectUriOf('strava')}#here`,
  })
  assert.equal((await control.consent(url)).location, null)
})

test('a verifier with a character that RFC 7636 forbids is refused, even when its hash fits', async () => {
  const sandbox = createSandbox()
  const verifier = `${'v'.repeat(43)}!`
  const url = authorizationUrl('fitbit', 'www.fitbit.com/oauth2/authorize', 'sleep', {
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const answer = await post(
    sandbox,
    'api.fitbit.com/oauth2/token',
    {
      grant_type: 'authorization_code',
      redirect_uri: redirectUriOf('fitbit'),
      code: await codeOf(sandbox, url),
      code_verifier: verifier,
    },
    { authorization: basic('fitbit') },
  )
  assert.equal(answer.status, 400)
})
