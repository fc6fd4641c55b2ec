import { SpringbarError } from './errors.ts'
import type { Pace } from './events.ts'
import type { Ask, Call } from './request.ts'

/** What passes by itself: the network, a restart, too many callers at once. */
const PASSING_STATUSES: readonly unknown[] = [429, 502, 503, 504]
const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 10_000
/** POSTs that a second one does not harm: a further session or result is the same right again. */
const REPEATABLE_POST =
  /\/(v5\/(userInformation|dataSourceURL)|widget\/v6\/connection|v1\/sessions|v1\/results\/[^/]+|v1\/connections\/[^/]+\/token|v1\/redirect-uris\/check|v1\/attempts\/confirm)$/
/** POSTs that honour `Idempotency-Key`: the second one gets the answer of the first. */
const KEYED_POST =
  /\/v1\/(users|redirect-uris|webhooks\/[^/]+\/(test|replay)|data-sources\/[^/]+\/notifications\/change)$/

/**
 * Asks again when something passed by itself, up to so many times, with growing, random waits or the wait that the
 * service names. Only what a second time does not harm is asked again: reads, replacements, removals, and POSTs that
 * change nothing more or carry an `Idempotency-Key`. A call that waits for something to happen is its caller's to repeat.
 * @param retries how many times after the first
 */
export function retrying(ask: Ask, retries: number, pace: Pace): Ask {
  return async (purpose, expectedStatus, given) => {
    const call = withKey(given, retries, pace)
    for (let failures = 0; ; failures += 1) {
      try {
        return await ask(purpose, expectedStatus, call)
      } catch (error) {
        if (!(error instanceof SpringbarError) || !isPassing(error)) throw error
        if (failures >= retries || !isRepeatable(call, error)) throw error
        const waitMs = waitBefore(error, failures, pace)
        if (waitMs > LONGEST_WAIT_MS) throw error
        await pace.wait(waitMs, call.signal)
      }
    }
  }
}

const isPassing = ({ code, status }: SpringbarError): boolean =>
  code === 'unreachable' || code === 'timeout' || PASSING_STATUSES.includes(status)

function isRepeatable(call: Call, { status }: SpringbarError): boolean {
  if (call.timeoutMs !== undefined) return false
  if (call.method === 'GET' || call.method === 'PUT') return true
  // What was removed or changed already would answer otherwise the second time.
  if (call.method !== 'POST') return status === 429 || status === 503
  // With an alias it is the same end user again; without one, another.
  if (call.url.endsWith('/v5/accessToken')) return call.body?.includes('partnerUserID=') === true
  return REPEATABLE_POST.test(call.url) || 'idempotency-key' in call.headers
}

function withKey(call: Call, retries: number, { random }: Pace): Call {
  if (retries === 0 || call.method !== 'POST' || !KEYED_POST.test(call.url)) return call
  // It has to differ from this application's other keys, and protects nothing: any good randomness will do.
  const key = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32).toString(36)).join('-')
  return { ...call, headers: { ...call.headers, 'idempotency-key': key } }
}

function waitBefore({ retryAfterSeconds }: SpringbarError, failures: number, { random }: Pace): number {
  if (retryAfterSeconds !== null) return retryAfterSeconds * 1_000
  return Math.round(FIRST_WAIT_MS * 2 ** failures * (0.5 + random() / 2))
}
