import type { Answer, Vendor } from '../vendor.ts'
import { accountOf } from './people.ts'

const fault = (
  status: number,
  message: string,
  ...errors: readonly (readonly [resource: string, field: string, code: string])[]
): Answer => ({
  status,
  body: { message, errors: errors.map(([resource, field, code]) => ({ resource, field, code })) },
})

const page = (field: string, code = 'invalid', resource = 'Application') =>
  JSON.stringify({ message: 'Bad Request', errors: [{ resource, field, code }] })

const athlete = {
  id: '{subject}',
  username: '{account.username}',
  resource_state: 2,
  firstname: '{account.firstname}',
  lastname: '{account.lastname}',
  city: '{account.city}',
  state: '',
  country: '{account.country}',
  sex: '{account.sex}',
  premium: false,
  summit: false,
  created_at: '2019-05-04T08:00:00Z',
  updated_at: '2026-10-01T08:00:00Z',
}

const pair = {
  token_type: 'Bearer',
  access_token: '{accessToken}',
  expires_at: '{expiresAt}',
  expires_in: '{expiresIn}',
  refresh_token: '{refreshToken}',
}

const athleteEvent = {
  aspect_type: 'update',
  event_time: '{timeSeconds}',
  object_id: '{subject}',
  object_type: 'athlete',
  owner_id: '{subject}',
  subscription_id: '{subscriptionNumber}',
  updates: { authorized: 'false' },
}

