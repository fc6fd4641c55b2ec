import { limits } from '../limits.ts'
import { type Bulkhead, createBulkhead } from './bulkhead.ts'
import { isAllowedAddress, systemCauseOf, type VendorFetch } from './guarded-fetch.ts'
import { VendorError } from './vendor-error.ts'

/** What a guarded stream is made of; the bounds are those of `limits.ts` unless given. */
export interface GuardedStreamOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly timeoutMs?: number
  readonly idleMs?: number
  readonly responseBytes?: number
  readonly concurrency?: number
}

/**
 * The way to a vendor for answers that are passed on: as `createGuardedFetch`, but the body streams, within a number of
 * bytes and with no pause longer than the idle limit, and headers and redirects are left for the caller to judge. No
 * redirect is followed. Rejects with a {@link VendorError} only; a body that breaks a bound ends with one.
 */
export function createGuardedStream(options: GuardedStreamOptions): VendorFetch {
  const timeoutMs = options.timeoutMs ?? limits.proxyTimeoutMs
  const bounds = {
    idleMs: options.idleMs ?? limits.proxyIdleMs,
    bytes: options.responseBytes ?? limits.proxyResponseBytes,
  }
  const bulkheads = new Map<string, Bulkhead>()
  const bulkheadOf = (vendor: string): Bulkhead => {
    const known =
      bulkheads.get(vendor) ??
      createBulkhead(options.concurrency ?? limits.proxyConcurrency, limits.vendorQueue)
    bulkheads.set(vendor, known)
    return known
  }
  return async (url, { vendor, ...init }) => {
    if (!isAllowedAddress(url)) throw new VendorError('rejected', 'insecure_url')
    const bulkhead = bulkheadOf(vendor)
    const leave = await enter(bulkhead, timeoutMs)
    const done = once(() => {
      leave()
      if (bulkhead.isIdle()) bulkheads.delete(vendor)
    })
    const ending = new AbortController()
    const timer = setTimeout(() => ending.abort(), timeoutMs)
    try {
      const answer = await options.fetch(url, { ...init, redirect: 'manual', signal: ending.signal })
      clearTimeout(timer)
      if (answer.type === 'opaqueredirect') throw new VendorError('malformed', 'redirect')
      return passOn(answer, ending, bounds, done)
    } catch (error) {
      clearTimeout(timer)
      done()
      if (error instanceof VendorError) throw error
      throw new VendorError(
        'unavailable',
        ending.signal.aborted ? 'timeout' : (systemCauseOf(error) ?? 'network'),
      )
    }
  }
}

async function enter(bulkhead: Bulkhead, timeoutMs: number): Promise<() => void> {
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), timeoutMs)
  const leave = await bulkhead.enter(waiting.signal)
  clearTimeout(timer)
  if (leave === null) throw new VendorError('unavailable', 'busy')
  return leave
}

interface Bounds {
  readonly idleMs: number
  readonly bytes: number
}

/** The same answer with a body that keeps the bounds and gives the place back at its end, however that comes. */
function passOn(
  answer: Response,
  ending: AbortController,
  { idleMs, bytes }: Bounds,
  done: () => void,
): Response {
  if (answer.body === null) {
    done()
    return answer
  }
  const reader = answer.body.getReader()
  let left = bytes
  const end = () => {
    ending.abort()
    done()
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const timer = setTimeout(() => ending.abort(), idleMs)
      try {
        const { done: isOver, value } = await reader.read()
        if (isOver) {
          done()
          return controller.close()
        }
        left -= value.byteLength
        if (left < 0) throw new VendorError('malformed', 'too_large')
        controller.enqueue(value)
      } catch (error) {
        end()
        controller.error(
          error instanceof VendorError ? error : new VendorError('unavailable', 'connection_cut'),
        )
      } finally {
        clearTimeout(timer)
      }
    },
    cancel: end,
  })
  return new Response(body, { status: answer.status, headers: answer.headers })
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    act()
  }
}
