import type { Oddities } from '../definition/oddities.ts'

/** Wahoo: at most ten living access tokens of one person, and a token in the notification instead of a signature. */
export const wahoo: Oddities = {
  subjects: ['2038401', '2038402', '2038403'],
  switches: { userIdAs: 'number', accessTokenLifetimeSeconds: 7_200 },
  liveAccessTokens: 10,
  events: {
    format: 'json',
    batch: 'single',
    signature: null,
    handshake: 'none',
    kinds: {
      data: {
        item: {
          event_type: 'workout_summary',
          webhook_token: '{notificationSecret}',
          user: { id: '{subject}' },
          workout_summary: { id: '{eventId}' },
        },
      },
    },
  },
  doubts: ['What the eleventh token does is not documented; here it ends the oldest.'],
}
