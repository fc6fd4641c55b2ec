import type { OAuthSource } from '../model/source.ts'

/**
 * Decathlon Sports Tracking Data. Scopes of an identity provider beside the one that gives data, access tokens that live a
 * quarter of an hour, and an API key with every call for data.
 */
export const decathlon: OAuthSource = {
  id: 43,
  key: 'decathlon',
  name: 'Decathlon',
  description: 'Activities from Decathlon apps and devices.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'decathlon',
      name: 'Decathlon',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'profile', label: 'Profile', requested: true, givesData: false },
        { value: 'openid', label: 'Account number', requested: true, givesData: false },
        { value: 'email', label: 'Email address', requested: false, givesData: false },
        {
          value: 'sports_tracking_data',
          label: 'Activities and body measurements',
          requested: true,
          givesData: true,
        },
        {
          value: 'sports_tracking_data:write',
          label: 'Adding activities',
          requested: false,
          givesData: false,
        },
      ],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: 'https://api.decathlon.net/connect/oauth/authorize',
        parameters: {},
        pkce: true,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://api.decathlon.net/connect/oauth/token',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: { envelope: null, errorPath: 'error' },
      refresh: { mode: 'mayRotate', lifetimeSeconds: null, lifetimePath: null },
      account: {
        from: 'request',
        url: 'https://api.decathlon.net/sportstrackingdata/v2/me',
        path: 'id',
        headers: { 'x-api-key': '{client.apiKey}' },
      },
      revocation: { kind: 'unsupported' },
      api: {
        baseUrl: 'https://api.decathlon.net/sportstrackingdata/v2',
        headers: { 'x-api-key': '{client.apiKey}' },
      },
      registration: {
        url: 'https://developers.decathlon.com/products/sports-tracking-data',
        redirectUri: { match: 'exact', loopback: 'unknown' },
        clientFields: [{ name: 'apiKey', label: 'API key of Sports Tracking Data', required: true }],
      },
      documentation: {
        url: 'https://developers.decathlon.com/products/sports-tracking-data/docs',
        checkedOn: '2026-11-22',
        doubts: [
          'The documentation sends the token request in the query; open clients send a form, with PKCE, and so do we.',
          'How long codes and refresh tokens live, whether the latter change, and whether a grant can be ended by a call is not documented.',
          'Chinese accounts are kept on a system of their own (prefix cn1), which is not offered here.',
        ],
      },
    },
  ],
}
