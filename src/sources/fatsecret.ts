import type { OAuthSource } from '../model/source.ts'

/**
 * FatSecret, by OAuth 1.0a: its OAuth 2.0 is for the food database alone, without a person. Tokens do not expire. There
 * are no scopes, no id of the person and no call that ends a grant: the token itself stands for the account.
 */
export const fatsecret: OAuthSource = {
  id: 1010,
  key: 'fatsecret',
  name: 'FatSecret',
  description: 'Food and weight diary kept at FatSecret.',
  category: 'body',
  kind: 'oauth2',
  authorizations: [
    {
      protocol: 'oauth1',
      vendor: 'fatsecret',
      name: 'FatSecret',
      status: 'live',
      statusNote: null,
      scopes: [],
      scopeSeparator: ' ',
      temporaryCredentialEndpoint: 'https://authentication.fatsecret.com/oauth/request_token',
      authorizationEndpoint: 'https://authentication.fatsecret.com/oauth/authorize',
      tokenEndpoint: 'https://authentication.fatsecret.com/oauth/access_token',
      callbackIn: 'temporary_credentials',
      parametersIn: 'body',
      account: { from: 'tokenDigest' },
      revocation: { kind: 'unsupported' },
      api: { baseUrl: 'https://platform.fatsecret.com/rest', headers: {} },
      registration: {
        url: 'https://platform.fatsecret.com/register',
        redirectUri: { match: 'exact', loopback: 'unknown' },
      },
      documentation: {
        url: 'https://platform.fatsecret.com/docs/guides/authentication/oauth1/three-legged',
        checkedOn: '2026-11-22',
        doubts: [
          'The guide names POST for both token requests, an older copy GET. Clients send the parameters in the body, in the header or in the query; the body is what POST documents.',
          'No call for the id of the person is documented, and whether a second consent gives the same token is not said. The token’s digest stands for the account: where tokens differ, the newer connection replaces the older one.',
          'How a refusal comes back is not documented. A way back without a verifier is read as one.',
          'No call that ends a grant is documented for three-legged tokens; revocation at oauth.fatsecret.com is for OAuth 2.0.',
          'Answers of the interface that refuse a token are reported to come with the status 200.',
          'Whether the list of allowed server addresses, which OAuth 2.0 has, holds for this protocol is not said.',
        ],
      },
    },
  ],
}
