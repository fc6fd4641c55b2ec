import type { OAuth1Authorization } from '../model/source.ts'

/**
 * Garmin's first generation, by OAuth 1.0a, which Garmin shuts down at the end of 2026. The callback is told on the
 * authorization URL, and no `state` is known. A connection becomes one of OAuth 2.0 by an exchange that asks nothing of
 * the person; the account's id stays the same. Only an application that names it still connects by it.
 */
export const garminOAuth1: OAuth1Authorization = {
  protocol: 'oauth1',
  vendor: 'garmin-oauth1',
  name: 'Garmin (OAuth 1.0a)',
  status: 'ended',
  statusNote:
    'Garmin ends OAuth 1.0a on 2026-12-31. Ask Garmin to enable OAuth 2.0 for your application, then exchange the connections.',
  scopes: [
    { value: 'ACTIVITY_EXPORT', label: 'Activities', requested: true, givesData: true },
    { value: 'HEALTH_EXPORT', label: 'Steps, sleep and heart rate', requested: true, givesData: true },
    {
      value: 'HISTORICAL_DATA_EXPORT',
      label: 'Earlier data',
      requested: false,
      givesData: true,
    },
    { value: 'MCT_EXPORT', label: 'Menstrual cycle', requested: false, givesData: true },
    { value: 'WORKOUT_IMPORT', label: 'Adding workouts', requested: false, givesData: false },
    { value: 'COURSE_IMPORT', label: 'Adding courses', requested: false, givesData: false },
  ],
  scopeSeparator: ' ',
  temporaryCredentialEndpoint: 'https://connectapi.garmin.com/oauth-service/oauth/request_token',
  authorizationEndpoint: 'https://connect.garmin.com/oauthConfirm',
  tokenEndpoint: 'https://connectapi.garmin.com/oauth-service/oauth/access_token',
  callbackIn: 'authorization_url',
  account: { from: 'request', url: 'https://apis.garmin.com/wellness-api/rest/user/id', path: 'userId' },
  permissions: {
    url: 'https://apis.garmin.com/wellness-api/rest/user/permissions',
    path: 'permissions',
    triesWhenEmpty: 3,
  },
  revocation: {
    kind: 'request',
    reach: 'account',
    // Garmin's start guide, as partners quote it, read on 2026-11-23: where people change what they share.
    removeAt: 'https://connect.garmin.com/modern/settings/accountInformation',
    method: 'DELETE',
    url: 'https://apis.garmin.com/wellness-api/rest/user/registration',
    // Signed with the token: a grant of this protocol has no bearer token.
    authentication: 'bearer',
    successStatuses: [204],
    goneStatuses: [401],
    needsFreshToken: false,
  },
  exchange: {
    url: 'https://apis.garmin.com/partner-gateway/rest/user/token-exchange',
    vendor: 'garmin',
  },
  api: { baseUrl: 'https://apis.garmin.com/wellness-api/rest', headers: {} },
  registration: {
    url: 'https://developer.garmin.com/gc-developer-program/',
    redirectUri: { match: 'domain', loopback: 'unknown' },
  },
  documentation: {
    url: 'https://github.com/stoufa06/php-garmin-connect-api/issues/23',
    checkedOn: '2026-11-22',
    doubts: [
      'Garmin’s migration guide is read as partners quote it. It names the end (12/31/2026) and the exchange, signed with OAuth 1; one client sends a PKCE challenge and the token’s secret in the body as well, others send nothing. Nothing is sent here.',
      'Whether an exchanged OAuth 1 token lives on until the end is not said. It is not used any more here.',
      'What the callback carries when the person says no is not documented. No verifier, or the word null for one, is read as a refusal.',
      'Whether the callback’s address must be registered is not documented for this generation.',
      'What ending a registration answers that has ended is not documented; 401, for the dead token, is read as ended.',
    ],
  },
}
