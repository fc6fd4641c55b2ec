import type { Authorization, OAuthSource } from '../model/source.ts'

const PERSONAL_INFO = 'https://api.ouraring.com/v2/usercollection/personal_info'
const API = { baseUrl: 'https://api.ouraring.com/v2', headers: {} } as const
const TOPICS = [
  'workout',
  'sleep',
  'daily_sleep',
  'daily_activity',
  'daily_readiness',
  'daily_spo2',
  'daily_stress',
  'session',
].flatMap((data) => ['create', 'update'].map((event) => `${event}:${data}`))
const CLIENT_HEADERS = { 'x-client-id': '{clientId}', 'x-client-secret': '{clientSecret}' } as const
const SUBSCRIPTION = 'https://api.ouraring.com/v2/webhook/subscription'

/** The same for applications of both providers. */
const NOTIFICATIONS: Authorization['notifications'] = {
  handshake: {
    kind: 'echo',
    parameter: 'challenge',
    answer: 'json',
    member: 'challenge',
    tokenParameter: 'verification_token',
    token: '{verifyToken}',
  },
  authentication: {
    kind: 'signature',
    header: 'x-oura-signature',
    algorithm: 'sha256',
    encoding: 'HEX',
    key: '{clientSecret}',
    over: 'timestamp+body',
    timestamp: { header: 'x-oura-timestamp', unit: 'seconds', toleranceSeconds: 3_600 },
    required: true,
  },
  refusedStatus: 401,
  acceptedStatus: 200,
  format: 'json',
  bodiesDiffer: true,
  events: [{ account: 'user_id', means: 'data' }],
  subscription: {
    per: 'application',
    // `create:sleep`: what happens, and to which kind of data.
    topics: TOPICS,
    create: {
      method: 'POST',
      url: SUBSCRIPTION,
      authentication: 'none',
      headers: CLIENT_HEADERS,
      body: {
        format: 'json',
        members: {
          callback_url: '{notificationUri}',
          verification_token: '{verifyToken}',
          event_type: '{topic.0}',
          data_type: '{topic.1}',
        },
      },
      successStatuses: [200, 201],
      doneStatuses: [],
    },
    idPath: 'id',
    lifetimeSeconds: 7_776_000,
    renew: {
      method: 'PUT',
      url: `${SUBSCRIPTION}/renew/{subscriptionId}`,
      authentication: 'none',
      headers: CLIENT_HEADERS,
      successStatuses: [200],
    },
    remove: {
      method: 'DELETE',
      url: `${SUBSCRIPTION}/{subscriptionId}`,
      authentication: 'none',
      headers: CLIENT_HEADERS,
      successStatuses: [200, 204],
      goneStatuses: [404],
    },
  },
  setUp: 'Nothing: the service subscribes at the first connection, and renews that before its end.',
}
const REGISTRATION: Authorization['registration'] = {
  url: 'https://developer.ouraring.com/applications',
  redirectUri: { match: 'exact', loopback: 'name' },
}

/**
 * What the boxes on Oura's page are. Both identity providers have them, the newer one with a prefix. The person's id is
 * read with `personal`.
 */
const scopes = (prefix: string): Authorization['scopes'] => [
  { value: `${prefix}personal`, label: 'Age, height and sex', requested: true, givesData: false },
  { value: `${prefix}daily`, label: 'Daily sleep, activity and readiness', requested: true, givesData: true },
  { value: `${prefix}heartrate`, label: 'Heart rate', requested: true, givesData: true },
  { value: `${prefix}workout`, label: 'Workouts', requested: true, givesData: true },
  { value: `${prefix}session`, label: 'Guided sessions', requested: true, givesData: true },
  { value: `${prefix}spo2`, label: 'Blood oxygen', requested: true, givesData: true },
  { value: `${prefix}stress`, label: 'Stress', requested: true, givesData: true },
  { value: `${prefix}heart_health`, label: 'Heart health', requested: true, givesData: true },
  { value: `${prefix}tag`, label: 'Tags and notes', requested: false, givesData: true },
  { value: `${prefix}ring_configuration`, label: 'The ring', requested: false, givesData: false },
  { value: `${prefix}email`, label: 'Email address', requested: false, givesData: false },
]

/**
 * Oura's newer identity provider, as clients report it for applications that were registered since 2025. It sends `iss` to the callback
 * and takes PKCE. An application works with one of the two providers, and a code that is shown to the wrong one is burnt,
 * so nothing is tried out: the client's vendor key says which it is.
 */
