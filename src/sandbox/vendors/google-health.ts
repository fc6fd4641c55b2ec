import type { Answer, Vendor, VendorScope } from '../vendor.ts'
import { accountOf } from './people.ts'

const no = (status: number, error: string, errorDescription: string): Answer => ({
  status,
  body: { error, error_description: errorDescription },
})

/** Errors of Google's APIs, as opposed to those of its token endpoint. */
const apiError = (code: number, status: string, message: string): Answer => ({
  status: code,
  body: { error: { code, message, status } },
})

const health = (name: string, sentence: string): VendorScope => ({
  value: `https://www.googleapis.com/auth/googlehealth.${name}`,
  sentence,
})

const healthScopes: readonly VendorScope[] = [
  health('activity_and_fitness.readonly', 'See your activity and fitness data'),
  health('activity_and_fitness.writeonly', 'Add activity and fitness data'),
  health('ecg.readonly', 'See your ECG readings'),
  health('health_metrics_and_measurements.readonly', 'See your health metrics and measurements'),
  health('health_metrics_and_measurements.writeonly', 'Add health metrics and measurements'),
  health('irn.readonly', 'See notices of an irregular heart rhythm'),
  health('location.readonly', 'See where your exercises took place'),
  health('nutrition.readonly', 'See your nutrition data'),
  health('nutrition.writeonly', 'Add nutrition data'),
  health('profile.readonly', 'See your health profile'),
  health('profile.writeonly', 'Change your health profile'),
  health('settings.readonly', 'See your health settings and devices'),
  health('settings.writeonly', 'Change your health settings'),
  health('sleep.readonly', 'See your sleep data'),
  health('sleep.writeonly', 'Add sleep data'),
]

const answer = {
  access_token: '{accessToken}',
  expires_in: '{expiresIn}',
  refresh_token: '{refreshToken}',
  scope: '{scope}',
  token_type: 'Bearer',
}