/** Strava: commas between scopes, the granted ones in the callback, the domain of the redirect URI alone compared. */
export const strava: Vendor = {
  key: 'strava',
  name: 'Strava',
  documentation: {
    url: 'https://developers.strava.com/docs/authentication/',
    checkedOn: '2026-11-22',
    doubts: [
      'How long a code lives is not documented; ten minutes here.',
      'Whether /oauth/revoke ends one pair or the whole account is not said; the whole account here, the harsher reading.',
      'Wording of the errors for a missing grant_type is a guess.',
      'Whether and with which key events are signed: newer clients verify t=,v1= with the client secret, as here; one says that nothing is signed.',
    ],
  },
  accounts: [
    accountOf('robin', '30100701', { username: 'robin_vale' }),
    accountOf('kim', '30100702', { username: null }),
    accountOf('noor', '30100703', { username: 'noor' }),
  ],
  scopes: [
    { value: 'read', sentence: 'See your public profile, segments and routes', fixed: 'always' },
    { value: 'read_all', sentence: 'See your private routes and segments' },
    { value: 'profile:read_all', sentence: 'See your whole profile, even when it is private' },
    { value: 'profile:write', sentence: 'Change your weight and starred segments' },
    { value: 'activity:read', sentence: 'See your activities, except those only you can see' },
    { value: 'activity:read_all', sentence: 'See all your activities, also those only you can see' },
    { value: 'activity:write', sentence: 'Upload and change activities for you' },
  ],
  authorization: {
    urls: ['www.strava.com/oauth/authorize', 'www.strava.com/oauth/mobile/authorize'],
    scopeSeparator: ',',
    stateRequired: false,
    redirectUri: { match: 'host', loopbackAlways: true, publicOnly: false, optional: false },
    pkce: 'ignored',
    pkceMethods: [],
    callback: [
      ['state', '{state}'],
      ['code', '{code}'],
      ['scope', '{scope}'],
    ],
    errorCallback: [
      ['state', '{state}'],
      ['error', '{error}'],
      ['error_description', '{errorDescription}'],
    ],
    append: 'naive',
    problems: {
      client: page('client_id'),
      redirect_uri: page('redirect_uri'),
      response_type: page('response_type', 'invalid', 'Authorize'),
      scope: page('scope', 'invalid', 'Authorize'),
      default: page('', 'invalid', 'Authorize'),
    },
  },
  code: { encoding: 'hex', bytes: 20 },
  token: {
    urls: ['www.strava.com/oauth/token', 'www.strava.com/api/v3/oauth/token'],
    clientAuthentication: ['client_secret_post'],
    redirectUri: 'ignored',
    accessToken: { encoding: 'hex', bytes: 20 },
    refreshToken: { encoding: 'hex', bytes: 20 },
    scopeSeparator: ',',
    exchangeAnswer: { status: 200, body: { ...pair, athlete } },
    refreshAnswer: { status: 200, body: pair },
  },
  refresh: {
    rotates: 'with-access-token',
    keepsAccessTokenAboveSeconds: 3_600,
    endsOlderAccessTokens: true,
    lifetimeSeconds: null,
    idleLifetimeSeconds: null,
  },
  revocations: [
    {
      url: 'www.strava.com/oauth/revoke',
      authentication: 'client_secret_basic',
      target: { kind: 'token', parameter: 'token' },
      reach: 'account',
      gone: 'success',
      answer: { status: 200, body: null },
      refusals: { client: fault(401, 'Authorization Error') },
    },
    {
      url: 'www.strava.com/oauth/deauthorize',
      authentication: 'bearer',
      target: { kind: 'token', parameter: 'access_token' },
      reach: 'account',
      gone: 'refusal',
      answer: { status: 200, body: { access_token: '{accessToken}' } },
      refusals: {
        token: fault(401, 'Authorization Error', ['Athlete', 'access_token', 'invalid']),
      },
    },
  ],
  resources: [
    {
      operation: 'data',
      methods: ['GET'],
      url: 'www.strava.com/api/v3/athlete',
      scopes: ['read'],
      answer: { status: 200, body: athlete },
    },
  ],
  refusals: {
    client: fault(400, 'Bad Request', ['Application', 'client_id', 'invalid']),
    'client.secret': fault(401, 'Authorization Error', ['Application', '', 'invalid']),
    grant_type: fault(400, 'Bad Request', ['Application', 'grant_type', 'invalid']),
    code: fault(400, 'Bad Request', ['AuthorizationCode', 'code', 'invalid']),
    'code.expired': fault(400, 'Bad Request', ['AuthorizationCode', '', 'expired']),
    refresh_token: fault(400, 'Bad Request', ['RefreshToken', 'refresh_token', 'invalid']),
    access_token: fault(401, 'Authorization Error', ['Athlete', 'access_token', 'invalid']),
    scope: fault(401, 'Authorization Error', ['AccessToken', '{value}_permission', 'missing']),
    token: fault(400, 'Bad Request', ['Token', 'token', 'invalid']),
    rate: fault(429, 'Rate Limit Exceeded', ['Application', 'rate limit', 'exceeded']),
    default: fault(400, 'Bad Request', ['Application', '', 'invalid']),
  },
  events: {
    format: 'json',
    batch: 'single',
    signature: {
      header: 'X-Strava-Signature',
      algorithm: 'sha256',
      encoding: 'hex',
      key: 'client',
      over: 'timed',
    },
    handshake: 'hub-challenge',
    kinds: {
      revoked: { item: athleteEvent },
      'account-deleted': { item: athleteEvent },
      data: {
        item: {
          aspect_type: 'create',
          event_time: '{timeSeconds}',
          object_id: '{eventNumber}',
          object_type: 'activity',
          owner_id: '{subject}',
          subscription_id: '{subscriptionNumber}',
          updates: {},
        },
      },
    },
  },
  subscription: {
    url: 'www.strava.com/api/v3/push_subscriptions',
    method: 'POST',
    authentication: 'client_secret_post',
    urlParameter: 'callback_url',
    verifyTokenParameter: 'verify_token',
    answer: { status: 201, body: { id: '{subscriptionNumber}' } },
  },
  switches: {
    allowLocalhost: true,
    userIdAs: 'number',
    codeLifetimeSeconds: 600,
    accessTokenLifetimeSeconds: 21_600,
    burnCodeOnFailedTry: false,
    endGrantOnRefreshReuse: false,
    stateMinCharacters: 0,
  },
}
