import type { Oddities } from '../definition/oddities.ts'

const TEN_YEARS_SECONDS = 315_360_000

const data = { event: 'EXERCISE', user_id: '{subject}', entity_id: '{eventId}', timestamp: '{time}' }

/** Polar AccessLink v3: numbers as ids, a token for ten years, a PING before the first notification. */
export const polar: Oddities = {
  subjects: ['10579501', '10579502', '10579503'],
  switches: { userIdAs: 'number', accessTokenLifetimeSeconds: TEN_YEARS_SECONDS },
  events: {
    format: 'json',
    batch: 'single',
    signature: {
      header: 'Polar-Webhook-Signature',
      algorithm: 'sha256',
      encoding: 'hex',
      key: 'notification',
      over: 'body',
    },
    handshake: 'ping',
    kinds: { data: { item: data } },
  },
  subscription: {
    url: 'www.polaraccesslink.com/v3/webhooks',
    method: 'POST',
    authentication: 'client_secret_basic',
    urlParameter: 'url',
    answer: {
      status: 201,
      body: {
        data: {
          id: '{subscriptionId}',
          events: ['EXERCISE'],
          url: '{notificationUrl}',
          signature_secret_key: '{notificationSecret}',
        },
      },
    },
  },
  doubts: ['The PING is not signed here; sources disagree.'],
}

/** Polar's Dynamic API v4: half a day, and accounts of its own. */
export const polarV4: Oddities = {
  subjects: ['10579511', '10579512', '10579513'],
  switches: { userIdAs: 'number', accessTokenLifetimeSeconds: 43_199 },
}
