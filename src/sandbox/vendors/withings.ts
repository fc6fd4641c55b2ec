import type { Answer, Vendor } from '../vendor.ts'
import { accountOf } from './people.ts'

/** Withings always answers with HTTP 200; what went wrong stands in the body. */
const no = (status: number, error: string): Answer => ({ status: 200, body: { status, body: {}, error } })

const invalid = (parameter: string) => no(503, `Invalid Params: invalid ${parameter}`)
const page = (message: string) => JSON.stringify({ errors: [{ message }] })

const pair: Answer = {
  status: 200,
  body: {
    status: 0,
    body: {
      userid: '{subject}',
      access_token: '{accessToken}',
      refresh_token: '{refreshToken}',
      scope: '{scope}',
      expires_in: '{expiresIn}',
      token_type: 'Bearer',
      csrf_token: '{csrfToken}',
    },
  },
}

const OAUTH2 = 'wbsapi.withings.net/v2/oauth2'

/** Withings: one URL for all with an `action`, an envelope with HTTP 200, codes for 30 seconds, signed revocation. */
export const withings: Vendor = {
  key: 'withings',
  name: 'Withings',
  documentation: {
    url: 'https://developer.withings.com/api-reference/',
    checkedOn: '2026-11-22',
    doubts: [
      'Withings has not been seen to let people untick scopes; here they can.',
      'Status numbers of a missing or unknown action, nonce or signature are not documented one by one.',
      'What revoking a grant that is already gone answers is not documented; success here.',
      'The documentation also shows a redirect URI with a longer path than the registered one; exact match here.',
    ],
  },
  accounts: [accountOf('robin', '18402201'), accountOf('kim', '18402202'), accountOf('noor', '18402203')],
  scopes: [
    { value: 'user.info', sentence: 'See your profile and which devices you have' },
    { value: 'user.metrics', sentence: 'See measurements such as weight, heart rate and blood pressure' },
    { value: 'user.activity', sentence: 'See your steps, workouts and sleep summaries' },
    { value: 'user.sleepevents', sentence: 'See when you go to bed and get up' },
  ],
  authorization: {
    urls: ['account.withings.com/oauth2_user/authorize2'],
    scopeSeparator: ',',
    stateRequired: true,
    redirectUri: { match: 'exact', loopbackAlways: false, publicOnly: true, optional: false },
    pkce: 'ignored',
    pkceMethods: [],
    callback: [
      ['code', '{code}'],
      ['state', '{state}'],
    ],
    errorCallback: [
      ['error', '{error}'],
      ['error_description', '{errorDescription}'],
      ['state', '{state}'],
    ],
    append: 'standard',
    problems: {
      client: page('invalid_client: The client id supplied is invalid'),
      redirect_uri: page(
        'redirect_uri_mismatch: The redirect URI provided is missing or does not match partner callback url',
      ),
      'redirect_uri.private': page(
        'redirect_uri_mismatch: The redirect URI must be reachable: neither localhost nor an IP address',
      ),
      response_type: page('invalid_request: Invalid or missing response type'),
      scope: page('invalid_scope: An unsupported scope was requested'),
      state: page('invalid_request: The state parameter is required'),
      default: page('invalid_request'),
    },
  },
  code: { encoding: 'hex', bytes: 20 },
  token: {
    urls: [OAUTH2],
    action: 'requesttoken',
    clientAuthentication: ['client_secret_post', 'signature'],
    redirectUri: 'required',
    accessToken: { encoding: 'hex', bytes: 20 },
    refreshToken: { encoding: 'hex', bytes: 20 },
    scopeSeparator: ',',
    exchangeAnswer: pair,
    refreshAnswer: pair,
  },
  refresh: {
    rotates: 'always',
    overlapSeconds: 28_800,
    endsOlderAccessTokens: false,
    lifetimeSeconds: 31_536_000,
    idleLifetimeSeconds: null,
  },
  revocations: [
    {
      url: OAUTH2,
      action: 'revoke',
      authentication: 'signature',
      target: { kind: 'subject', parameter: 'userid' },
      reach: 'account',
      gone: 'success',
      answer: { status: 200, body: { status: 0, body: {} } },
    },
  ],
  resources: [
    {
      operation: 'data',
      methods: ['POST', 'GET'],
      url: 'wbsapi.withings.net/v2/user',
      action: 'getdevice',
      scopes: ['user.info'],
      answer: {
        status: 200,
        body: { status: 0, body: { devices: [{ type: 'Scale', model: 'Body', battery: 'high' }] } },
      },
    },
    {
      operation: 'data',
      methods: ['POST', 'GET'],
      url: 'wbsapi.withings.net/measure',
      action: 'getmeas',
      scopes: ['user.metrics'],
      answer: { status: 200, body: { status: 0, body: { measuregrps: [] } } },
    },
  ],
  nonce: {
    url: 'wbsapi.withings.net/v2/signature',
    action: 'getnonce',
    lifetimeSeconds: 1_800,
    answer: { status: 200, body: { status: 0, body: { nonce: '{nonce}' } } },
  },
  refusals: {
    client: invalid('client_id'),
    'client.secret': invalid('client_secret'),
    action: no(2554, 'Not implemented'),
    grant_type: invalid('grant_type'),
    code: invalid('code'),
    redirect_uri: invalid('redirect_uri'),
    refresh_token: invalid('refresh_token'),
    access_token: no(401, 'XRequestID: Not provided invalid_token: The access token provided is invalid'),
    scope: no(403, 'XRequestID: Not provided insufficient_scope: The request requires higher privileges'),
    subject: invalid('userid'),
    nonce: invalid('nonce'),
    timestamp: invalid('timestamp'),
    signature: invalid('signature'),
    rate: no(601, 'Too Many Requests'),
    default: no(503, 'Invalid Params'),
  },
  events: {
    format: 'form',
    batch: 'single',
    signature: null,
    handshake: 'head',
    kinds: {
      revoked: { item: { userid: '{subject}', appli: 46, action: 'unlink' } },
      'account-deleted': { item: { userid: '{subject}', appli: 46, action: 'delete' } },
      data: {
        item: { userid: '{subject}', appli: 4, startdate: '{timeSeconds}', enddate: '{timeSeconds}' },
      },
    },
  },
  subscription: {
    url: 'wbsapi.withings.net/notify',
    action: 'subscribe',
    method: 'POST',
    authentication: 'bearer',
    urlParameter: 'callbackurl',
    answer: { status: 200, body: { status: 0, body: {} } },
  },
  switches: {
    allowLocalhost: false,
    userIdAs: 'number',
    codeLifetimeSeconds: 30,
    accessTokenLifetimeSeconds: 10_800,
    burnCodeOnFailedTry: false,
    endGrantOnRefreshReuse: false,
    stateMinCharacters: 0,
  },
}
