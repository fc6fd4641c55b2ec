import { createHmac } from 'node:crypto'
import type { Secret } from '../model/secret.ts'
import { standardKey } from '../model/webhook-secret.ts'

/** What a signature covers besides the secrets. */
export interface Signable {
  /** The same in every delivery of one event. */
  readonly id: string
  /** The bytes of the body, as text in UTF-8. */
  readonly body: string
  /** The instant of this try, epoch milliseconds. */
  readonly now: number
}

/**
 * The headers of a delivery, in both schemes (contract §7). The documented one has room for one signature, made with the
 * older secret until that is retired: HMAC-SHA256 over the body's bytes followed by the timestamp, the key being the
 * secret's UTF-8 bytes. The Standard Webhooks one carries a signature for each live secret, over id, timestamp in seconds
 * and body, the key being what follows `whsec_` (https://www.standardwebhooks.com, specification of 2026-11).
 */
export function signedHeaders(
  { id, body, now }: Signable,
  secrets: readonly Secret[],
): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(now / 1000))
  const [oldest] = secrets
  const standard = secrets
    .flatMap((secret) => standardKey(secret.reveal()) ?? [])
    .map((key) => `v1,${hmac(key, `${id}.${seconds}.${body}`).digest('base64')}`)
  return {
    'content-type': 'application/json',
    ...(oldest !== undefined && {
      'x-hmac-signature': hmac(oldest.reveal(), body + String(now)).digest('hex'),
      'x-hmac-timestamp': String(now),
      'x-hmac-algorithm': 'hmac-sha256',
    }),
    'webhook-id': id,
    'webhook-timestamp': seconds,
    ...(standard.length > 0 && { 'webhook-signature': standard.join(' ') }),
  }
}

const hmac = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text)
