import type { Client } from '../model/application.ts'
import type { Notifications } from '../model/source.ts'
import { valueAt } from './json.ts'
import { type NotificationRequest, sameText } from './notification-authenticity.ts'
import { type NotificationSecrets, notificationSecret } from './notification-secret.ts'

/** What is answered to a vendor. */
export interface NotificationAnswer {
  readonly status: number
  readonly body: { readonly type: 'application/json' | 'text/plain'; readonly text: string } | null
}

/** Longer words are nobody's. */
const WORD = /^[\x21-\x7e]{1,512}$/

/**
 * The answer to a GET or HEAD with which a vendor tries an address. What does not belong to the vendor's way to try gets
 * the definition's refusal, and so does a wrong word.
 */
export function answerHandshake(
  { handshake, refusedStatus }: Notifications,
  { query }: Pick<NotificationRequest, 'query'>,
  client: Client,
  secrets: NotificationSecrets,
): NotificationAnswer {
  const refused = { status: refusedStatus, body: null }
  switch (handshake.kind) {
    case 'none':
    case 'probe':
      return refused
    case 'reachable':
      return { status: handshake.status, body: null }
    case 'code': {
      const given = query.get(handshake.parameter)
      if (given === null) return refused
      const code = notificationSecret(handshake.code, client, secrets)
      const isRight = code !== null && sameText(given, code)
      return { status: isRight ? handshake.rightStatus : handshake.wrongStatus, body: null }
    }
    case 'echo': {
      const word = query.get(handshake.parameter)
      const given = query.get(handshake.tokenParameter)
      const token = notificationSecret(handshake.token, client, secrets)
      if (word === null || !WORD.test(word) || given === null || token === null) return refused
      if (!sameText(given, token)) return refused
      return handshake.answer === 'text'
        ? { status: 200, body: { type: 'text/plain', text: word } }
        : {
            status: 200,
            body: { type: 'application/json', text: JSON.stringify({ [handshake.member]: word }) },
          }
    }
  }
}

type Probe = Extract<Notifications['handshake'], { kind: 'probe' }>

/** The definition's probe when a POST is one: it is answered and not kept. Null otherwise. */
export const probeOf = ({ handshake }: Notifications, content: unknown): Probe | null =>
  handshake.kind === 'probe' && valueAt(content, handshake.path) === handshake.value ? handshake : null
