import type { Authorization, OAuthSource } from '../model/source.ts'

const ACCEPT = 'application/vnd.c2logbook.v1+json'

/** The logbook and the vendor's own test logbook differ by their host alone. */
interface Place {
  readonly vendor: string
  readonly name: string
  readonly statusNote: string | null
  readonly environment: 'production' | 'sandbox'
  readonly origin: string
}

/** Concept2's logbook. Commas between scopes, the scopes once more in the token request, and a media type of its own. */
const authorizationAt = ({ origin, ...place }: Place): Authorization => ({
  ...place,
  status: 'live',
  scopes: [
    { value: 'user:read', label: 'Profile', requested: true, givesData: false },
    { value: 'results:read', label: 'Workouts', requested: true, givesData: true },
    { value: 'user:write', label: 'Changing the profile', requested: false, givesData: false },
    { value: 'results:write', label: 'Adding workouts', requested: false, givesData: false },
  ],
  scopeSeparator: ',',
  authorizationRequest: { endpoint: `${origin}/oauth/authorize`, parameters: {}, pkce: false },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: `${origin}/oauth/access_token`,
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 600,
    headers: { accept: ACCEPT },
    sendsScope: true,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'rotating', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'request', url: `${origin}/api/users/me`, path: 'data.id', headers: { accept: ACCEPT } },
  revocation: { kind: 'unsupported', removeAt: `${origin}/profile` },
  api: { baseUrl: `${origin}/api`, headers: { accept: ACCEPT } },
  registration: {
    url: 'https://log.concept2.com/developers/keys',
    redirectUri: { match: 'exact', loopback: 'unknown' },
  },
  documentation: {
    url: 'https://log.concept2.com/developers/documentation/',
    checkedOn: '2026-11-22',
    doubts: [
      'Lifetimes of about seven days and one year are reported and not verified; what the answer says counts.',
      'No call that ends a grant was found.',
      'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
    ],
  },
})

/** Concept2, with the test logbook that every new application must use first. */
export const concept2: OAuthSource = {
  id: 1006,
  key: 'concept2',
  name: 'Concept2',
  description: 'Rowing, skiing and cycling from Concept2 machines.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    authorizationAt({
      vendor: 'concept2',
      name: 'Concept2',
      statusNote: null,
      environment: 'production',
      origin: 'https://log.concept2.com',
    }),
    authorizationAt({
      vendor: 'concept2-sandbox',
      name: 'Concept2 test logbook',
      statusNote: 'The test logbook of Concept2, with accounts of its own.',
      environment: 'sandbox',
      origin: 'https://log-dev.concept2.com',
    }),
  ],
}
