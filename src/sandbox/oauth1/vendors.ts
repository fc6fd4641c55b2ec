import { accountOf } from '../vendors/people.ts'
import type { OAuth1Vendor } from './oauth1-vendor.ts'

const documentation = {
  garmin: {
    url: 'https://github.com/stoufa06/php-garmin-connect-api/issues/23',
    checkedOn: '2026-11-22',
    doubts: [
      'What the way back carries when the person says no is not documented; the word null here.',
      'Whether an exchanged token lives on is not said; it does here.',
      'Which address a callback may lead to is not documented; origin and path of a registered one here.',
    ],
  },
  fatsecret: {
    url: 'https://platform.fatsecret.com/docs/guides/authentication/oauth1/three-legged',
    checkedOn: '2026-11-22',
    doubts: [
      'What the way back carries when the person says no is not documented; no verifier here.',
      'The guide asks that no timestamp is older than the one before; any within five minutes is taken here.',
    ],
  },
}

/** The words of the problem reporting extension. Who unticks everything still comes back with a verifier. */
export const OAUTH1_HABITS = {
  refusals: { default: { status: 401, body: null, text: 'oauth_problem=token_rejected' } },
  switches: { untickedAll: 'empty' },
} as const

/** Garmin's first generation: the callback on the authorization URL, switches for kinds of data, and the way out of it. */
const garminOAuth1: OAuth1Vendor = {
  key: 'garmin-oauth1',
  name: 'Garmin (OAuth 1.0a)',
  twin: 'garmin',
  documentation: documentation.garmin,
  accounts: [
    accountOf('robin', 'd3315b1072421d0dd7c8f6b8e1de4df8'),
    accountOf('kim', '0a5c6f1e9b3d4c7f8a2b1c0d9e8f7a6b'),
    accountOf('noor', '7f6e5d4c3b2a19087f6e5d4c3b2a1908'),
  ],
  scopes: [
    { value: 'ACTIVITY_EXPORT', sentence: 'See your activities' },
    { value: 'HEALTH_EXPORT', sentence: 'See your daily health' },
    { value: 'HISTORICAL_DATA_EXPORT', sentence: 'See data from before today' },
  ],
  temporaryCredentialUrl: 'connectapi.garmin.com/oauth-service/oauth/request_token',
  authorizationUrl: 'connect.garmin.com/oauthConfirm',
  tokenUrl: 'connectapi.garmin.com/oauth-service/oauth/access_token',
  callbackIn: 'authorization_url',
  denial: 'null-verifier',
  resources: [
    {
      method: 'GET',
      url: 'apis.garmin.com/wellness-api/rest/user/id',
      operation: 'identity',
      does: 'read',
      answer: { status: 200, body: { userId: '{subject}' } },
    },
    {
      method: 'GET',
      url: 'apis.garmin.com/wellness-api/rest/user/permissions',
      operation: 'permissions',
      does: 'read',
      answer: { status: 200, body: { permissions: '{scopes}' } },
    },
    {
      method: 'DELETE',
      url: 'apis.garmin.com/wellness-api/rest/user/registration',
      operation: 'revoke',
      does: 'end',
      answer: { status: 204, body: null },
    },
    {
      method: 'POST',
      url: 'apis.garmin.com/partner-gateway/rest/user/token-exchange',
      operation: 'exchange',
      does: 'exchange',
      answer: { status: 200, body: null },
    },
  ],
  ...OAUTH1_HABITS,
}

/** FatSecret: the callback with the request token, all or nothing, and no way to ask whose account it is. */
const fatsecret: OAuth1Vendor = {
  key: 'fatsecret',
  name: 'FatSecret',
  documentation: documentation.fatsecret,
  accounts: [accountOf('robin', '10100701'), accountOf('kim', '10100702'), accountOf('noor', '10100703')],
  scopes: [],
  temporaryCredentialUrl: 'authentication.fatsecret.com/oauth/request_token',
  authorizationUrl: 'authentication.fatsecret.com/oauth/authorize',
  tokenUrl: 'authentication.fatsecret.com/oauth/access_token',
  callbackIn: 'temporary_credentials',
  denial: 'no-verifier',
  resources: [
    {
      method: 'GET',
      url: 'platform.fatsecret.com/rest/profile/v1',
      operation: 'data',
      does: 'read',
      answer: { status: 200, body: { profile: { weight_measure: 'Kg', height_measure: 'Cm' } } },
    },
  ],
  ...OAUTH1_HABITS,
}

/** The vendors with OAuth 1.0a that the sandbox plays. */
export const OAUTH1_VENDORS: readonly OAuth1Vendor[] = Object.freeze([fatsecret, garminOAuth1])
