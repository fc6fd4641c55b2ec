import type { Authorization, OAuthSource } from '../model/source.ts'

/**
 * Polar AccessLink. A token for ten years and none to refresh it; and the person must be registered with a call of our
 * own, before which nothing is recorded for us. That call fails where the person has not accepted Polar's own terms.
 * Deleting the registration ends the token.
 */
const accessLink: Authorization = {
  vendor: 'polar',
  name: 'Polar AccessLink',
  status: 'live',
  statusNote: null,
  scopes: [
    { value: 'accesslink.read_all', label: 'Training, activity and sleep', requested: true, givesData: true },
  ],
  scopeSeparator: ' ',
  authorizationRequest: {
    endpoint: 'https://flow.polar.com/oauth2/authorization',
    parameters: {},
    pkce: false,
  },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: 'https://polarremote.com/v2/oauth2/token',
    clientAuthentication: 'client_secret_basic',
    parameters: {},
    codeLifetimeSeconds: 600,
    headers: { accept: 'application/json' },
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'none', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'token', path: 'x_user_id' },
  afterConnect: [
    {
      method: 'POST',
      url: 'https://www.polaraccesslink.com/v3/users',
      authentication: 'bearer',
      headers: { accept: 'application/json' },
      body: { format: 'json', members: { 'member-id': '{connectionId}' } },
      successStatuses: [200, 201],
      doneStatuses: [409],
      consentMissingStatuses: [403],
    },
  ],
  revocation: {
    kind: 'request',
    reach: 'account',
    method: 'DELETE',
    url: 'https://www.polaraccesslink.com/v3/users/{accountId}',
    authentication: 'bearer',
    successStatuses: [204],
    goneStatuses: [401, 404],
    needsFreshToken: false,
  },
  api: { baseUrl: 'https://www.polaraccesslink.com/v3', headers: { accept: 'application/json' } },
  notifications: {
    handshake: { kind: 'probe', path: 'event', value: 'PING', status: 200, beforeSecretIsKnown: true },
    authentication: {
      kind: 'signature',
      header: 'Polar-Webhook-Signature',
      algorithm: 'sha256',
      encoding: 'hex',
      key: '{signingSecret}',
      over: 'body',
      required: true,
    },
    refusedStatus: 403,
    acceptedStatus: 200,
    format: 'json',
    bodiesDiffer: true,
    events: [
      {
        when: { event: ['SLEEP', 'ACTIVITY_SUMMARY', 'CONTINUOUS_HEART_RATE', 'SLEEP_WISE_ALERTNESS'] },
        account: 'user_id',
        means: 'data',
        span: { kind: 'daily', start: 'date', end: 'date' },
      },
      { account: 'user_id', means: 'data' },
    ],
    subscription: {
      per: 'application',
      create: {
        method: 'POST',
        url: 'https://www.polaraccesslink.com/v3/webhooks',
        authentication: 'client_secret_basic',
        body: { format: 'json', members: { url: '{notificationUri}' } },
        lists: { events: ['EXERCISE', 'SLEEP', 'ACTIVITY_SUMMARY', 'CONTINUOUS_HEART_RATE'] },
        successStatuses: [200, 201],
        doneStatuses: [],
      },
      idPath: 'data.id',
      secretPath: 'data.signature_secret_key',
      remove: {
        method: 'DELETE',
        url: 'https://www.polaraccesslink.com/v3/webhooks/{subscriptionId}',
        authentication: 'client_secret_basic',
        successStatuses: [200, 204],
        goneStatuses: [404],
      },
    },
    setUp: 'Nothing: one webhook for the client is made by the service, at the first connection.',
  },
  registration: {
    url: 'https://admin.polaraccesslink.com',
    redirectUri: { match: 'exact', loopback: 'name' },
  },
  rateLimits: [
    { per: 'client', requests: 500, windowSeconds: 900 },
    { per: 'client', requests: 5_000, windowSeconds: 86_400 },
  ],
  documentation: {
    url: 'https://www.polar.com/accesslink-api/',
    checkedOn: '2026-11-22',
    doubts: [
      'The limits grow with the people who are registered, by 20 in a quarter of an hour and 100 in a day for each; here stands where they begin.',
      'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
      'Whether the PING that tries an address is signed is told in two ways; it is answered as long as the key is not known, and then only with a signature that is right.',
      'Registering answers 409 when the person is registered already, and also when our id for them is taken. Ours is used once, so the first is meant.',
    ],
  },
}

