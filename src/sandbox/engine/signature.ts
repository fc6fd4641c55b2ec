import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Signature of a call: HMAC-SHA256, in hex, under the client secret, over the parameters' values in the alphabetical
 * order of their names, joined by commas. Source: developer.withings.com, "Sign your requests", 2026-11-22.
 */
export function signatureOf(parameters: Readonly<Record<string, string>>, clientSecret: string): string {
  const values = Object.entries(parameters)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)
  return createHmac('sha256', clientSecret).update(values.join(',')).digest('hex')
}

/** Whether two texts are the same. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
