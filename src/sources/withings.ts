import { createHmac } from 'node:crypto'
import type { Client } from '../model/application.ts'
import type { Authorization, OAuthSource } from '../model/source.ts'
import {
  type RevocationHook,
  readJsonObject,
  requireAvailable,
  unwrapEnvelope,
  type VendorContext,
  VendorError,
} from '../oauth/index.ts'

/**
 * Withings. One address for everything, told apart by `action`; every answer is a 200 with a status inside; a code lives
 * 30 seconds. The redirect URI must be registered exactly and be public: no localhost, no IP address.
 */
export const withings: OAuthSource = {
  id: 8,
  key: 'withings',
  name: 'Withings',
  description: 'Weight, blood pressure, sleep and activity from Withings scales, monitors and watches.',
  category: 'body',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'withings',
      name: 'Withings',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'user.info', label: 'Profile and devices', requested: true, givesData: false },
        {
          value: 'user.metrics',
          label: 'Weight, heart and other measurements',
          requested: true,
          givesData: true,
        },
        { value: 'user.activity', label: 'Activity and sleep', requested: true, givesData: true },
        { value: 'user.sleepevents', label: 'Times in bed', requested: true, givesData: true },
      ],
      scopeSeparator: ',',
      authorizationRequest: {
        endpoint: 'https://account.withings.com/oauth2_user/authorize2',
        parameters: {},
        pkce: false,
      },
      authorizationResponse: { grantedScopeParameter: null, issuer: null },
      tokenRequest: {
        endpoint: 'https://wbsapi.withings.net/v2/oauth2',
        clientAuthentication: 'client_secret_post',
        parameters: { action: 'requesttoken' },
        codeLifetimeSeconds: 30,
      },
      tokenResponse: {
        // 522 is a time-out at their side, 601 too many requests.
        envelope: {
          statusPath: 'status',
          successStatus: 0,
          temporaryStatuses: [522, 601],
          dataPath: 'body',
        },
        errorPath: 'error',
        errorNames: {
          'Invalid Params: invalid refresh_token': 'invalid_grant',
          'Invalid Params: invalid code': 'invalid_grant',
        },
      },
      refresh: {
        mode: 'rotating',
        lifetimeSeconds: 31_536_000,
        lifetimePath: null,
        // Or until the new access token is used.
        overlapSeconds: 28_800,
      },
      account: { from: 'token', path: 'userid' },
      revocation: {
        kind: 'hook',
        reach: 'account',
        endpoints: {
          nonce: 'https://wbsapi.withings.net/v2/signature',
          revocation: 'https://wbsapi.withings.net/v2/oauth2',
        },
      },
      notifications: {
        handshake: { kind: 'reachable', status: 200 },
        authentication: { kind: 'none' },
        refusedStatus: 404,
        acceptedStatus: 200,
        format: 'form',
        bodiesDiffer: false,
        events: [
          { when: { appli: ['46'], action: ['unlink', 'delete'] }, account: 'userid', means: 'removed' },
          {
            when: { appli: ['16'] },
            account: 'userid',
            means: 'data',
            span: { kind: 'daily', start: 'date', end: 'date' },
          },
          {
            when: { appli: ['1', '2', '4', '44', '50', '51', '54', '55', '58', '59', '62'] },
            account: 'userid',
            means: 'data',
            span: {
              kind: 'epoch',
              start: { path: 'startdate', unit: 'seconds' },
              end: { path: 'enddate', unit: 'seconds' },
            },
          },
        ],
        subscription: {
          per: 'person',
          // Weight, heart and temperature, activity, sleep, and what happens to the account.
          topics: ['1', '4', '16', '44', '46'],
          create: {
            method: 'POST',
            url: 'https://wbsapi.withings.net/notify',
            authentication: 'bearer',
            body: {
              format: 'form',
              members: { action: 'subscribe', callbackurl: '{notificationUri}', appli: '{topic}' },
            },
            successStatuses: [200],
            doneStatuses: [],
          },
        },
        setUp:
          'Nothing: each connection is subscribed with its own grant, and the subscription ends with the grant.',
      },
      registration: {
        url: 'https://developer.withings.com/dashboard/',
        redirectUri: { match: 'exact', loopback: 'refused' },
      },
      api: { baseUrl: 'https://wbsapi.withings.net', headers: {} },
      rateLimits: [{ per: 'client', requests: 120, windowSeconds: 60 }],
      documentation: {
        url: 'https://developer.withings.com/api-reference/#tag/oauth2',
        checkedOn: '2026-11-22',
        doubts: [
          'One page says that user.info needs a contract, the example beside it asks for it, and open clients with ordinary registrations ask for it and get it. An application can leave it out.',
          'What a revocation answers when the person has removed the application already is not documented; it is read as a refusal.',
          'Notifications are not signed, so a removal is confirmed at Withings before a connection is ended.',
          'No token is sent with a revocation, so it should work with dead ones; not documented.',
        ],
      },
    },
  ],
}

/**
 * Ends everything that an account granted us: a signed request for a nonce, then a request signed with that nonce, for
 * the account's id. Source: developer.withings.com/api-reference, oauth2-revoke and signaturev2-getnonce; "Sign your
 * requests"; 2026-11-22.
 */
export const revokeWithings: RevocationHook = async (context, authorization, client, { accountId }) => {
  const timestamp = String(Math.floor(context.now() / 1000))
  const nonceAnswer = await postSigned(context, authorization, client, 'nonce', 'getnonce', { timestamp })
  const { nonce } = nonceAnswer
  if (typeof nonce !== 'string' || nonce === '') throw new VendorError('malformed', 'nonce')
  await postSigned(context, authorization, client, 'revocation', 'revoke', { nonce }, { userid: accountId })
  return 'revoked'
}

/** Posts parameters with a signature over `action`, `client_id` and the given ones, the values in the order of names. */
async function postSigned(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  endpoint: string,
  action: string,
  signed: Readonly<Record<string, string>>,
  unsigned: Readonly<Record<string, string>> = {},
) {
  const { revocation, vendor } = authorization
  const url = revocation.kind === 'hook' ? revocation.endpoints[endpoint] : undefined
  if (url === undefined) throw new TypeError(`the definition names no address for ${endpoint}`)
  const parameters = { action, client_id: client.clientId, ...signed }
  const values = Object.entries(parameters)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)
  const signature = createHmac('sha256', client.clientSecret.reveal()).update(values.join(',')).digest('hex')
  const response = await context.fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ ...parameters, ...unsigned, signature }),
    vendor,
  })
  requireAvailable(response, context.now())
  if (response.status !== 200) throw new VendorError('rejected', 'http_status', { status: response.status })
  return unwrapEnvelope(authorization, await readJsonObject(response))
}
