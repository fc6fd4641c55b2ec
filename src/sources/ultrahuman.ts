import type { OAuthSource } from '../model/source.ts'

/** Ultrahuman. Plain OAuth 2.0 for partners: refresh tokens that work once, and an RFC 7009 revocation. */
export const ultrahuman: OAuthSource = {
  id: 1003,
  key: 'ultrahuman',
  name: 'Ultrahuman',
  description: 'Sleep and movement from the Ultrahuman ring.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'ultrahuman',
      name: 'Ultrahuman',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'profile', label: 'Profile', requested: true, givesData: false },
        {
          value: 'ring_data',
          label: 'Sleep, movement and recovery',
          requested: true,
          givesData: true,
        },
        { value: 'cgm_data', label: 'Glucose', requested: true, givesData: true },
      ],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: 'https://auth.ultrahuman.com/authorise',
        parameters: {},
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://partner.ultrahuman.com/api/partners/oauth/token',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: { envelope: null, errorPath: 'error' },
      refresh: { mode: 'rotating', lifetimeSeconds: null, lifetimePath: null },
      account: {
        from: 'request',
        url: 'https://partner.ultrahuman.com/api/partners/v1/user_data/user_info',
        path: 'user_id',
      },
      revocation: {
        kind: 'token',
        reach: 'token',
        endpoint: 'https://partner.ultrahuman.com/api/partners/oauth/revoke',
        clientAuthentication: 'client_secret_post',
        sendTypeHint: false,
        goneStatuses: [],
      },
      api: { baseUrl: 'https://partner.ultrahuman.com/api/partners/v1', headers: {} },
      registration: {
        url: 'https://vision.ultrahuman.com/developer-docs',
        redirectUri: { match: 'exact', loopback: 'unknown' },
      },
      documentation: {
        url: 'https://vision.ultrahuman.com/developer-docs',
        checkedOn: '2026-11-22',
        doubts: [
          'The consent page is written /authorise by open clients and /authorize in the documentation and its copies; the first is used here.',
          'Whether the token answer names the granted scopes is not documented; silence is read as all of them.',
          'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
          'Whether revoking ends one pair or the whole account is not said.',
        ],
      },
    },
  ],
}
