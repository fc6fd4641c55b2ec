import type { OAuthSource } from '../model/source.ts'

/** Consent page, token endpoint and refresh, all of them. */
const USER_AUTHORIZATION = 'https://api.ihealthlabs.com:8443/OpenApiV2/OAuthv2/userauthorization/'

/**
 * iHealth, in the US: OAuth 2.0 under names of its own. One address for everything, asked by GET; `APIName` where others
 * have `scope`; members with capitals. Its documentation knows no `state`, and lets the redirect URI have a query of our
 * own instead. The address has a port.
 */
export const ihealth: OAuthSource = {
  id: 21,
  key: 'ihealth',
  name: 'iHealth',
  description: 'Blood pressure, glucose and weight from iHealth devices.',
  category: 'body',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'ihealth',
      name: 'iHealth',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'OpenApiBP', label: 'Blood pressure', requested: true, givesData: true },
        { value: 'OpenApiBG', label: 'Blood glucose', requested: true, givesData: true },
        { value: 'OpenApiWeight', label: 'Weight', requested: true, givesData: true },
        { value: 'OpenApiSpO2', label: 'Blood oxygen', requested: true, givesData: true },
        { value: 'OpenApiActivity', label: 'Activity', requested: true, givesData: true },
        { value: 'OpenApiSleep', label: 'Sleep', requested: true, givesData: true },
        { value: 'OpenApiSport', label: 'Workouts', requested: true, givesData: true },
        { value: 'OpenApiUserInfo', label: 'Profile', requested: false, givesData: false },
        { value: 'OpenApiFood', label: 'Food', requested: false, givesData: true },
      ],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: USER_AUTHORIZATION,
        parameters: {},
        pkce: false,
        scopeParameter: 'APIName',
        stateIn: 'redirect_uri',
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: USER_AUTHORIZATION,
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
        format: 'query',
      },
      tokenResponse: {
        envelope: null,
        errorPath: 'Error',
        members: {
          accessToken: 'AccessToken',
          refreshToken: 'RefreshToken',
          expiresIn: 'Expires',
          scope: 'APIName',
        },
        tokenTypeOptional: true,
      },
      refresh: {
        mode: 'mayRotate',
        lifetimeSeconds: null,
        lifetimePath: null,
        parameters: { response_type: 'refresh_token' },
      },
      account: { from: 'token', path: 'UserID' },
      revocation: { kind: 'unsupported' },
      registration: {
        url: 'https://developer.ihealthlabs.com',
        redirectUri: { match: 'exact', loopback: 'unknown' },
      },
      documentation: {
        url: 'https://developer.ihealthlabs.com/dev_documentation_Authentication.htm',
        checkedOn: '2026-11-22',
        doubts: [
          'Clients are given after a check by the vendor, so this cannot be tried at once.',
          'The documentation has no state. One open client carries it in the redirect URI, whose query may be our own as documented, and one checks none; whether a state parameter would come back is not known.',
          'Whether the redirect URI of the token request must have that query too is not documented; one open client leaves it away.',
          'An access token lives 48 hours as one page says, 42 days as an example says; what the answer says counts.',
          'That the token answer lists the granted kinds with spaces between is taken from the request; other separators were not seen.',
          'Where an error stands is documented for calls for data only, and taken for the token request too.',
          'What is answered for a refresh token that has ended is not documented, so it is read as a refusal that passes.',
          'European accounts are on oauthuser.ihealthlabs.eu, as one open client has it. That system is not offered here.',
          'No call that ends a grant was found; iHealth tells an address of the application when the person does.',
        ],
      },
    },
  ],
}