/**
 * Polar's newer interface, beside AccessLink: fine scopes, short tokens, nothing to register and no call that ends a
 * grant. Tokens of one interface are not good for the other.
 */
const dynamicApi: Authorization = {
  vendor: 'polar-v4',
  name: 'Polar Dynamic API',
  status: 'live',
  statusNote: null,
  scopes: [
    { value: 'training_sessions:read', label: 'Training', requested: true, givesData: true },
    { value: 'activity:read', label: 'Daily activity', requested: true, givesData: true },
    { value: 'sleep:read', label: 'Sleep', requested: true, givesData: true },
    { value: 'nightly_recharge:read', label: 'Nightly recovery', requested: true, givesData: true },
    {
      value: 'continuous_samples:read',
      label: 'Heart rate through the day',
      requested: true,
      givesData: true,
    },
    { value: 'tests:read', label: 'Fitness tests', requested: true, givesData: true },
    { value: 'profile:read', label: 'Profile', requested: true, givesData: false },
    { value: 'ppi_data:read', label: 'Beat-to-beat intervals', requested: false, givesData: true },
    { value: 'routes:read', label: 'Routes', requested: false, givesData: true },
    {
      value: 'temperature_measurement:read',
      label: 'Skin temperature',
      requested: false,
      givesData: true,
    },
    { value: 'skin_contact:read', label: 'Wearing times', requested: false, givesData: true },
    { value: 'training_targets:read', label: 'Planned training', requested: false, givesData: false },
    { value: 'calendar:read', label: 'Calendar', requested: false, givesData: false },
    { value: 'sports:read', label: 'Sport profiles', requested: false, givesData: false },
    { value: 'devices:read', label: 'Devices', requested: false, givesData: false },
    { value: 'user_subscription:read', label: 'Subscriptions', requested: false, givesData: false },
  ],
  scopeSeparator: ' ',
  authorizationRequest: {
    endpoint: 'https://auth.polar.com/oauth/authorize',
    parameters: {},
    pkce: false,
  },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: 'https://auth.polar.com/oauth/token',
    clientAuthentication: 'client_secret_basic',
    parameters: {},
    codeLifetimeSeconds: 600,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'mayRotate', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'token', path: 'x_user_id' },
  // One open program names it, read on 2026-11-23: see the doubts.
  revocation: { kind: 'unsupported', removeAt: 'https://account.polar.com/' },
  api: { baseUrl: 'https://www.polaraccesslink.com/v4/data', headers: { accept: 'application/json' } },
  registration: {
    url: 'https://admin.polaraccesslink.com',
    redirectUri: { match: 'exact', loopback: 'name' },
  },
  documentation: {
    url: 'https://www.polar.com/polar-api-v4/',
    checkedOn: '2026-11-22',
    doubts: [
      'That people take their consent back in their Polar account is known from one open program; Polar’s own pages could not be read on it.',
      'Where this interface tells whose account it is could not be found: none of the open clients that could be read takes an id. The token answer of the older interface has it as x_user_id. Where it is missing, connecting ends with an error and keeps nothing, so try this with an account of yours first.',
      'Whether the refresh token changes is not documented; one client demands a new one, another keeps the old when none comes, and so do we.',
      'PKCE is not mentioned, and no open client uses it.',
      'No call that ends a grant was found.',
    ],
  },
}

/** Polar. Two interfaces with the same portal; each registration there is for one of them. */
export const polar: OAuthSource = {
  id: 3,
  key: 'polar',
  name: 'Polar',
  description: 'Training, sleep and recovery from Polar watches.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [accessLink, dynamicApi],
}
