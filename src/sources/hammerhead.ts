import type { OAuthSource } from '../model/source.ts'

/** Hammerhead, the maker of the Karoo. People may grant a part of what is asked. */
export const hammerhead: OAuthSource = {
  id: 1005,
  key: 'hammerhead',
  name: 'Hammerhead',
  description: 'Rides from Karoo bike computers.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'hammerhead',
      name: 'Hammerhead',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'activity:read', label: 'Rides', requested: true, givesData: true },
        { value: 'route:read', label: 'Routes', requested: false, givesData: true },
        { value: 'route:write', label: 'Adding routes', requested: false, givesData: false },
        { value: 'workout:write', label: 'Adding workouts', requested: false, givesData: false },
        { value: 'metrics:write', label: 'Changing settings', requested: false, givesData: false },
      ],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: 'https://api.hammerhead.io/v1/auth/oauth/authorize',
        parameters: {},
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://api.hammerhead.io/v1/auth/oauth/token',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: { envelope: null, errorPath: 'error', tokenTypeOptional: true },
      refresh: { mode: 'mayRotate', lifetimeSeconds: null, lifetimePath: null },
      account: { from: 'token', path: 'user_id' },
      revocation: {
        kind: 'request',
        reach: 'account',
        method: 'POST',
        url: 'https://api.hammerhead.io/v1/auth/oauth/deauthorize',
        authentication: 'bearer',
        successStatuses: [200, 204],
        goneStatuses: [401],
        needsFreshToken: true,
      },
      api: { baseUrl: 'https://api.hammerhead.io/v1/api', headers: {} },
      notifications: {
        handshake: { kind: 'none' },
        authentication: {
          kind: 'signature',
          header: 'X-Hmac-Signature',
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
        events: [{ account: 'userId', means: 'data' }],
        setUp: 'Give the address to Hammerhead with the registration.',
      },
      registration: {
        url: 'https://www.hammerhead.io/pages/developer-platform',
        redirectUri: { match: 'exact', loopback: 'allowed' },
      },
      documentation: {
        url: 'https://api.hammerhead.io/v1/docs',
        checkedOn: '2026-11-22',
        doubts: [
          'How the signature of a notification is written, and with which key, is not in the copies that could be read; hex and the client secret are assumed.',
          'How the deauthorize call is made is not in the copies that could be read; a POST with the access token is assumed.',
          'How long codes and tokens live and whether the refresh token changes is not documented; a new one is taken when it comes.',
        ],
      },
    },
  ],
}
