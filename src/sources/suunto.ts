import type { OAuthSource } from '../model/source.ts'

/**
 * Suunto. A grant is ended by a GET, with the access token. Calls for data want a subscription key beside the token. In
 * July 2026 refreshing was refused for a while with `invalid_grant`, and the same tokens worked again later, so a refusal
 * is believed at the second time only.
 */
export const suunto: OAuthSource = {
  id: 17,
  key: 'suunto',
  name: 'Suunto',
  description: 'Workouts and sleep from Suunto watches.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'suunto',
      name: 'Suunto',
      status: 'live',
      statusNote: null,
      scopes: [{ value: 'workout', label: 'Workouts, activity and sleep', requested: true, givesData: true }],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: 'https://cloudapi-oauth.suunto.com/oauth/authorize',
        parameters: {},
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://cloudapi-oauth.suunto.com/oauth/token',
        clientAuthentication: 'client_secret_basic',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: { envelope: null, errorPath: 'error' },
      refresh: {
        mode: 'mayRotate',
        // 180 days.
        lifetimeSeconds: 15_552_000,
        lifetimePath: null,
        confirmRefusalAfterSeconds: 3_600,
      },
      account: { from: 'token', path: 'user' },
      revocation: {
        kind: 'request',
        reach: 'account',
        method: 'GET',
        url: 'https://cloudapi-oauth.suunto.com/oauth/deauthorize?client_id={clientId}',
        authentication: 'bearer',
        successStatuses: [200, 204],
        goneStatuses: [401],
        needsFreshToken: true,
      },
      api: {
        baseUrl: 'https://cloudapi.suunto.com',
        headers: { 'ocp-apim-subscription-key': '{client.subscriptionKey}' },
      },
      notifications: {
        handshake: { kind: 'none' },
        authentication: {
          kind: 'signature',
          header: 'X-HMAC-SHA256-Signature',
          algorithm: 'sha256',
          encoding: 'hex',
          key: '{client.notificationSecret}',
          over: 'body',
          required: true,
        },
        refusedStatus: 401,
        acceptedStatus: 200,
        format: 'json',
        bodiesDiffer: false,
        events: [{ account: 'username', means: 'data' }],
        setUp:
          'Enter the address and a notification secret in the settings of the application, and give the secret with the client.',
      },
      registration: {
        url: 'https://apizone.suunto.com',
        redirectUri: { match: 'exact', loopback: 'unknown' },
        clientFields: [
          { name: 'subscriptionKey', label: 'Subscription key of the Developer API', required: true },
          {
            name: 'notificationSecret',
            label: 'Notification secret, where notifications are set up',
            required: false,
          },
        ],
      },
      documentation: {
        url: 'https://apizone.suunto.com/how-to-start',
        checkedOn: '2026-11-22',
        doubts: [
          'The scope may be left out; open clients send workout, which is all that is documented.',
          "The person's id is the user name. Whether it can change is not documented; one client takes sub of the access token instead.",
          'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
          'Whether deauthorizing ends one token or all of the account is not documented; account is the careful reading.',
        ],
      },
    },
  ],
}
