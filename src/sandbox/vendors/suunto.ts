import type { Oddities } from '../definition/oddities.ts'

/** Suunto: a name as id, a JWT as access token, a refresh token that changes at times. */
export const suunto: Oddities = {
  subjects: ['robinvale', 'kimaster', 'noorlindqvist'],
  switches: { accessTokenLifetimeSeconds: 86_400 },
  accessToken: {
    encoding: 'jwt',
    claims: { user: '{subject}', sub: '{subject}', iat: '{nowSeconds}', exp: '{expiresAt}', jti: '{jti}' },
  },
  events: {
    format: 'json',
    batch: 'single',
    signature: {
      header: 'X-HMAC-SHA256-Signature',
      algorithm: 'sha256',
      encoding: 'hex',
      key: 'notification',
      over: 'body',
    },
    handshake: 'none',
    kinds: {
      data: { item: { type: 'WORKOUT_CREATED', username: '{subject}', workoutid: '{eventId}' } },
    },
  },
}