/** Google Health: the account's id by a call of its own, a refresh token at the first consent only, `iss` in the callback. */
export const googleHealth: Vendor = {
  key: 'google-health',
  name: 'Google Health',
  documentation: {
    url: 'https://developers.google.com/health',
    checkedOn: '2026-11-22',
    doubts: [
      'Notifications carry the secret, not the asymmetric signature.',
      'No id_token is given, also when openid is asked for.',
      'A refresh token lives on while it is used within six months; the seven days of the testing stage are not played.',
      'A code lives ten minutes here; Google does not say.',
    ],
  },
  accounts: [
    accountOf('robin', '108830412765091122001', { legacyUserId: '9ZK2QX' }),
    accountOf('kim', '108830412765091122002', { legacyUserId: 'B7WTM4' }),
    accountOf('noor', '108830412765091122003', { legacyUserId: '' }),
  ],
  scopes: [
    { value: 'openid', sentence: 'Know who you are at Google', fixed: 'asked' },
    { value: 'email', sentence: 'See your e-mail address', fixed: 'asked' },
    ...healthScopes,
  ],
  authorization: {
    urls: ['accounts.google.com/o/oauth2/v2/auth'],
    scopeSeparator: ' ',
    stateRequired: false,
    redirectUri: { match: 'exact', loopbackAlways: false, publicOnly: false, optional: false },
    pkce: 'optional',
    pkceMethods: ['S256', 'plain'],
    incrementalParameter: 'include_granted_scopes',
    callback: [
      ['state', '{state}'],
      ['iss', 'https://accounts.google.com'],
      ['code', '{code}'],
      ['scope', '{scope}'],
      ['authuser', '0'],
      ['prompt', 'consent'],
    ],
    errorCallback: [
      ['error', '{error}'],
      ['error_description', '{errorDescription}'],
      ['state', '{state}'],
      ['iss', 'https://accounts.google.com'],
    ],
    append: 'standard',
    problems: {
      'client.missing': 'Error 400: invalid_request - Missing required parameter: client_id',
      'client.unknown': 'Error 401: invalid_client - The OAuth client was not found.',
      'redirect_uri.missing': 'Error 400: invalid_request - Missing required parameter: redirect_uri',
      redirect_uri: 'Error 400: redirect_uri_mismatch',
      'response_type.missing': 'Error 400: invalid_request - Required parameter is missing: response_type',
      response_type: 'Error 400: unsupported_response_type',
      'scope.missing': 'Error 400: invalid_request - Missing required parameter: scope',
      scope: 'Error 400: invalid_scope - Some requested scopes were invalid.',
      default: 'Error 400: invalid_request',
    },
  },
  code: { prefix: '4/0A', encoding: 'base64url', bytes: 54 },
  token: {
    urls: ['oauth2.googleapis.com/token'],
    clientAuthentication: ['client_secret_post', 'client_secret_basic'],
    redirectUri: 'required',
    accessToken: { prefix: 'ya29.a0', encoding: 'base64url', bytes: 120 },
    refreshToken: { prefix: '1//0', encoding: 'base64url', bytes: 72 },
    scopeSeparator: ' ',
    exchangeAnswer: { status: 200, body: answer },
    refreshAnswer: {
      status: 200,
      body: {
        access_token: '{accessToken}',
        expires_in: '{expiresIn}',
        scope: '{scope}',
        token_type: 'Bearer',
      },
    },
  },
  refresh: {
    rotates: 'never',
    endsOlderAccessTokens: false,
    lifetimeSeconds: null,
    idleLifetimeSeconds: 15_552_000,
    offered: { whenParameter: ['access_type', 'offline'], againWhenParameter: ['prompt', 'consent'] },
  },
  revocations: [
    {
      url: 'oauth2.googleapis.com/revoke',
      authentication: 'none',
      target: { kind: 'token', parameter: 'token' },
      reach: 'account',
      gone: 'refusal',
      answer: { status: 200, body: {} },
    },
  ],
  resources: [
    {
      operation: 'identity',
      methods: ['GET'],
      url: 'health.googleapis.com/v4/users/me/identity',
      scopes: healthScopes.map((scope) => scope.value),
      answer: {
        status: 200,
        body: {
          name: 'users/me/identity',
          legacyUserId: '{account.legacyUserId}',
          healthUserId: '{subject}',
        },
      },
    },
    {
      operation: 'data',
      methods: ['GET'],
      url: 'health.googleapis.com/v4/users/me/profile',
      scopes: ['https://www.googleapis.com/auth/googlehealth.profile.readonly'],
      answer: { status: 200, body: { name: 'users/me/profile', age: 37 } },
    },
  ],
  refusals: {
    'client.missing': no(400, 'invalid_request', 'Could not determine client ID from request.'),
    'client.unknown': no(401, 'invalid_client', 'The OAuth client was not found.'),
    client: no(401, 'invalid_client', 'The provided client secret is invalid.'),
    'grant_type.missing': no(400, 'invalid_request', 'Required parameter is missing: grant_type'),
    grant_type: no(400, 'unsupported_grant_type', 'Invalid grant_type: {value}'),
    'code.missing': no(400, 'invalid_request', 'Missing required parameter: code'),
    'code.unknown': no(400, 'invalid_grant', 'Malformed auth code.'),
    code: no(400, 'invalid_grant', 'Bad Request'),
    'redirect_uri.missing': no(400, 'invalid_request', 'Missing parameter: redirect_uri'),
    redirect_uri: no(400, 'redirect_uri_mismatch', 'Bad Request'),
    'code_verifier.missing': no(400, 'invalid_grant', 'Missing code verifier.'),
    'code_verifier.unexpected': no(400, 'invalid_grant', 'code_verifier or verifier is not needed.'),
    code_verifier: no(400, 'invalid_grant', 'Invalid code verifier.'),
    'refresh_token.missing': no(400, 'invalid_request', 'Missing required parameter: refresh_token'),
    'refresh_token.unknown': no(400, 'invalid_grant', 'Bad Request'),
    refresh_token: no(400, 'invalid_grant', 'Token has been expired or revoked.'),
    access_token: apiError(
      401,
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    ),
    scope: apiError(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.'),
    'token.missing': no(400, 'invalid_request', 'Missing required parameter: token'),
    token: no(400, 'invalid_token', 'Token expired or revoked'),
    rate: apiError(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'),
    default: no(400, 'invalid_request', 'Bad Request'),
  },
  events: {
    format: 'json',
    batch: 'array',
    headers: { authorization: '{notificationSecret}' },
    signature: null,
    publishedKey: {
      header: 'GOOGLE-HEALTH-API-SIGNATURE',
      keysUrl: 'www.gstatic.com/googlehealthapi/webhooks/webhooks_public_keyset.json',
    },
    handshake: 'two-probes',
    kinds: {
      data: {
        item: { data: { healthUserId: '{subject}', dataType: 'steps', operation: 'UPSERT', intervals: [] } },
      },
    },
  },
  switches: {
    allowLocalhost: true,
    userIdAs: 'string',
    codeLifetimeSeconds: 600,
    accessTokenLifetimeSeconds: 3_600,
    burnCodeOnFailedTry: false,
    endGrantOnRefreshReuse: false,
    stateMinCharacters: 0,
  },
}