const identityProvider: Authorization = {
  vendor: 'oura',
  name: 'Oura',
  status: 'live',
  statusNote: null,
  scopes: [
    ...scopes('extapi:'),
    { value: 'extapi:reproductive_cycle', label: 'Menstrual cycle', requested: false, givesData: true },
  ],
  scopeSeparator: ' ',
  authorizationRequest: {
    endpoint: 'https://moi.ouraring.com/oauth/v2/ext/oauth-authorize',
    parameters: {},
    pkce: true,
  },
  authorizationResponse: {
    grantedScopeParameter: 'scope',
    grantedScopeMayBeMissing: true,
    issuer: { value: 'https://moi.ouraring.com/oauth/v2/ext/oauth-anonymous', required: false },
  },
  tokenRequest: {
    endpoint: 'https://moi.ouraring.com/oauth/v2/ext/oauth-token',
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 600,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'rotating', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'request', url: PERSONAL_INFO, path: 'id' },
  revocation: {
    kind: 'token',
    reach: 'account',
    endpoint: 'https://moi.ouraring.com/oauth/v2/ext/oauth-revoke',
    clientAuthentication: 'client_secret_post',
    sendTypeHint: true,
    goneStatuses: [],
  },
  api: API,
  notifications: NOTIFICATIONS,
  registration: REGISTRATION,
  documentation: {
    url: 'https://moi.ouraring.com/oauth/v2/ext/oauth-anonymous/.well-known/openid-configuration',
    checkedOn: '2026-11-22',
    doubts: [
      "Oura's written documentation still shows the older addresses only. What is here is what one open client took from the provider's own metadata in September 2026, and others use.",
      'The metadata as it was read in September 2026 names no extapi:email, extapi:ring_configuration and extapi:reproductive_cycle, which other clients ask for; they are not asked for by default.',
      'That the callback lists the granted scopes is documented, and one client reports that it does not always. Where neither it nor the token answer does, all that was asked for counts as granted.',
      'Blood oxygen is spo2 in the written documentation and spo2Daily in the newer description of the interface, as one client has it.',
      'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
      'Whether ending one token ends every grant of the account is not documented; account is the careful reading.',
    ],
  },
}

/**
 * Oura's older addresses, for applications that were registered before. The scopes have no prefix; granted ones stand in
 * the callback. A grant is ended with the access token in the address, and no client authentication.
 */
const olderProvider: Authorization = {
  vendor: 'oura-legacy',
  name: 'Oura (older registrations)',
  status: 'live',
  statusNote: 'For applications that were registered at Oura before 2025.',
  scopes: scopes(''),
  scopeSeparator: ' ',
  authorizationRequest: {
    endpoint: 'https://cloud.ouraring.com/oauth/authorize',
    parameters: {},
    pkce: false,
  },
  authorizationResponse: { grantedScopeParameter: 'scope', grantedScopeMayBeMissing: true, issuer: null },
  tokenRequest: {
    endpoint: 'https://api.ouraring.com/oauth/token',
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 600,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'rotating', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'request', url: PERSONAL_INFO, path: 'id' },
  revocation: {
    kind: 'request',
    reach: 'account',
    method: 'POST',
    url: 'https://api.ouraring.com/oauth/revoke?access_token={accessToken}',
    authentication: 'none',
    successStatuses: [200, 204],
    goneStatuses: [401],
    needsFreshToken: true,
  },
  api: API,
  notifications: NOTIFICATIONS,
  registration: REGISTRATION,
  documentation: {
    url: 'https://cloud.ouraring.com/docs/authentication',
    checkedOn: '2026-11-22',
    doubts: [
      'Three ways to end a grant are in use: the documented one, with access_token in the address, is taken here; one client sends the refresh token as a bearer token; one sends the form of RFC 7009.',
      'When registrations moved to the newer provider is not told. One client reports that new applications are unknown here, another that only the portal moved and these addresses stayed.',
      'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
    ],
  },
}

/** Oura. One source with two identity providers; which one is for an application depends on when it was registered. */
export const oura: OAuthSource = {
  id: 18,
  key: 'oura',
  name: 'Oura',
  description: 'Sleep, activity and readiness from the Oura ring.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [identityProvider, olderProvider],
}
