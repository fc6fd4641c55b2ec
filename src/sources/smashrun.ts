import type { OAuthSource } from '../model/source.ts'

/** Smashrun. Plain OAuth 2.0 with two scopes and tokens that live twelve weeks. */
export const smashrun: OAuthSource = {
  id: 1009,
  key: 'smashrun',
  name: 'Smashrun',
  description: 'Runs kept at Smashrun.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'smashrun',
      name: 'Smashrun',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'read_activity', label: 'Runs', requested: true, givesData: true },
        { value: 'write_activity', label: 'Adding runs', requested: false, givesData: false },
      ],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: 'https://secure.smashrun.com/oauth2/authenticate',
        parameters: {},
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://secure.smashrun.com/oauth2/token',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: { envelope: null, errorPath: 'error', tokenTypeOptional: true },
      refresh: { mode: 'mayRotate', lifetimeSeconds: null, lifetimePath: null },
      account: { from: 'request', url: 'https://api.smashrun.com/v1/my/userinfo', path: 'id' },
      revocation: { kind: 'unsupported' },
      api: { baseUrl: 'https://api.smashrun.com/v1', headers: {} },
      registration: {
        url: 'https://api.smashrun.com/register',
        redirectUri: { match: 'exact', loopback: 'unknown' },
      },
      documentation: {
        url: 'https://api.smashrun.com/v1/documentation',
        checkedOn: '2026-11-22',
        doubts: [
          'That tokens live twelve weeks and that a refresh gives a new pair is what one open client says; an old refresh token is kept when none comes.',
          'The account’s address is what an open log-in strategy asks; the name of its id was not seen in the documentation.',
          'No call that ends a grant was found.',
        ],
      },
    },
  ],
}
