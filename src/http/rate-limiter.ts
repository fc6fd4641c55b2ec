import { limits } from '../limits.ts'

/** How much is allowed: `burst` at once, then `perSecond`. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** Token buckets by key, in this process's memory. */
export interface RateLimiter {
  /** Takes one; returns 0 when it was allowed, else the whole seconds to wait. */
  readonly take: (key: string, rate: Rate) => number
}

interface Bucket {
  tokens: number
  at: number
}

/**
 * A limiter on the given clock (epoch milliseconds). When it remembers more keys than it may, it forgets the ones that
 * it has known longest: a flood of addresses costs memory never, and at worst gives old ones a fresh start.
 */
export function createRateLimiter(now: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>()
  const forgetOldest = () => {
    const oldest = buckets.keys().next()
    if (!oldest.done) buckets.delete(oldest.value)
  }
  return Object.freeze({
    take: (key: string, { burst, perSecond }: Rate) => {
      const at = now()
      const bucket = buckets.get(key) ?? { tokens: burst, at }
      // A clock that was set back must not take anything away.
      const elapsedSeconds = Math.max(0, at - bucket.at) / 1000
      bucket.tokens = Math.min(burst, bucket.tokens + elapsedSeconds * perSecond)
      bucket.at = at
      if (buckets.size >= limits.rateLimiterKeys && !buckets.has(key)) forgetOldest()
      buckets.set(key, bucket)
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond))
      bucket.tokens -= 1
      return 0
    },
  })
}
