import type { Authorization, OAuthSource } from '../model/source.ts'

/** COROS's production and its own test system, which differ by their hosts alone. */
interface Place extends Pick<Authorization, 'vendor' | 'name' | 'statusNote' | 'environment'> {
  readonly origin: string
}

/**
 * COROS. No scopes. Errors come as a 200 with a `result` inside, also when a grant is ended. A refresh brings no tokens:
 * the ones that we have live thirty days more. Ids are longer than a number can hold, and come as text.
 */
const authorizationAt = ({ origin, ...place }: Place): Authorization => ({
  ...place,
  status: 'live',
  scopes: [],
  scopeSeparator: ' ',
  authorizationRequest: {
    endpoint: `${origin}/oauth2/authorize`,
    parameters: {},
    pkce: false,
    scopeParameter: null,
  },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: `${origin}/oauth2/accesstoken`,
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 1_800,
  },
  tokenResponse: {
    envelope: {
      statusPath: 'result',
      successStatus: '0000',
      temporaryStatuses: [],
      invalidGrantStatuses: ['5006'],
      dataPath: null,
      onlyOnFailure: true,
    },
    errorPath: 'error',
    tokenTypeOptional: true,
    // 30 days.
    lifetimeSecondsWhenSilent: 2_592_000,
  },
  refresh: {
    mode: 'extending',
    // As long as the access token, which is what a refresh extends.
    lifetimeSeconds: 2_592_000,
    lifetimePath: null,
    endpoint: `${origin}/oauth2/refresh-token`,
    // An ended pair cannot be extended.
    earlySeconds: 86_400,
  },
  account: { from: 'token', path: 'openId' },
  revocation: {
    kind: 'request',
    reach: 'account',
    method: 'POST',
    url: `${origin}/oauth2/deauthorize?token={accessToken}`,
    authentication: 'none',
    successStatuses: [200],
    goneStatuses: [401],
    needsFreshToken: false,
  },
  registration: {
    url: 'https://support.coros.com/hc/en-us/articles/17085887816340-Submitting-an-API-Application',
    redirectUri: { match: 'exact', loopback: 'unknown' },
  },
  documentation: {
    url: 'https://support.coros.com/hc/en-us/articles/17085887816340-Submitting-an-API-Application',
    checkedOn: '2026-11-22',
    doubts: [
      'Clients are given after an application by form, so this cannot be tried without one.',
      'The reference (V2.0.6, V2.1.1) goes to applicants only; what is here was read from open clients that cite it, one of them by section.',
      'The reference names the members of the token answer in two ways, access_token in its example and accessToken in its table. Open clients read the first.',
      'The refresh token itself is documented not to end. Whether an access token that has ended can still be extended is not; it is extended before.',
      'That result 5006 means a token that is not valid is cited by one client.',
      'Whether the token of a deauthorization goes into the address or into a header is seen both ways; the address is what the reference has.',
      'One client sends the scope workout; the others send none.',
    ],
  },
})

/** COROS, with its own test system, which is where every new registration begins. */
export const coros: OAuthSource = {
  id: 1002,
  key: 'coros',
  name: 'COROS',
  description: 'Workouts from COROS watches.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    authorizationAt({
      vendor: 'coros',
      name: 'COROS',
      statusNote: null,
      origin: 'https://open.coros.com',
    }),
    authorizationAt({
      vendor: 'coros-sandbox',
      name: 'COROS test environment',
      statusNote: 'The test system of COROS, with test accounts only.',
      environment: 'sandbox',
      origin: 'https://opentest.coros.com',
    }),
  ],
}
