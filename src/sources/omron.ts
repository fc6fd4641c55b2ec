import type { Authorization, OAuthSource } from '../model/source.ts'

/** Where it is: production and the vendor's own test system differ by their hosts alone. */
interface Place {
  readonly vendor: string
  readonly name: string
  readonly statusNote: string
  readonly environment: 'production' | 'sandbox'
  readonly origin: string
}

/**
 * Omron's interface for the United States: an ordinary identity server, whose ID token says whose account it is. Clients
 * are given to partners only.
 */
const authorizationAt = ({ origin, ...place }: Place): Authorization => ({
  ...place,
  status: 'live',
  region: { key: 'us', label: 'United States' },
  scopes: [
    { value: 'bloodpressure', label: 'Blood pressure', requested: true, givesData: true },
    { value: 'activity', label: 'Activity', requested: true, givesData: true },
    { value: 'openid', label: 'Account number', requested: true, givesData: false },
    { value: 'offline_access', label: 'Access while you are away', requested: true, givesData: false },
  ],
  scopeSeparator: ' ',
  authorizationRequest: { endpoint: `${origin}/connect/authorize`, parameters: {}, pkce: false },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: `${origin}/connect/token`,
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 300,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'mayRotate', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'idToken', claim: 'sub' },
  revocation: {
    kind: 'token',
    reach: 'account',
    endpoint: `${origin}/connect/revocation`,
    clientAuthentication: 'client_secret_post',
    sendTypeHint: true,
    goneStatuses: [],
  },
  registration: {
    url: 'https://omronhealthcare.com/api/',
    redirectUri: { match: 'exact', loopback: 'unknown' },
  },
  documentation: {
    url: 'https://omronhealthcare-ohi.atlassian.net/wiki/spaces/API/pages/2480308225/Omron+Partner+API+for+US',
    checkedOn: '2026-11-22',
    doubts: [
      'Clients are for partners, so this cannot be tried without an agreement.',
      'The beginning of the partner documentation and some open clients could be read: scopes, addresses and the ID token are theirs.',
      'How the client identifies itself when it ends a grant is not shown; one client posts the token alone. The secret is sent in the body, as in the token request.',
      'Whether PKCE is taken, how long tokens and codes live and whether the refresh token changes is not known; five minutes is what such servers give a code by default.',
      'The interface also gives weight; the scope for it is not known.',
      'Europe has a system of its own, which is not offered here: its addresses were not found. Accounts of other parts of the world are on neither.',
    ],
  },
})

/** Omron Connect, with its own test system, which is where every partner begins. */
export const omron: OAuthSource = {
  id: 16,
  key: 'omron-connect',
  name: 'Omron Connect',
  description: 'Blood pressure and weight from Omron monitors.',
  category: 'body',
  kind: 'oauth2',
  authorizations: [
    authorizationAt({
      vendor: 'omron',
      name: 'Omron',
      statusNote: 'Omron gives clients to its partners only.',
      environment: 'production',
      origin: 'https://oauth.omronwellness.com',
    }),
    authorizationAt({
      vendor: 'omron-staging',
      name: 'Omron staging',
      statusNote: 'The test system of Omron, with test accounts only.',
      environment: 'sandbox',
      origin: 'https://ohi-oauth.numerasocial.com',
    }),
  ],
}
