import { readRetryAfter } from '../../oauth/index.ts'
import type { Context } from '../context.ts'

/** Which of our clients a vendor has asked to wait. One process' own view; it keeps nothing. */
export interface RateLimits {
  /** How long is left; 0 when nothing stands in the way. */
  readonly waitMs: (client: string) => number
  /** Notes a 429, with its `Retry-After` when it had one. */
  readonly note: (client: string, retryAfter: string | null) => void
}

/** A vendor that says no time is left alone for a moment: it has just been asked too often. */
const UNSAID_MS = 1_000

/** The limits that vendors stated by their answers, kept in this process for as long as they said. */
export function createRateLimits({ now }: Pick<Context, 'now'>): RateLimits {
  const until = new Map<string, number>()
  return Object.freeze({
    waitMs: (client: string) => {
      const left = (until.get(client) ?? 0) - now()
      if (left > 0) return left
      until.delete(client)
      return 0
    },
    note: (client: string, retryAfter: string | null) => {
      const seconds = readRetryAfter(retryAfter, now())
      until.set(client, now() + (seconds === null ? UNSAID_MS : seconds * 1_000))
    },
  })
}
