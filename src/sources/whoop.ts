import type { OAuthSource } from '../model/source.ts'

/**
 * WHOOP. Without `offline` there is no refresh token, and a refresh must name that scope again. Two refreshes at once
 * lose the chain. A `state` of fewer than eight characters is refused; ours is longer.
 */
export const whoop: OAuthSource = {
  id: 42,
  key: 'whoop',
  name: 'WHOOP',
  description: 'Strain, recovery and sleep from the WHOOP band.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'whoop',
      name: 'WHOOP',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'read:recovery', label: 'Recovery', requested: true, givesData: true },
        { value: 'read:cycles', label: 'Strain and heart rate', requested: true, givesData: true },
        { value: 'read:workout', label: 'Workouts', requested: true, givesData: true },
        { value: 'read:sleep', label: 'Sleep', requested: true, givesData: true },
        {
          value: 'read:body_measurement',
          label: 'Height, weight and maximum heart rate',
          requested: true,
          givesData: true,
        },
        { value: 'read:profile', label: 'Name and email address', requested: true, givesData: false },
        { value: 'offline', label: 'Access while you are away', requested: true, givesData: false },
      ],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: 'https://api.prod.whoop.com/oauth/oauth2/auth',
        parameters: {},
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://api.prod.whoop.com/oauth/oauth2/token',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: { envelope: null, errorPath: 'error' },
      refresh: {
        mode: 'rotating',
        lifetimeSeconds: null,
        lifetimePath: null,
        parameters: { scope: 'offline' },
      },
      account: {
        from: 'request',
        url: 'https://api.prod.whoop.com/developer/v2/user/profile/basic',
        path: 'user_id',
      },
      revocation: {
        kind: 'request',
        reach: 'account',
        method: 'DELETE',
        url: 'https://api.prod.whoop.com/developer/v2/user/access',
        authentication: 'bearer',
        successStatuses: [204],
        goneStatuses: [401],
        needsFreshToken: true,
      },
      api: { baseUrl: 'https://api.prod.whoop.com/developer', headers: {} },
      notifications: {
        handshake: { kind: 'none' },
        authentication: {
          kind: 'signature',
          header: 'X-WHOOP-Signature',
          algorithm: 'sha256',
          encoding: 'base64',
          key: '{clientSecret}',
          over: 'timestamp+body',
          timestamp: {
            header: 'X-WHOOP-Signature-Timestamp',
            unit: 'milliseconds',
            toleranceSeconds: 86_400,
          },
          required: true,
        },
        refusedStatus: 401,
        acceptedStatus: 200,
        format: 'json',
        bodiesDiffer: true,
        events: [{ account: 'user_id', means: 'data' }],
        setUp: 'Enter the address as a webhook of the application in the dashboard.',
      },
      registration: {
        url: 'https://developer-dashboard.whoop.com',
        redirectUri: { match: 'exact', loopback: 'name' },
      },
      rateLimits: [
        { per: 'client', requests: 100, windowSeconds: 60 },
        { per: 'client', requests: 10_000, windowSeconds: 86_400 },
      ],
      documentation: {
        url: 'https://developer.whoop.com/docs/developing/oauth',
        checkedOn: '2026-11-22',
        doubts: [
          'https and schemes of apps are documented for redirect URIs; http://localhost is used by open clients.',
          'PKCE is not mentioned, and no open client uses it.',
          'How long codes and unused refresh tokens live is not documented; ten minutes is the longest that RFC 6749 recommends for a code.',
        ],
      },
    },
  ],
}
