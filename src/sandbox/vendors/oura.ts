import type { Oddities } from '../definition/oddities.ts'

const problem = (status: number, title: string, detail: string) => ({
  status,
  body: { status, title, detail },
})

const common: Oddities = {
  switches: { accessTokenLifetimeSeconds: 86_400 },
  refusals: {
    access_token: problem(401, 'Unauthorized', 'The access token is expired, malformed or revoked.'),
    scope: problem(403, 'Forbidden', 'The token lacks a scope.'),
    access: problem(403, 'Forbidden', 'The person’s membership has ended.'),
  },
  events: {
    format: 'json',
    batch: 'single',
    signature: {
      header: 'x-oura-signature',
      algorithm: 'sha256',
      encoding: 'HEX',
      key: 'client',
      over: 'timestamp+body',
      timestampHeader: 'x-oura-timestamp',
    },
    handshake: 'challenge-json',
    kinds: {
      data: {
        item: {
          event_type: 'create',
          data_type: 'sleep',
          object_id: '{eventId}',
          event_time: '{time}',
          user_id: '{subject}',
        },
      },
    },
  },
  subscription: {
    url: 'api.ouraring.com/v2/webhook/subscription',
    method: 'POST',
    authentication: 'client_secret_post',
    clientHeaders: ['x-client-id', 'x-client-secret'],
    urlParameter: 'callback_url',
    verifyTokenParameter: 'verification_token',
    answer: { status: 201, body: { id: '{subscriptionId}', callback_url: '{notificationUrl}' } },
  },
  doubts: ['The header that carries the time of a signature is a guess.'],
}

/** Oura by its new log-in: errors of its interface as status, title and detail. */
export const oura: Oddities = {
  ...common,
  subjects: [
    '8f9a5221-639e-4a85-81cb-4065ef23f001',
    '8f9a5221-639e-4a85-81cb-4065ef23f002',
    '8f9a5221-639e-4a85-81cb-4065ef23f003',
  ],
}

/** Oura by its former hosts, with other people. */
export const ouraLegacy: Oddities = {
  ...common,
  subjects: [
    '8f9a5221-639e-4a85-81cb-4065ef23f011',
    '8f9a5221-639e-4a85-81cb-4065ef23f012',
    '8f9a5221-639e-4a85-81cb-4065ef23f013',
  ],
}
