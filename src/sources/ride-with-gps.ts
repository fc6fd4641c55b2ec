import type { OAuthSource } from '../model/source.ts'

/** Ride with GPS. JSON instead of forms, and one token that does not expire. */
export const rideWithGps: OAuthSource = {
  id: 1007,
  key: 'ride-with-gps',
  name: 'Ride with GPS',
  description: 'Rides and routes kept at Ride with GPS.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'ride-with-gps',
      name: 'Ride with GPS',
      status: 'live',
      statusNote: null,
      scopes: [{ value: 'user', label: 'Profile, rides and routes', requested: true, givesData: true }],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: 'https://ridewithgps.com/oauth/authorize',
        parameters: {},
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://ridewithgps.com/oauth/token.json',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
        format: 'json',
      },
      tokenResponse: { envelope: null, errorPath: 'error', lifetimeSecondsWhenSilent: null },
      refresh: { mode: 'none', lifetimeSeconds: null, lifetimePath: null },
      account: { from: 'token', path: 'user_id' },
      revocation: {
        kind: 'request',
        reach: 'token',
        method: 'POST',
        url: 'https://ridewithgps.com/oauth/revoke.json',
        authentication: 'none',
        body: {
          format: 'json',
          members: {
            client_id: '{clientId}',
            client_secret: '{clientSecret}',
            token: '{accessToken}',
          },
        },
        successStatuses: [200],
        goneStatuses: [],
        needsFreshToken: false,
      },
      api: { baseUrl: 'https://ridewithgps.com/api/v1', headers: {} },
      notifications: {
        handshake: { kind: 'none' },
        authentication: {
          kind: 'signature',
          header: 'x-rwgps-signature',
          algorithm: 'sha256',
          encoding: 'hex',
          key: '{clientSecret}',
          over: 'body',
          required: true,
        },
        refusedStatus: 401,
        acceptedStatus: 200,
        format: 'json',
        bodiesDiffer: false,
        events: [{ list: 'notifications', account: 'user_id', means: 'data' }],
        setUp: 'Enter the address as the webhook of the API client. One that is missed is not sent again.',
      },
      registration: {
        url: 'https://ridewithgps.com/api',
        redirectUri: { match: 'exact', loopback: 'unknown' },
      },
      documentation: {
        url: 'https://github.com/ridewithgps/developers/blob/master/authentication.md',
        checkedOn: '2026-11-22',
        doubts: [
          'One open client revokes at an address without .json; the vendor’s own documentation and the others use it.',
          'The token answer repeats the only scope, which has no finer choice.',
        ],
      },
    },
  ],
}
