// Independent checks of both signature schemes, written from their descriptions with nothing of the service.
import { createHmac, timingSafeEqual } from 'node:crypto'

type Headers = Readonly<Record<string, string | string[] | undefined>>

const same = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

/** The documented scheme: hex HMAC-SHA256 over the body's bytes, then the timestamp's characters. */
export function documentedSignatureHolds(headers: Headers, body: Buffer, secret: string): boolean {
  const timestamp = String(headers['x-hmac-timestamp'])
  const expected = createHmac('sha256', Buffer.from(secret, 'utf8'))
    .update(Buffer.concat([body, Buffer.from(timestamp, 'ascii')]))
    .digest('hex')
  return headers['x-hmac-algorithm'] === 'hmac-sha256' && same(expected, String(headers['x-hmac-signature']))
}

/** The Standard Webhooks scheme: one of the space-separated `v1,` signatures, over `id.timestamp.body`. */
export function standardSignatureHolds(headers: Headers, body: Buffer, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signed = Buffer.concat([
    Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`, 'utf8'),
    body,
  ])
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  return String(headers['webhook-signature'])
    .split(' ')
    .some((one) => same(expected, one))
}
