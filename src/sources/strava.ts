import type { OAuthSource } from '../model/source.ts'

/**
 * Strava. Commas between scopes; people can untick each box, and what they left ticked stands in the callback, not in
 * the token answer. Only the domain of the redirect URI is registered; parameters are appended to it naively.
 *
 * `read` alone shows public segments and clubs, none of the person's activities: it counts as no data, so a grant of
 * `read` alone is no connection. Either of the two activity scopes is enough.
 */
export const strava: OAuthSource = {
  id: 11,
  key: 'strava',
  name: 'Strava',
  description: 'Runs, rides and other activities recorded with Strava or sent to it.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'strava',
      name: 'Strava',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'read', label: 'Public profile, segments and routes', requested: true, givesData: false },
        { value: 'read_all', label: 'Private routes and segments', requested: false, givesData: false },
        { value: 'profile:read_all', label: 'Full profile with weight', requested: true, givesData: true },
        { value: 'activity:read', label: 'Activities', requested: true, givesData: true },
        { value: 'activity:read_all', label: 'Private activities', requested: true, givesData: true },
      ],
      scopeSeparator: ',',
      authorizationRequest: {
        endpoint: 'https://www.strava.com/oauth/authorize',
        parameters: { approval_prompt: 'auto' },
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: 'scope', issuer: null },
      tokenRequest: {
        endpoint: 'https://www.strava.com/oauth/token',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 600,
      },
      tokenResponse: {
        envelope: null,
        // Errors name what is wrong: { errors: [{ resource: 'RefreshToken', field: 'refresh_token', code: 'invalid' }] }
        errorPath: 'errors.0.resource',
        errorNames: { RefreshToken: 'invalid_grant', AuthorizationCode: 'invalid_grant' },
      },
      refresh: { mode: 'mayRotate', lifetimeSeconds: null, lifetimePath: null },
      account: { from: 'token', path: 'athlete.id' },
      revocation: {
        kind: 'token',
        reach: 'account',
        removeAt: 'https://www.strava.com/settings/apps',
        endpoint: 'https://www.strava.com/oauth/revoke',
        clientAuthentication: 'client_secret_basic',
        sendTypeHint: true,
        goneStatuses: [],
      },
      notifications: {
        handshake: {
          kind: 'echo',
          parameter: 'hub.challenge',
          answer: 'json',
          member: 'hub.challenge',
          tokenParameter: 'hub.verify_token',
          token: '{verifyToken}',
        },
        // Sources disagree whether events are signed, so one without a signature is asked about at Strava.
        authentication: {
          kind: 'signature',
          header: 'X-Strava-Signature',
          algorithm: 'sha256',
          encoding: 'hex',
          key: '{clientSecret}',
          over: 'timed',
          timestamp: { unit: 'seconds', toleranceSeconds: 300 },
          required: false,
        },
        refusedStatus: 403,
        acceptedStatus: 200,
        format: 'json',
        bodiesDiffer: true,
        events: [
          {
            when: { object_type: ['athlete'], aspect_type: ['update'], 'updates.authorized': ['false'] },
            account: 'owner_id',
            means: 'removed',
          },
          {
            when: { object_type: ['athlete'], aspect_type: ['delete'] },
            account: 'owner_id',
            means: 'removed',
          },
          { when: { object_type: ['activity'] }, account: 'owner_id', means: 'data' },
        ],
        subscription: {
          per: 'application',
          create: {
            method: 'POST',
            url: 'https://www.strava.com/api/v3/push_subscriptions',
            authentication: 'client_secret_post',
            body: {
              format: 'form',
              members: { callback_url: '{notificationUri}', verify_token: '{verifyToken}' },
            },
            successStatuses: [200, 201],
            doneStatuses: [],
          },
          idPath: 'id',
          remove: {
            method: 'DELETE',
            url: 'https://www.strava.com/api/v3/push_subscriptions/{subscriptionId}?client_id={clientId}&client_secret={clientSecret}',
            authentication: 'none',
            successStatuses: [204],
            goneStatuses: [404],
          },
        },
        setUp:
          'Nothing: one subscription for each application is made by the service, at the first connection.',
      },
      registration: {
        url: 'https://www.strava.com/settings/api',
        redirectUri: { match: 'domain', loopback: 'allowed' },
      },
      api: { baseUrl: 'https://www.strava.com/api/v3', headers: {} },
      rateLimits: [
        { per: 'client', requests: 200, windowSeconds: 900 },
        { per: 'client', requests: 2_000, windowSeconds: 86_400 },
      ],
      documentation: {
        url: 'https://developers.strava.com/docs/authentication/',
        checkedOn: '2026-11-22',
        doubts: [
          'The limits are those of the Standard tier; a client with more needs a definition of its own. Whether calls for tokens count is not documented; they are counted.',
          'How long a code lives is not documented; ten minutes is the longest that RFC 6749 recommends.',
          'Revoking one token of a pair ends the other. Whether further pairs of the same athlete end too is not documented; `account` is the careful reading.',
          'One client reports that revoking an ended token answers 200, as RFC 7009 asks, and that a 503 may be tried again.',
          'Newer clients verify a signature of events with the client secret, one says that nothing is signed. One that is there must be right; without one, a removal is confirmed at Strava.',
          'A removal is documented as an update of the athlete; one client expects a deletion. Both are understood.',
          'The former revocation, POST /oauth/deauthorize with access_token, ends on 2027-06-01 and is not used.',
        ],
      },
    },
  ],
}
