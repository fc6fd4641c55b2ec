import { limits } from '../limits.ts'

/**
 * How long to wait after so many tries, in milliseconds; null when it is time to give up. Jitter only adds, so that the
 * schedule never gets shorter than it says and receivers that were down are not hit by everybody at once.
 */
export function waitAfter(tries: number, random: (byteLength: number) => Uint8Array): number | null {
  const wait = limits.webhookRetryWaitsMs[tries - 1]
  if (wait === undefined) return null
  return Math.round(wait * (1 + ((random(1)[0] ?? 0) / 255) * limits.webhookRetryJitter))
}

/** What an answer's `Retry-After` asks for, in milliseconds from now; null when it is missing or nonsense (RFC 9110 §10.2.3). */
export function askedToWait(header: string | null, now: number): number | null {
  if (header === null) return null
  const text = header.trim()
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), limits.webhookRetryAfterMaxMs) : null
}
