import type { OAuthSource } from '../model/source.ts'

/**
 * intervals.icu. Upper-case scopes with commas, a token that does not expire and has no companion, and a 404 for wrong
 * client credentials.
 */
export const intervalsIcu: OAuthSource = {
  id: 1008,
  key: 'intervals-icu',
  name: 'intervals.icu',
  description: 'Activities kept at intervals.icu.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'intervals-icu',
      name: 'intervals.icu',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'ACTIVITY:READ', label: 'Activities', requested: true, givesData: true },
        { value: 'WELLNESS:READ', label: 'Sleep, weight and wellness', requested: true, givesData: true },
        { value: 'CALENDAR:READ', label: 'Calendar', requested: false, givesData: true },
        { value: 'SETTINGS:READ', label: 'Profile and settings', requested: true, givesData: false },
        { value: 'ACTIVITY:WRITE', label: 'Changing activities', requested: false, givesData: false },
        { value: 'WELLNESS:WRITE', label: 'Changing wellness data', requested: false, givesData: false },
        { value: 'CALENDAR:WRITE', label: 'Planning workouts', requested: false, givesData: false },
        { value: 'SETTINGS:WRITE', label: 'Changing settings', requested: false, givesData: false },
      ],
      scopeSeparator: ',',
      authorizationRequest: {
        endpoint: 'https://intervals.icu/oauth/authorize',
        parameters: {},
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://intervals.icu/api/oauth/token',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: { envelope: null, errorPath: 'error', lifetimeSecondsWhenSilent: null },
      refresh: { mode: 'none', lifetimeSeconds: null, lifetimePath: null },
      account: { from: 'token', path: 'athlete.id' },
      revocation: { kind: 'unsupported', removeAt: 'https://intervals.icu/settings' },
      api: { baseUrl: 'https://intervals.icu/api/v1', headers: {} },
      registration: {
        url: 'https://intervals.icu/settings',
        redirectUri: { match: 'exact', loopback: 'allowed' },
      },
      documentation: {
        url: 'https://forum.intervals.icu/t/intervals-icu-oauth-support/2759',
        checkedOn: '2026-11-22',
        doubts: [
          'People can decline single scopes; open clients rely on the `scope` of the token answer to know.',
          'The interface has a call to disconnect an application, which no copy of the documentation describes well enough to use.',
          'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
        ],
      },
    },
  ],
}
