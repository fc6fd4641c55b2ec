import type { Authorization, OAuthSource } from '../model/source.ts'
import { garminOAuth1 } from './garmin-oauth1.ts'

/** Kinds of data that are told with a day, and those that are told with a beginning and a length. */
const DAILY = ['dailies', 'sleeps', 'stressDetails', 'hrv', 'userMetrics', 'pulseox'] as const
const TIMED = [
  'activities',
  'activityDetails',
  'manuallyUpdatedActivities',
  'moveIQActivities',
  'epochs',
  'allDayRespiration',
  'healthSnapshot',
  'skinTemp',
] as const
const UNTIMED = ['activityFiles', 'bodyComps', 'bloodPressures', 'mct'] as const

/**
 * Garmin, by OAuth 2.0. PKCE is required, and the secret is sent all the same. There are no scopes: what an application
 * may ask for is set in Garmin's portal, and what the person allows there by switches stands in a list of its own, which
 * may be stale right after the consent. The `scope` of the token answer is the same for everybody and says nothing.
 */
const garminOAuth2: Authorization = {
  vendor: 'garmin',
  name: 'Garmin',
  status: 'live',
  statusNote: null,
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
  authorizationRequest: {
    endpoint: 'https://connect.garmin.com/oauth2Confirm',
    parameters: {},
    pkce: true,
    scopeParameter: null,
  },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: 'https://diauth.garmin.com/di-oauth2-service/oauth/token',
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 600,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: {
    mode: 'rotating',
    // 90 days. The token answer says it to the second.
    lifetimeSeconds: 7_776_000,
    lifetimePath: 'refresh_token_expires_in',
    earlySeconds: 600,
  },
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
    authentication: 'bearer',
    successStatuses: [204],
    goneStatuses: [401],
    needsFreshToken: true,
  },
  api: { baseUrl: 'https://apis.garmin.com/wellness-api/rest', headers: {} },
  notifications: {
    handshake: { kind: 'none' },
    // The header names our client, which is no secret.
    authentication: {
      kind: 'header',
      header: 'garmin-client-id',
      value: '{clientId}',
      isSecret: false,
      required: false,
    },
    refusedStatus: 403,
    acceptedStatus: 200,
    format: 'json',
    bodiesDiffer: false,
    events: [
      { list: 'deregistrations', account: 'userId', means: 'removed' },
      {
        list: 'userPermissionsChange',
        account: 'userId',
        means: 'permissions',
        permissions: 'permissions',
      },
      ...DAILY.map((list) => ({
        list,
        account: 'userId',
        means: 'data' as const,
        span: { kind: 'daily' as const, start: 'calendarDate', end: 'calendarDate' },
      })),
      ...TIMED.map((list) => ({
        list,
        account: 'userId',
        means: 'data' as const,
        span: {
          kind: 'epoch' as const,
          start: { path: 'startTimeInSeconds', unit: 'seconds' as const },
          end: { path: 'durationInSeconds', unit: 'duration' as const },
        },
      })),
      ...UNTIMED.map((list) => ({ list, account: 'userId', means: 'data' as const })),
    ],
    setUp:
      'Enter the address in the portal for each kind of notification that you want, at least for deregistrations and for changes of permissions.',
  },
  registration: {
    url: 'https://developer.garmin.com/gc-developer-program/',
    redirectUri: { match: 'exact', loopback: 'unknown' },
  },
  documentation: {
    url: 'https://developerportal.garmin.com/sites/default/files/OAuth2PKCE_1.pdf',
    checkedOn: '2026-11-22',
    doubts: [
      'New applications are reported to be on hold, so this cannot be tried without a registration from before.',
      'Most clients send the secret in the body and one in the Authorization header; both are reported to work.',
      'Older samples have the token endpoint at connectapi.garmin.com; newer clients use diauth.garmin.com.',
      "One client reads id and permissions, and ends the registration, below partner-gateway instead of wellness-api; the vendor's own paper has wellness-api.",
      "The vendor's paper could be read by way of clients that cite it, not itself.",
      'Notifications are not signed; the header with the client id keeps strays out and proves nothing. A removal and a change of permissions are confirmed at Garmin.',
      'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
      'What ending a registration answers that has ended is not documented; 401, for the dead token, is read as ended.',
    ],
  },
}

/** Garmin, by the protocol that stays, and for connections made before it by the older one. */
export const garmin: OAuthSource = {
  id: 2,
  key: 'garmin',
  name: 'Garmin',
  description: 'Activity, sleep and heart rate from Garmin watches.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [garminOAuth2, garminOAuth1],
}
