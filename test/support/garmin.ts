// Garmin by OAuth 2.0 as far as the exchange of its older generation needs it, for as long as the sandbox does not play it.
import type { Vendor } from '../../src/sandbox/index.ts'

/** Garmin's newer generation, made of another vendor; nothing when it is played already. */
export function garminUnlessPlayed(played: readonly Vendor[]): readonly Vendor[] {
  const model = played.find(({ key }) => key === 'strava')
  if (model === undefined || played.some(({ key }) => key === 'garmin')) return []
  return [
    {
      ...model,
      key: 'garmin',
      name: 'Garmin',
      authorization: { ...model.authorization, urls: ['connect.garmin.com/oauth2Confirm'] },
      token: {
        ...model.token,
        urls: ['diauth.garmin.com/di-oauth2-service/oauth/token'],
        exchangeAnswer: {
          status: 200,
          body: {
            access_token: '{accessToken}',
            token_type: 'bearer',
            expires_in: 86_400,
            refresh_token: '{refreshToken}',
            refresh_token_expires_in: 7_775_998,
            scope: 'PARTNER_READ',
          },
        },
      },
      revocations: [],
      resources: [
        {
          operation: 'identity',
          methods: ['GET'],
          url: 'apis.garmin.com/wellness-api/rest/user/id',
          scopes: [],
          answer: { status: 200, body: { userId: '{subject}' } },
        },
      ],
      switches: { ...model.switches, userIdAs: 'string' },
    },
  ]
}
