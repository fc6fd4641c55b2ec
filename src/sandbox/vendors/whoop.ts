import type { Oddities } from '../definition/oddities.ts'

/** WHOOP: a state of eight characters at least, a refresh token for `offline` only, and a chain that breaks on reuse. */
export const whoop: Oddities = {
  subjects: ['1012901', '1012902', '1012903'],
  switches: {
    userIdAs: 'number',
    accessTokenLifetimeSeconds: 3_600,
    stateMinCharacters: 8,
    endGrantOnRefreshReuse: true,
  },
  refresh: { needsScope: 'offline' },
  refusals: { access_token: { status: 401, body: null, text: 'Authorization was not valid' } },
  events: {
    format: 'json',
    batch: 'single',
    signature: {
      header: 'X-WHOOP-Signature',
      algorithm: 'sha256',
      encoding: 'base64',
      key: 'client',
      over: 'timestamp+body',
      timestampHeader: 'X-WHOOP-Signature-Timestamp',
      timestampUnit: 'milliseconds',
    },
    handshake: 'none',
    kinds: {
      data: { item: { user_id: '{subject}', id: '{eventId}', type: 'sleep.updated', trace_id: '{eventId}' } },
    },
  },
  doubts: ['The words of a refused access token are a guess; that they are plain text is not documented.'],
}
