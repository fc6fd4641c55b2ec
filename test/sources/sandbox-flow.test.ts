// Goal: each definition works from the consent page to the end of the grant. Method: the definitions pointed at the
// sandbox, which is strict where the vendor is; the whole engine with its guarded fetch; nothing replaced.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Client } from '../../src/model/application.ts'
import { secret } from '../../src/model/secret.ts'
import { type Authorization, isOAuth2 } from '../../src/model/source.ts'
import {
  buildAuthorizationUrl,
  codeChallenge,
  createGuardedFetch,
  exchangeCode,
  readAuthorizationResponse,
  requestedScopes,
  revokeGrant,
  VendorError,
} from '../../src/oauth/index.ts'
import { type ConsentChoice, createSandbox } from '../../src/sandbox/index.ts'
import { pointAt, revocationHooks, sources } from '../../src/sources/index.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const ORIGIN = 'http://localhost:8081'
const STATE = 's'.repeat(43)
const VERIFIER = 'v'.repeat(43)
const GOOGLE = 'https://www.googleapis.com/auth/googlehealth'

/** One vendor in its sandbox, and one person's way there and back. */
function atVendor(vendor: string) {
  const found = [...sources.values()]
    .map((source) => pointAt(source, ORIGIN))
    .flatMap((source) => (source.kind === 'oauth2' ? source.authorizations.filter(isOAuth2) : []))
    .find((one) => one.vendor === vendor)
  assert.ok(found)
  const authorization: Authorization = found
  const redirectUri = `http://localhost:8080/callback/${vendor}`
  const client: Client = {
    vendor,
    clientId: 'id +1',
    clientSecret: secret('s3cret:+/ &'),
    scopes: null,
    extras: new Map(),
    managedBy: 'configuration',
  }
  let count = 0
  const { app, control, close } = createSandbox({
    now: () => NOW,
    random: (length) => createHash('shake256', { outputLength: length }).update(`${count++}`).digest(),
    clients: [
      { vendor, clientId: 'id +1', clientSecret: 's3cret:+/ &', redirectUris: [redirectUri], name: 'Test' },
    ],
    switches: { withings: { allowLocalhost: true } },
  })
  const context = {
    fetch: createGuardedFetch({ fetch: async (url, init) => app.request(url, init) }),
    now: control.nowMs,
    wait: async () => {},
  }
  const callbackOf = async (choice: ConsentChoice) => {
    const url = buildAuthorizationUrl(authorization, client, {
      redirectUri,
      state: STATE,
      codeChallenge: codeChallenge(VERIFIER),
      scopes: requestedScopes(authorization, client),
    })
    const { location } = await control.consent(url, choice)
    assert.ok(location?.startsWith(redirectUri), `back to us, not ${location}`)
    return readAuthorizationResponse(authorization, new URL(location ?? '').searchParams, STATE)
  }
  const exchange = (
    { code, grantedScopes }: Awaited<ReturnType<typeof callbackOf>>,
    codeVerifier = VERIFIER,
  ) =>
    exchangeCode(context, authorization, client, {
      code,
      redirectUri,
      codeVerifier,
      callbackScopes: grantedScopes,
    })
  const connect = async (choice: ConsentChoice = {}) => exchange(await callbackOf(choice))
  const revoke = (grant: Awaited<ReturnType<typeof connect>>) =>
    revokeGrant(context, authorization, revocationHooks, client, grant)
  return { authorization, client, control, close, callbackOf, exchange, connect, revoke }
}

const VENDORS: Readonly<
  Record<
    string,
    {
      readonly accountId: string
      readonly accessSeconds: number
      readonly refreshSeconds: number | null
      /** What is left ticked, and what is missing then. */
      readonly partial: { readonly granted: readonly string[]; readonly missing: readonly string[] }
      /** Ticks that are not worth a connection. */
      readonly useless: readonly string[]
      /** Which of the two words the application gets for that. */
      readonly uselessOutcome: string
      /** What a second revocation finds. */
      readonly again: 'revoked' | 'gone'
    }
  >
> = {
  strava: {
    accountId: '30100701',
    accessSeconds: 21_600,
    refreshSeconds: null,
    partial: { granted: ['read', 'activity:read'], missing: ['profile:read_all', 'activity:read_all'] },
    useless: [],
    uselessOutcome: 'scope_missing',
    again: 'revoked',
  },
  withings: {
    accountId: '18402201',
    accessSeconds: 10_800,
    refreshSeconds: 31_536_000,
    partial: { granted: ['user.metrics'], missing: ['user.info', 'user.activity', 'user.sleepevents'] },
    useless: ['user.info'],
    uselessOutcome: 'scope_missing',
    again: 'revoked',
  },
  'google-health': {
    accountId: '108830412765091122001',
    accessSeconds: 3_600,
    refreshSeconds: 15_552_000,
    partial: {
      granted: [`${GOOGLE}.sleep.readonly`],
      missing: [
        'activity_and_fitness',
        'health_metrics_and_measurements',
        'nutrition',
        'ecg',
        'irn',
        'profile',
      ].map((name) => `${GOOGLE}.${name}.readonly`),
    },
    useless: [`${GOOGLE}.profile.readonly`],
    uselessOutcome: 'scope_missing',
    again: 'gone',
  },
  fitbit: {
    accountId: '9ZK2QX',
    accessSeconds: 28_800,
    refreshSeconds: null,
    partial: {
      granted: ['activity', 'sleep', 'weight'],
      missing: [
        'cardio_fitness',
        'electrocardiogram',
        'heartrate',
        'irregular_rhythm_notifications',
        'nutrition',
        'oxygen_saturation',
        'profile',
        'respiratory_rate',
        'temperature',
      ],
    },
    useless: ['profile'],
    uselessOutcome: 'scope_missing',
    again: 'revoked',
  },
}

