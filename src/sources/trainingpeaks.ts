import type { Authorization, OAuthSource } from '../model/source.ts'

/** Where it is: the vendor's production and its own test system differ by their hosts alone. */
interface Place {
  readonly vendor: string
  readonly name: string
  readonly statusNote: string | null
  readonly environment: 'production' | 'sandbox'
  readonly oauthOrigin: string
  readonly apiOrigin: string
}

/**
 * TrainingPeaks. Scopes do not include each other, access tokens live ten minutes to an hour, and a pair is ended with its
 * own bearer token.
 */
const authorizationAt = (place: Place): Authorization => ({
  vendor: place.vendor,
  name: place.name,
  status: 'live',
  statusNote: place.statusNote,
  environment: place.environment,
  scopes: [
    { value: 'athlete:profile', label: 'Profile and training zones', requested: true, givesData: false },
    { value: 'workouts:read', label: 'Workouts', requested: true, givesData: true },
    { value: 'workouts:details', label: 'Details of workouts', requested: true, givesData: true },
    {
      value: 'metrics:read',
      label: 'Weight, sleep and other measurements',
      requested: true,
      givesData: true,
    },
    { value: 'events:read', label: 'Planned races', requested: false, givesData: true },
    { value: 'nutrition:read', label: 'Nutrition', requested: false, givesData: true },
    { value: 'workouts:wod', label: 'Workout of the day', requested: false, givesData: false },
    { value: 'workouts:plan', label: 'Planning workouts', requested: false, givesData: false },
    { value: 'metrics:write', label: 'Adding measurements', requested: false, givesData: false },
    { value: 'file:write', label: 'Adding workouts', requested: false, givesData: false },
  ],
  scopeSeparator: ' ',
  authorizationRequest: {
    endpoint: `${place.oauthOrigin}/OAuth/Authorize`,
    parameters: {},
    pkce: false,
  },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: `${place.oauthOrigin}/oauth/token`,
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 3_600,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'mayRotate', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'request', url: `${place.apiOrigin}/v1/athlete/profile`, path: 'Id' },
  revocation: {
    kind: 'request',
    reach: 'token',
    method: 'POST',
    url: `${place.oauthOrigin}/oauth/deauthorize`,
    authentication: 'bearer',
    successStatuses: [200, 204],
    goneStatuses: [401],
    needsFreshToken: true,
  },
  api: { baseUrl: place.apiOrigin, headers: {} },
  registration: {
    url: 'https://api.trainingpeaks.com/request-access',
    redirectUri: { match: 'exact', loopback: 'unknown' },
  },
  documentation: {
    url: 'https://github.com/TrainingPeaks/PartnersAPI/wiki',
    checkedOn: '2026-11-22',
    doubts: [
      'The lifetime of an access token is documented as 600 seconds and observed as 3600; what the answer says counts.',
      'Whether the refresh token changes is not documented; a new one is taken when it comes.',
      'Every call wants a User-Agent that names the application; ours names the service.',
    ],
  },
})

/** TrainingPeaks, with its own test system, which is where every new registration begins. */
export const trainingpeaks: OAuthSource = {
  id: 1004,
  key: 'trainingpeaks',
  name: 'TrainingPeaks',
  description: 'Workouts and metrics kept at TrainingPeaks.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    authorizationAt({
      vendor: 'trainingpeaks',
      name: 'TrainingPeaks',
      statusNote: null,
      environment: 'production',
      oauthOrigin: 'https://oauth.trainingpeaks.com',
      apiOrigin: 'https://api.trainingpeaks.com',
    }),
    authorizationAt({
      vendor: 'trainingpeaks-sandbox',
      name: 'TrainingPeaks sandbox',
      statusNote: 'The test system of TrainingPeaks, with test athletes only.',
      environment: 'sandbox',
      oauthOrigin: 'https://oauth.sandbox.trainingpeaks.com',
      apiOrigin: 'https://api.sandbox.trainingpeaks.com',
    }),
  ],
}
