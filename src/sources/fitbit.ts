import type { Authorization, OAuthSource } from '../model/source.ts'

/**
 * Google Health, Fitbit's successor interface. Scopes are addresses; each can be unticked. `prompt=consent` and
 * `access_type=offline` because a second consent gives no refresh token otherwise. Google sends `iss` to some callbacks
 * and not to others, and does not announce it, so it is checked where it comes. All scopes are restricted: until Google
 * has verified an application, only its listed test users can connect, and a refresh token lives seven days.
 */
const googleHealth: Authorization = {
  vendor: 'google-health',
  name: 'Google Health',
  status: 'live',
  statusNote: null,
  scopes: [
    {
      value: 'https://www.googleapis.com/auth/googlehealth.activity_and_fitness.readonly',
      label: 'Activity and fitness',
      requested: true,
      givesData: true,
    },
    {
      value: 'https://www.googleapis.com/auth/googlehealth.health_metrics_and_measurements.readonly',
      label: 'Health metrics and measurements',
      requested: true,
      givesData: true,
    },
    {
      value: 'https://www.googleapis.com/auth/googlehealth.sleep.readonly',
      label: 'Sleep',
      requested: true,
      givesData: true,
    },
    {
      value: 'https://www.googleapis.com/auth/googlehealth.nutrition.readonly',
      label: 'Nutrition',
      requested: true,
      givesData: true,
    },
    {
      value: 'https://www.googleapis.com/auth/googlehealth.ecg.readonly',
      label: 'Electrocardiograms',
      requested: true,
      givesData: true,
    },
    {
      value: 'https://www.googleapis.com/auth/googlehealth.irn.readonly',
      label: 'Irregular heart rhythm notifications',
      requested: true,
      givesData: true,
    },
    {
      value: 'https://www.googleapis.com/auth/googlehealth.profile.readonly',
      label: 'Profile',
      requested: true,
      givesData: false,
    },
    {
      value: 'https://www.googleapis.com/auth/googlehealth.settings.readonly',
      label: 'Settings and devices',
      requested: false,
      givesData: false,
    },
    {
      value: 'https://www.googleapis.com/auth/googlehealth.location.readonly',
      label: 'Location during exercise',
      requested: false,
      givesData: true,
    },
  ],
  scopeSeparator: ' ',
  authorizationRequest: {
    endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
    parameters: { access_type: 'offline', prompt: 'consent', include_granted_scopes: 'true' },
    pkce: true,
    accumulatesScopes: true,
  },
  authorizationResponse: {
    grantedScopeParameter: null,
    issuer: { value: 'https://accounts.google.com', required: false },
  },
  tokenRequest: {
    endpoint: 'https://oauth2.googleapis.com/token',
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 600,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: {
    mode: 'stable',
    // Six months without use.
    lifetimeSeconds: 15_552_000,
    lifetimePath: 'refresh_token_expires_in',
  },
  account: {
    from: 'request',
    url: 'https://health.googleapis.com/v4/users/me/identity',
    path: 'healthUserId',
  },
  revocation: {
    kind: 'token',
    reach: 'account',
    removeAt: 'https://myaccount.google.com/connections',
    endpoint: 'https://oauth2.googleapis.com/revoke',
    clientAuthentication: 'none',
    sendTypeHint: false,
    // Google answers 400 for a token that has ended, where RFC 7009 asks for 200.
    goneStatuses: [400],
  },
  notifications: {
    handshake: {
      kind: 'probe',
      path: 'type',
      value: 'verification',
      status: 200,
      beforeSecretIsKnown: false,
    },
    authentication: {
      kind: 'header',
      header: 'authorization',
      value: '{verifyToken}',
      isSecret: true,
      required: true,
      publishedKey: {
        headers: ['GOOGLE-HEALTH-API-SIGNATURE', 'X-HEALTHAPI-SIGNATURE'],
        keysUrl: 'https://www.gstatic.com/googlehealthapi/webhooks/webhooks_public_keyset.json',
      },
    },
    refusedStatus: 401,
    acceptedStatus: 204,
    format: 'json',
    bodiesDiffer: false,
    events: [
      {
        account: 'data.healthUserId',
        means: 'data',
        span: {
          kind: 'epoch',
          start: { path: 'data.intervals.0.physicalTimeInterval.startTime', unit: 'iso' },
          end: { path: 'data.intervals.0.physicalTimeInterval.endTime', unit: 'iso' },
        },
      },
    ],
    setUp:
      'Create one subscriber for the project, with a service account: the address as endpointUri, the verify token as the secret of endpointAuthorization, subscriptionCreatePolicy AUTOMATIC.',
  },
  registration: {
    url: 'https://console.cloud.google.com/apis/credentials',
    redirectUri: { match: 'exact', loopback: 'allowed' },
  },
  api: { baseUrl: 'https://health.googleapis.com/v4', headers: {} },
  documentation: {
    url: 'https://developers.google.com/health/setup',
    checkedOn: '2026-11-22',
    doubts: [
      'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
      'Which scopes the identity call accepts is listed in part only; without any of those it answers 403, which is read as too little granted.',
      'A Google account that was never joined to Google Health is reported to get a 400 from the identity call.',
      'Notifications carry the Authorization that was agreed on and a signature under a key that Google publishes; both are verified. The header of the signature had another name at first, which is understood too. One developer reports notifications without the Authorization; those are refused.',
      'Where an interval stands in a notification is taken from examples; without it, no time is passed on.',
      'include_granted_scopes brings back what the person granted to the same project before, so unticking a box may not take a scope away.',
      'Scopes for logged symptoms, mindfulness and reproductive health are in use since mid-2026; they are not offered here, an application can ask for them by its own list.',
    ],
  },
}

/**
 * Fitbit's Web API, the interface before Google Health, for registrations that still have it. Basic credentials, PKCE,
 * errors in a list, and a refresh token that works once. Revoking any token ends every session of the person.
 */
const fitbitWebApi: Authorization = {
  vendor: 'fitbit',
  name: 'Fitbit Web API',
  status: 'ended',
  statusNote: 'Fitbit shut this interface down in September 2026. New connections go through Google Health.',
  scopes: [
    { value: 'activity', label: 'Activity and exercise', requested: true, givesData: true },
    { value: 'cardio_fitness', label: 'Cardio fitness', requested: true, givesData: true },
    { value: 'electrocardiogram', label: 'Electrocardiograms', requested: true, givesData: true },
    { value: 'heartrate', label: 'Heart rate', requested: true, givesData: true },
    {
      value: 'irregular_rhythm_notifications',
      label: 'Irregular heart rhythm notifications',
      requested: true,
      givesData: true,
    },
    { value: 'location', label: 'Location during exercise', requested: false, givesData: true },
    { value: 'nutrition', label: 'Nutrition', requested: true, givesData: true },
    { value: 'oxygen_saturation', label: 'Blood oxygen', requested: true, givesData: true },
    { value: 'profile', label: 'Profile', requested: true, givesData: false },
    { value: 'respiratory_rate', label: 'Breathing rate', requested: true, givesData: true },
    { value: 'settings', label: 'Devices and alarms', requested: false, givesData: false },
    { value: 'sleep', label: 'Sleep', requested: true, givesData: true },
    { value: 'social', label: 'Friends', requested: false, givesData: false },
    { value: 'temperature', label: 'Skin and body temperature', requested: true, givesData: true },
    { value: 'weight', label: 'Weight and body fat', requested: true, givesData: true },
  ],
  scopeSeparator: ' ',
  authorizationRequest: {
    endpoint: 'https://www.fitbit.com/oauth2/authorize',
    parameters: {},
    pkce: true,
  },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: 'https://api.fitbit.com/oauth2/token',
    clientAuthentication: 'client_secret_basic',
    parameters: {},
    codeLifetimeSeconds: 600,
  },
  tokenResponse: { envelope: null, errorPath: 'errors.0.errorType' },
  refresh: { mode: 'rotating', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'token', path: 'user_id' },
  revocation: {
    kind: 'token',
    reach: 'account',
    // As many open programs name it, read on 2026-11-23; Fitbit's help page itself could not be read.
    removeAt: 'https://www.fitbit.com/settings/applications',
    endpoint: 'https://api.fitbit.com/oauth2/revoke',
    clientAuthentication: 'client_secret_basic',
    sendTypeHint: false,
    goneStatuses: [],
  },
  notifications: {
    handshake: {
      kind: 'code',
      parameter: 'verify',
      code: '{client.verificationCode}',
      rightStatus: 204,
      wrongStatus: 404,
    },
    authentication: {
      kind: 'signature',
      header: 'X-Fitbit-Signature',
      algorithm: 'sha1',
      encoding: 'base64',
      key: '{clientSecret}&',
      over: 'body',
      required: true,
    },
    refusedStatus: 404,
    acceptedStatus: 204,
    format: 'json',
    bodiesDiffer: false,
    events: [
      { when: { collectionType: ['userRevokedAccess', 'deleteUser'] }, account: 'ownerId', means: 'removed' },
      {
        when: { collectionType: ['activities', 'body', 'foods', 'sleep'] },
        account: 'ownerId',
        means: 'data',
        span: { kind: 'daily', start: 'date', end: 'date' },
      },
    ],
    subscription: {
      per: 'person',
      create: {
        method: 'POST',
        url: 'https://api.fitbit.com/1/user/-/apiSubscriptions/{connectionId}.json',
        authentication: 'bearer',
        successStatuses: [200, 201],
        doneStatuses: [409],
      },
    },
    setUp:
      'Enter the address as a subscriber of the application, give its verification code with the client, then verify it there.',
  },
  registration: {
    url: 'https://dev.fitbit.com/apps',
    redirectUri: { match: 'exact', loopback: 'unknown' },
    clientFields: [
      {
        name: 'verificationCode',
        label: 'Verification code of the subscriber, where there is one',
        required: false,
      },
    ],
  },
  api: { baseUrl: 'https://api.fitbit.com', headers: {} },
  rateLimits: [{ per: 'account', requests: 150, windowSeconds: 3_600 }],
  documentation: {
    url: 'https://dev.fitbit.com/build/reference/web-api/authorization/',
    checkedOn: '2026-11-22',
    doubts: [
      'The official end is September 2026; one aggregator announced 2026-05-31. Whether the addresses still answer was not tried.',
      'What revoking an ended token answers is documented only as conforming to RFC 7009, which asks for 200.',
    ],
  },
}

/** Fitbit. One source with two interfaces: accounts and tokens of one do not carry over to the other. */
export const fitbit: OAuthSource = {
  id: 1,
  key: 'fitbit',
  name: 'Fitbit',
  description: 'Activity, sleep, heart and weight from Fitbit trackers and Pixel watches.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [googleHealth, fitbitWebApi],
}
