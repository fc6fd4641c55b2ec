import { createHmac, timingSafeEqual } from 'node:crypto'

/** How far a delivery's clock may be away from ours, in seconds: the Standard Webhooks project's own value. */
const TOLERANCE_SECONDS = 300

/**
 * Whether a request really comes from Springbar: one of its Standard Webhooks signatures is made with our secret, over the
 * id, the timestamp and the very bytes of the body, and not long ago.
 */
export function isSigned(
  headers: Headers,
  body: Uint8Array,
  { secret, now }: { readonly secret: string; readonly now: number },
): boolean {
  const [id, timestamp] = [headers.get('webhook-id'), headers.get('webhook-timestamp')]
  if (id === null || timestamp === null || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  return (headers.get('webhook-signature') ?? '').split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64')
    return one.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
  })
}
