import type { OAuthSource } from '../model/source.ts'

/**
 * Wahoo. Since 2026 an application may have ten access tokens of a person that have not been revoked, and an old one is
 * revoked by the first call with its successor, not by the refresh alone. A refresh that nobody uses is a token lost, so
 * tokens are renewed when they are needed. Notifications want `offline_data`.
 */
export const wahoo: OAuthSource = {
  id: 1001,
  key: 'wahoo',
  name: 'Wahoo',
  description: 'Workouts from Wahoo bike computers and trainers.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'wahoo',
      name: 'Wahoo',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'user_read', label: 'Profile', requested: true, givesData: false },
        { value: 'workouts_read', label: 'Workouts', requested: true, givesData: true },
        { value: 'offline_data', label: 'New workouts', requested: true, givesData: false },
        { value: 'email', label: 'Email address', requested: false, givesData: false },
        { value: 'power_zones_read', label: 'Power zones', requested: false, givesData: true },
        { value: 'plans_read', label: 'Training plans', requested: false, givesData: false },
        { value: 'routes_read', label: 'Routes', requested: false, givesData: false },
        { value: 'user_write', label: 'Changing the profile', requested: false, givesData: false },
        { value: 'workouts_write', label: 'Adding workouts', requested: false, givesData: false },
        { value: 'plans_write', label: 'Adding training plans', requested: false, givesData: false },
        { value: 'power_zones_write', label: 'Changing power zones', requested: false, givesData: false },
        { value: 'routes_write', label: 'Adding routes', requested: false, givesData: false },
      ],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: 'https://api.wahooligan.com/oauth/authorize',
        parameters: {},
        pkce: true,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://api.wahooligan.com/oauth/token',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: { envelope: null, errorPath: 'error' },
      refresh: { mode: 'rotating', lifetimeSeconds: null, lifetimePath: null },
      account: { from: 'request', url: 'https://api.wahooligan.com/v1/user', path: 'id' },
      revocation: {
        kind: 'request',
        reach: 'account',
        method: 'DELETE',
        url: 'https://api.wahooligan.com/v1/permissions',
        authentication: 'bearer',
        successStatuses: [200, 204],
        goneStatuses: [401],
        needsFreshToken: true,
      },
      api: { baseUrl: 'https://api.wahooligan.com', headers: {} },
      notifications: {
        handshake: { kind: 'none' },
        authentication: {
          kind: 'member',
          path: 'webhook_token',
          value: '{client.webhookToken}',
          required: true,
        },
        refusedStatus: 401,
        acceptedStatus: 200,
        format: 'json',
        bodiesDiffer: false,
        events: [{ account: 'user.id', means: 'data' }],
        setUp:
          'Enter the address in the settings of the application, and give the webhook token that stands there with the client. People must grant offline_data.',
      },
      registration: {
        url: 'https://developers.wahooligan.com/cloud',
        redirectUri: { match: 'exact', loopback: 'refused' },
        clientFields: [
          { name: 'webhookToken', label: 'Webhook token, where notifications are set up', required: false },
        ],
      },
      rateLimits: [
        { per: 'client', requests: 200, windowSeconds: 300 },
        { per: 'client', requests: 1_000, windowSeconds: 3_600 },
        { per: 'client', requests: 5_000, windowSeconds: 86_400 },
      ],
      documentation: {
        url: 'https://cloud-api.wahooligan.com/',
        checkedOn: '2026-11-22',
        doubts: [
          'PKCE is documented for applications without a secret. Sending both is common practice with such servers, and not confirmed for this one.',
          'One open client reports that http redirect URIs are refused, on localhost too; https on localhost is taken.',
          'How long codes and unused refresh tokens live is not documented; ten minutes is the longest that RFC 6749 recommends for a code.',
        ],
      },
    },
  ],
}
