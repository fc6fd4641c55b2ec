/** Vendors that need a line or two beside their definition. */
import type { Oddities } from '../definition/oddities.ts'

/** Ultrahuman: a week. */
export const ultrahuman: Oddities = { switches: { accessTokenLifetimeSeconds: 604_800 } }

const huaweiEvent = (eventType: string) => ({
  item: { openId: '{subject}', eventType, eventTime: '{timeMs}' },
})

/** Huawei Health: an hour, a nested number for each refusal, and signatures over three members of a body. */
export const huaweiHealth: Oddities = {
  subjects: ['MDFAMTAxMDAwMDAwMQ', 'MDFAMTAxMDAwMDAwMg', 'MDFAMTAxMDAwMDAwMw'],
  switches: { accessTokenLifetimeSeconds: 3_600 },
  events: {
    format: 'json',
    batch: 'single',
    signature: {
      header: 'x-notification-signature',
      algorithm: 'sha256',
      encoding: 'base64',
      key: 'notification',
      keyIsBase64: true,
      over: 'members',
      members: ['openId', 'eventType', 'eventTime'],
    },
    handshake: 'get-204',
    kinds: {
      revoked: huaweiEvent('USER_EVENT$REVOKE_ALL'),
      'account-deleted': huaweiEvent('USER_EVENT$DELETE_USER'),
      data: huaweiEvent('HEALTH_RECORD$UPDATE'),
    },
  },
  doubts: ['The type of a notification about new data is a guess.'],
}

/** Decathlon: less than fifteen minutes. */
export const decathlon: Oddities = { switches: { accessTokenLifetimeSeconds: 899 } }

/** Komoot: a name of digits as id. */
export const komoot: Oddities = { subjects: ['820011201', '820011202', '820011203'] }

/** TrainingPeaks: numbers as ids. */
export const trainingpeaks: Oddities = {
  subjects: ['3304101', '3304102', '3304103'],
  switches: { userIdAs: 'number', accessTokenLifetimeSeconds: 3_600 },
}

/** Concept2: numbers as ids. */
export const concept2: Oddities = {
  subjects: ['1290001', '1290002', '1290003'],
  switches: { userIdAs: 'number' },
}

/** intervals.icu: bad credentials are not found. */
export const intervalsIcu: Oddities = {
  subjects: ['i204801', 'i204802', 'i204803'],
  refusals: { client: { status: 404, body: { status: 404, error: 'Not Found' } } },
}

/** iHealth: two days, and ids of letters. */
export const ihealth: Oddities = {
  subjects: ['9f3c8be1a7f34ca1b2f0e001', '9f3c8be1a7f34ca1b2f0e002', '9f3c8be1a7f34ca1b2f0e003'],
  switches: { accessTokenLifetimeSeconds: 172_800 },
}

const signed = (header: string) =>
  ({ header, algorithm: 'sha256', encoding: 'hex', key: 'client', over: 'body' }) as const

/** Hammerhead: signed notifications of activities. */
export const hammerhead: Oddities = {
  subjects: ['70001', '70002', '70003'],
  events: {
    format: 'json',
    batch: 'single',
    signature: signed('X-Hmac-Signature'),
    handshake: 'none',
    kinds: { data: { item: { userId: '{subject}', activityId: '{eventId}' } } },
  },
  doubts: ['The encoding of the signature is a guess.'],
}

/** Ride with GPS: numbers as ids, several events in one request. */
export const rideWithGps: Oddities = {
  subjects: ['510101', '510102', '510103'],
  switches: { userIdAs: 'number' },
  exchangeExtra: { created_at: '{nowSeconds}' },
  events: {
    format: 'json',
    batch: 'array',
    signature: signed('x-rwgps-signature'),
    handshake: 'none',
    kinds: {
      data: {
        member: 'notifications',
        item: {
          user_id: '{subject}',
          item_type: 'trip',
          item_id: '{eventId}',
          action: 'created',
          collection: '',
        },
      },
    },
  },
}
