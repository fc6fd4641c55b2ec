import type { Oddities } from '../definition/oddities.ts'

/** Garmin: PKCE is a must, permissions apart from scopes, an echo of our own deregistration, nothing signed. */
export const garmin: Oddities = {
  subjects: [
    'b3315f2a-6e7b-4d3a-9c01-5f0c2b8d7e01',
    'b3315f2a-6e7b-4d3a-9c01-5f0c2b8d7e02',
    'b3315f2a-6e7b-4d3a-9c01-5f0c2b8d7e03',
  ],
  switches: { accessTokenLifetimeSeconds: 86_400 },
  authorization: { pkce: 'required' },
  exchangeExtra: { jti: 'sandbox', scope: 'PARTNER_WRITE PARTNER_READ CONNECT_READ CONNECT_WRITE' },
  refusals: { scope: { status: 412, body: { errorMessage: 'User permission denied' } } },
  events: {
    format: 'json',
    batch: 'array',
    headers: { 'garmin-client-id': '{clientId}' },
    signature: null,
    handshake: 'none',
    echoesRevocation: true,
    kinds: {
      revoked: { member: 'deregistrations', item: { userId: '{subject}' } },
      'account-deleted': { member: 'deregistrations', item: { userId: '{subject}' } },
      'permissions-changed': {
        member: 'userPermissionsChange',
        item: { userId: '{subject}', permissions: '{scopes}', changeTimeInSeconds: '{timeSeconds}' },
      },
      data: {
        member: 'dailies',
        item: {
          userId: '{subject}',
          summaryId: '{eventId}',
          calendarDate: '{date}',
          startTimeInSeconds: '{timeSeconds}',
        },
      },
    },
  },
  doubts: ['Whether a deleted account is told like a deregistration is not documented; it is here.'],
}
