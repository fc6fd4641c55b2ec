import type { Authorization, OAuthSource } from '../model/source.ts'

/** One of Dexcom's systems. They differ by their hosts alone, and share neither people nor tokens. */
interface Place extends Pick<Authorization, 'vendor' | 'name' | 'statusNote' | 'environment' | 'region'> {
  readonly origin: string
}

/**
 * Dexcom. One scope, which gives the glucose values and lets us come back; the access token says whose account it is. A
 * code lives a minute and a refresh token works once. People are kept apart by where they live, so they choose before
 * they leave. There is no call that ends a grant.
 */
const authorizationAt = ({ origin, ...place }: Place): Authorization => ({
  ...place,
  status: 'live',
  scopes: [
    {
      value: 'offline_access',
      label: 'Glucose values and sensor data',
      requested: true,
      givesData: true,
    },
  ],
  scopeSeparator: ' ',
  authorizationRequest: { endpoint: `${origin}/v2/oauth2/login`, parameters: {}, pkce: false },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: `${origin}/v2/oauth2/token`,
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 60,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'rotating', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'accessToken', claim: 'sub' },
  revocation: { kind: 'unsupported' },
  api: { baseUrl: `${origin}/v3`, headers: {} },
  registration: {
    url: 'https://developer.dexcom.com',
    redirectUri: { match: 'exact', loopback: 'unknown' },
  },
  documentation: {
    url: 'https://developer.dexcom.com/docs/dexcom/authentication/',
    checkedOn: '2026-11-22',
    doubts: [
      'The same addresses below /v3 are used by newer clients and answer too; the documentation has /v2.',
      'How long a refresh token lives is not documented.',
      'Whether one client works on every system is not documented.',
      'Where a person removes the application depends on their Dexcom app; an address for it is not documented.',
    ],
  },
})

/** Dexcom: three regions, and its own sandbox with made-up people. */
export const dexcom: OAuthSource = {
  id: 41,
  key: 'dexcom',
  name: 'Dexcom',
  description: 'Glucose values from Dexcom sensors.',
  category: 'glucose',
  kind: 'oauth2',
  authorizations: [
    authorizationAt({
      vendor: 'dexcom',
      name: 'Dexcom',
      statusNote: null,
      region: { key: 'us', label: 'United States' },
      origin: 'https://api.dexcom.com',
    }),
    authorizationAt({
      vendor: 'dexcom-eu',
      name: 'Dexcom outside the United States',
      statusNote: null,
      region: { key: 'eu', label: 'Outside the United States and Japan' },
      origin: 'https://api.dexcom.eu',
    }),
    authorizationAt({
      vendor: 'dexcom-jp',
      name: 'Dexcom Japan',
      statusNote: null,
      region: { key: 'jp', label: 'Japan' },
      origin: 'https://api.dexcom.jp',
    }),
    authorizationAt({
      vendor: 'dexcom-sandbox',
      name: 'Dexcom sandbox',
      statusNote: 'The test system of Dexcom, with made-up people only.',
      environment: 'sandbox',
      origin: 'https://sandbox-api.dexcom.com',
    }),
  ],
}
