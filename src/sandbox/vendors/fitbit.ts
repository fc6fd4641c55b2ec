import type { Answer, Vendor } from '../vendor.ts'
import { accountOf } from './people.ts'

const HINT =
  'Visit https://dev.fitbit.com/docs/oauth2 for more information on the Fitbit Web API authorization process.'

const no = (status: number, errorType: string, message: string): Answer => ({
  status,
  body: { errors: [{ errorType, message: `${message} ${HINT}` }], success: false },
})

const pair: Answer = {
  status: 200,
  body: {
    access_token: '{accessToken}',
    expires_in: '{expiresIn}',
    refresh_token: '{refreshToken}',
    scope: '{scope}',
    token_type: 'Bearer',
    user_id: '{subject}',
  },
}

const notice = (collectionType: string) => ({
  collectionType,
  date: '{date}',
  ownerId: '{subject}',
  ownerType: 'user',
  subscriptionId: '{subscriptionId}',
})

/** Fitbit's legacy Web API: Basic credentials only, errors of its own shape, a refresh token that works once. */
export const fitbit: Vendor = {
  key: 'fitbit',
  name: 'Fitbit',
  documentation: {
    url: 'https://dev.fitbit.com/build/reference/web-api/authorization/',
    checkedOn: '2026-11-22',
    doubts: [
      'The Web API was to be shut down in September 2026; the sandbox plays it as it was.',
      'What revoking an unknown token answers is not documented beyond "conforms to RFC 7009"; success here.',
      'The messages for a wrong redirect_uri or code_verifier in the token call are guesses.',
    ],
  },
  accounts: [accountOf('robin', '9ZK2QX'), accountOf('kim', 'B7WTM4'), accountOf('noor', 'C3-XD8')],
  scopes: [
    { value: 'activity', sentence: 'See your activities and exercise' },
    { value: 'cardio_fitness', sentence: 'See your cardio fitness score' },
    { value: 'electrocardiogram', sentence: 'See your ECG readings' },
    { value: 'heartrate', sentence: 'See your heart rate' },
    { value: 'irregular_rhythm_notifications', sentence: 'See notices of an irregular heart rhythm' },
    { value: 'location', sentence: 'See where your activities took place' },
    { value: 'nutrition', sentence: 'See what you eat and drink' },
    { value: 'oxygen_saturation', sentence: 'See the oxygen saturation of your blood' },
    { value: 'profile', sentence: 'See your profile' },
    { value: 'respiratory_rate', sentence: 'See your breathing rate' },
    { value: 'settings', sentence: 'See your devices and alarms' },
    { value: 'sleep', sentence: 'See your sleep' },
    { value: 'social', sentence: 'See your friends' },
    { value: 'temperature', sentence: 'See your skin and body temperature' },
    { value: 'weight', sentence: 'See your weight' },
  ],
  authorization: {
    urls: ['www.fitbit.com/oauth2/authorize'],
    scopeSeparator: ' ',
    stateRequired: false,
    redirectUri: { match: 'exact', loopbackAlways: false, publicOnly: false, optional: true },
    pkce: 'optional',
    pkceMethods: ['S256'],
    callback: [
      ['code', '{code}'],
      ['state', '{state}'],
    ],
    errorCallback: [
      ['error_description', '{errorDescription}'],
      ['state', '{state}'],
      ['error', '{error}'],
    ],
    append: 'standard',
    fragment: '_=_',
    cancelDescription: 'The user denied the request.',
    problems: {
      'client.missing': 'invalid_request - Missing parameters: client_id',
      'client.unknown': 'unauthorized_client - Invalid client_id',
      'redirect_uri.missing': 'invalid_request - Missing redirect_uri parameter value',
      redirect_uri: 'invalid_request - Invalid redirect_uri parameter value',
      'response_type.missing': 'invalid_request - Missing response_type parameter value',
      response_type: 'unsupported_response_type - Invalid response_type parameter value',
      'scope.missing': 'invalid_request - Missing parameters: scope',
      scope: 'invalid_scope - Invalid scope parameter value',
      'code_challenge.malformed':
        'invalid_request - The code_challenge parameter length must be between 43 and 128',
      code_challenge_method: 'invalid_request - Unsupported code_challenge_method',
      default: 'invalid_request',
    },
  },
  code: { encoding: 'hex', bytes: 20 },
  token: {
    urls: ['api.fitbit.com/oauth2/token'],
    clientAuthentication: ['client_secret_basic'],
    redirectUri: 'if-sent',
    accessToken: { prefix: 'eyJhbGciOiJIUzI1NiJ9.', encoding: 'base64url', bytes: 96 },
    refreshToken: { encoding: 'hex', bytes: 32 },
    scopeSeparator: ' ',
    exchangeAnswer: pair,
    refreshAnswer: pair,
  },
  refresh: {
    rotates: 'always',
    endsOlderAccessTokens: false,
    lifetimeSeconds: null,
    idleLifetimeSeconds: null,
  },
  revocations: [
    {
      url: 'api.fitbit.com/oauth2/revoke',
      authentication: 'client_secret_basic',
      target: { kind: 'token', parameter: 'token' },
      reach: 'account',
      gone: 'success',
      answer: { status: 200, body: null },
    },
  ],
  resources: [
    {
      operation: 'data',
      methods: ['GET'],
      url: 'api.fitbit.com/1/user/-/profile.json',
      scopes: ['profile'],
      answer: { status: 200, body: { user: { encodedId: '{subject}', displayName: '{account.firstname}' } } },
    },
    {
      operation: 'data',
      methods: ['GET'],
      url: 'api.fitbit.com/1/user/-/activities/date/today.json',
      scopes: ['activity'],
      answer: { status: 200, body: { activities: [], summary: { steps: 7_214 } } },
    },
  ],
  // A person's own subscription: made, there already, ended. Where notifications go is entered at the portal.
  steps: [
    {
      url: 'api.fitbit.com/1/user/-/apiSubscriptions/{subscription}.json',
      method: 'POST',
      authentication: 'bearer',
      members: [],
      answer: { status: 201, body: { collectionType: 'user', ownerType: 'user' } },
      againAnswer: { status: 200, body: { collectionType: 'user', ownerType: 'user' } },
    },
    {
      url: 'api.fitbit.com/1/user/-/apiSubscriptions/{subscription}.json',
      method: 'DELETE',
      authentication: 'bearer',
      members: [],
      answer: { status: 204, body: null },
      againAnswer: { status: 404, body: { errors: [{ errorType: 'not_found' }], success: false } },
    },
  ],
  refusals: {
    'client.missing': no(
      401,
      'invalid_client',
      'Invalid authorization header format. The header was not recognized to be a valid header for any of known implementations or a client_id was not specified in case of a public client Received header = {value}.',
    ),
    'client.unknown': no(401, 'invalid_client', 'Invalid authorization header. Client id invalid: {value}.'),
    'client.secret': no(401, 'invalid_client', 'Invalid authorization header. Client secret invalid.'),
    'grant_type.missing': no(400, 'invalid_request', "Missing 'grant_type' parameter value."),
    grant_type: no(400, 'unsupported_grant_type', 'Unsupported grant_type: {value}.'),
    'code.missing': no(400, 'invalid_request', "Missing 'code' parameter value."),
    'code.expired': no(400, 'invalid_grant', 'Authorization code expired: {value}.'),
    code: no(400, 'invalid_grant', 'Authorization code invalid: {value}.'),
    redirect_uri: no(400, 'invalid_grant', 'Invalid redirect_uri parameter value.'),
    code_verifier: no(400, 'invalid_grant', 'Invalid code_verifier parameter value.'),
    'refresh_token.missing': no(400, 'invalid_request', "Missing 'refresh_token' parameter value."),
    refresh_token: no(400, 'invalid_grant', 'Refresh token invalid: {value}.'),
    'access_token.expired': no(401, 'expired_token', 'Access token expired: {value}.'),
    access_token: no(401, 'invalid_token', 'Access token invalid: {value}.'),
    scope: no(403, 'insufficient_scope', 'This application does not have permission to access {value} data.'),
    token: no(400, 'invalid_request', "Missing 'token' parameter value."),
    rate: no(429, 'system', 'Too Many Requests'),
    default: no(400, 'invalid_request', 'Invalid request.'),
  },
  events: {
    format: 'json',
    batch: 'array',
    signature: {
      header: 'X-Fitbit-Signature',
      algorithm: 'sha1',
      encoding: 'base64',
      keySuffix: '&',
      key: 'client',
      over: 'body',
    },
    handshake: 'verify-code',
    kinds: {
      revoked: { item: notice('userRevokedAccess') },
      'account-deleted': { item: notice('deleteUser') },
      data: { item: notice('activities') },
    },
  },
  switches: {
    allowLocalhost: true,
    userIdAs: 'string',
    codeLifetimeSeconds: 600,
    accessTokenLifetimeSeconds: 28_800,
    burnCodeOnFailedTry: false,
    endGrantOnRefreshReuse: false,
    stateMinCharacters: 0,
  },
}
