import type { OAuthSource } from '../model/source.ts'

/** Komoot. Partners only. Basic credentials, and the account's name in the token answer. */
export const komoot: OAuthSource = {
  id: 45,
  key: 'komoot',
  name: 'Komoot',
  description: 'Tours recorded with Komoot.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'komoot',
      name: 'Komoot',
      status: 'live',
      statusNote: 'Komoot gives access to partners only.',
      scopes: [
        { value: 'profile', label: 'Profile and tours', requested: true, givesData: true },
        { value: 'tour-upload', label: 'Adding tours', requested: false, givesData: false },
      ],
      scopeSeparator: ',',
      authorizationRequest: {
        endpoint: 'https://auth.komoot.de/oauth/authorize',
        parameters: {},
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://auth.komoot.de/oauth/token',
        clientAuthentication: 'client_secret_basic',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: { envelope: null, errorPath: 'error', tokenTypeOptional: true },
      refresh: { mode: 'mayRotate', lifetimeSeconds: null, lifetimePath: null },
      account: { from: 'token', path: 'username' },
      revocation: { kind: 'unsupported', removeAt: 'https://www.komoot.com/account/connections' },
      api: { baseUrl: 'https://external-api.komoot.de/v007', headers: {} },
      registration: {
        url: 'https://www.komoot.com/b2b/connect',
        redirectUri: { match: 'exact', loopback: 'unknown' },
      },
      documentation: {
        url: 'https://static.komoot.de/doc/auth/oauth2.html',
        checkedOn: '2026-11-22',
        doubts: [
          'Known from open clients; the documentation is for partners. That `profile` reads tours is what they do with it.',
          'Whether spaces or commas stand between scopes matters only for an application that asks for both; commas are seen in use.',
          'How long codes and tokens live, and whether a call ends a grant, is not known.',
        ],
      },
    },
  ],
}