for (const [vendor, expected] of Object.entries(VENDORS)) {
  describe(`${vendor}, from consent to the end`, () => {
    test('a person who allows everything is connected, and disconnected for good', async () => {
      const { authorization, client, control, connect, revoke } = atVendor(vendor)
      const grant = await connect()
      assert.equal(grant.accountId, expected.accountId)
      assert.equal(grant.accessExpiresAt, NOW + expected.accessSeconds * 1000)
      assert.equal(grant.refreshExpiresAt, expected.refreshSeconds && NOW + expected.refreshSeconds * 1000)
      assert.deepEqual(grant.missingScopes, [])
      assert.deepEqual(grant.grantedScopes.toSorted(), requestedScopes(authorization, client).toSorted())
      const tokens = [grant.tokens.accessToken, grant.tokens.refreshToken].map(
        (token) => token?.reveal() ?? '',
      )
      assert.deepEqual(
        tokens.map((token) => control.token(token)?.state),
        ['live', 'live'],
      )

      assert.equal(await revoke(grant), 'revoked')
      assert.deepEqual(
        tokens.map((token) => control.token(token)?.state),
        ['ended', 'ended'],
      )
      assert.equal(await revoke(grant), expected.again)
    })

    test('the same person has the same account id the next time', async () => {
      const { connect } = atVendor(vendor)
      assert.equal((await connect()).accountId, (await connect()).accountId)
    })

    test('another person has another', async () => {
      const { connect } = atVendor(vendor)
      assert.notEqual((await connect({ account: 'kim' })).accountId, (await connect()).accountId)
    })

    test('what a person unticks is known as missing', async () => {
      const { connect } = atVendor(vendor)
      const grant = await connect({ scopes: expected.partial.granted })
      assert.deepEqual(grant.grantedScopes, expected.partial.granted)
      assert.deepEqual(grant.missingScopes, expected.partial.missing)
    })

    test('too little is no connection', async () => {
      const { connect } = atVendor(vendor)
      await assert.rejects(connect({ scopes: expected.useless }), { outcome: expected.uselessOutcome })
    })

    test('a person who cancels is told apart from a fault', async () => {
      const { callbackOf } = atVendor(vendor)
      await assert.rejects(callbackOf({ decision: 'cancel' }), { kind: 'denied', outcome: 'access_denied' })
      await assert.rejects(callbackOf({ trouble: 'callback-server-error' }), (error) => {
        assert.ok(error instanceof VendorError)
        return error.outcome !== 'access_denied'
      })
    })

    test('a code works once', async () => {
      const { callbackOf, exchange } = atVendor(vendor)
      const callback = await callbackOf({})
      await exchange(callback)
      await assert.rejects(exchange(callback), { kind: 'rejected', outcome: 'vendor_error' })
    })

    test('a code works in its time', async () => {
      const { authorization, control, callbackOf, exchange } = atVendor(vendor)
      const callback = await callbackOf({})
      control.advance((authorization.tokenRequest.codeLifetimeSeconds - 1) * 1000)
      await exchange(callback)
      const late = await callbackOf({})
      control.advance(authorization.tokenRequest.codeLifetimeSeconds * 1000)
      await assert.rejects(exchange(late), { kind: 'rejected' })
    })

    test('a code of another verifier does not work where there is one', async () => {
      const { authorization, callbackOf, exchange } = atVendor(vendor)
      const exchanged = exchange(await callbackOf({}), 'w'.repeat(43))
      if (authorization.authorizationRequest.pkce) await assert.rejects(exchanged, { kind: 'rejected' })
      else await exchanged
    })

    test('a vendor in trouble is told as such, at each step', async () => {
      const { authorization, control, connect, revoke } = atVendor(vendor)
      const grant = await connect()
      const steps = [
        ['token', () => connect()],
        ...(authorization.account.from === 'request' ? [['identity', () => connect()] as const] : []),
        ...(authorization.revocation.kind === 'hook' ? [['nonce', () => revoke(grant)] as const] : []),
        ['revoke', () => revoke(grant)],
      ] as const
      for (const [operation, step] of steps) {
        for (const [fault, kind, cause] of [
          [{ kind: 'status', status: 503, retryAfterSeconds: 7 }, 'unavailable', 'http_status'],
          [{ kind: 'html', status: 502 }, 'unavailable', 'http_status'],
          [{ kind: 'redirect', location: 'https://evil.example/' }, 'malformed', 'redirect'],
        ] as const) {
          control.addFault({ vendor, operation, fault })
          await assert.rejects(step, { name: 'VendorError', kind, cause }, `${operation}: ${fault.kind}`)
        }
      }
    })
  })
}
