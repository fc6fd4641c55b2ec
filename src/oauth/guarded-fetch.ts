import { limits } from '../limits.ts'
import { type Bulkhead, createBulkhead } from './bulkhead.ts'
import { VendorError, type VendorErrorCause } from './vendor-error.ts'

/** A request to a vendor, and which vendor it is to. */
export type VendorRequest = RequestInit & { readonly vendor: string }

/** `fetch` towards vendors. Rejects with a {@link VendorError} only. The platform's `fetch` fits, for tests. */
export type VendorFetch = (url: string, request: VendorRequest) => Promise<Response>

/** What a guarded fetch is made of; the bounds are those of `limits.ts` unless given. */
export interface GuardedFetchOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly timeoutMs?: number
  /** Does something later, unless it is called off before; a real timer when missing. */
  readonly after?: (delayMs: number, act: () => void) => () => void
  readonly responseBytes?: number
  /** Requests to one vendor under way at once. */
  readonly concurrency?: number
  /** Requests to one vendor that may wait for a place. */
  readonly queueLength?: number
}

/** All that we read of an answer's headers; `set-cookie` and the like go no further. */
const HEADERS_READ = ['content-type', 'retry-after'] as const
/** Says who calls, not which version of us has which holes. */
const USER_AGENT = 'Springbar'
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/
/** Statuses that a Response may be built of without a body. */
const BODYLESS_STATUSES = [204, 205]

const CAUSE_OF_SYSTEM_ERROR: Readonly<Record<string, VendorErrorCause>> = Object.freeze({
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_cut',
  UND_ERR_SOCKET: 'connection_cut',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
})

/**
 * The only way to a vendor. It reaches https addresses, and http on loopback hosts; follows no redirect, since a token
 * request must not be sent on; keeps no cookie; and holds every bound: one time limit from sending to the last byte, a
 * number of bytes counted while they arrive (unpacked), and places for each vendor, so that a slow one cannot take them
 * all. Waiting for a place has the same time limit, and whoever waits in vain has sent nothing.
 * The answer that it gives is whole: reading its body cannot fail.
 * Errors: `unavailable` when the vendor was not reached or did not finish, `malformed` when it redirects or sends too
 * much, `rejected` for an address that is not allowed.
 */
export function createGuardedFetch(options: GuardedFetchOptions): VendorFetch {
  const timeoutMs = options.timeoutMs ?? limits.vendorTimeoutMs
  const after = options.after ?? afterRealTime
  const responseBytes = options.responseBytes ?? limits.vendorResponseBytes
  const bulkheads = new Map<string, Bulkhead>()

  const bulkheadOf = (vendor: string): Bulkhead => {
    const known = bulkheads.get(vendor)
    if (known !== undefined) return known
    const made = createBulkhead(
      options.concurrency ?? limits.vendorConcurrency,
      options.queueLength ?? limits.vendorQueue,
    )
    bulkheads.set(vendor, made)
    return made
  }

  return async (url, { vendor, ...init }) => {
    if (!isAllowedAddress(url)) throw new VendorError('rejected', 'insecure_url')
    const bulkhead = bulkheadOf(vendor)
    const leave = await within(after, timeoutMs, (deadline) => bulkhead.enter(deadline.signal))
    if (leave === null) throw new VendorError('unavailable', 'busy')
    try {
      return await within(after, timeoutMs, (deadline) =>
        exchange(options.fetch, url, init, deadline, responseBytes),
      )
    } finally {
      leave()
      if (bulkhead.isIdle()) bulkheads.delete(vendor)
    }
  }
}

function afterRealTime(delayMs: number, act: () => void): () => void {
  const timer = setTimeout(act, delayMs)
  return () => clearTimeout(timer)
}

/** Does something under a deadline of its own. */
async function within<T>(
  after: NonNullable<GuardedFetchOptions['after']>,
  timeoutMs: number,
  act: (deadline: AbortController) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const callOff = after(timeoutMs, () => deadline.abort())
  try {
    return await act(deadline)
  } finally {
    callOff()
  }
}

/** Whether an address may be reached at all: https, or http on a loopback host; no credentials in it. */
export function isAllowedAddress(url: string): boolean {
  const parsed = URL.parse(url)
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return false
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && LOOPBACK.test(parsed.hostname))
}

async function exchange(
  fetch: GuardedFetchOptions['fetch'],
  url: string,
  init: RequestInit,
  deadline: AbortController,
  responseBytes: number,
): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('user-agent', USER_AGENT)
  const sent = fetch(url, { ...init, headers, redirect: 'manual', signal: deadline.signal })
  const answer = await withDeadline(sent, deadline.signal, 'network')
  if (answer.type === 'opaqueredirect' || (answer.status >= 300 && answer.status < 400)) {
    deadline.abort() // ends the connection: nobody reads the rest
    throw new VendorError('malformed', 'redirect', { status: answer.status })
  }
  const body = await readBody(answer, deadline, responseBytes)
  return rebuild(answer, body)
}

/** A copy of the answer that is read already, with the few headers that we know. */
function rebuild(answer: Response, body: Uint8Array<ArrayBuffer>): Response {
  if (answer.status < 200 || answer.status > 599) {
    throw new VendorError('malformed', 'http_status', { status: answer.status })
  }
  const headers = new Headers()
  for (const name of HEADERS_READ) {
    const value = answer.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  return new Response(BODYLESS_STATUSES.includes(answer.status) ? null : body, {
    status: answer.status,
    headers,
  })
}

async function readBody(
  answer: Response,
  deadline: AbortController,
  responseBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (answer.body === null) return new Uint8Array()
  const reader = answer.body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await withDeadline(reader.read(), deadline.signal, 'connection_cut')
    if (done) return Buffer.concat(chunks, length)
    length += value.byteLength
    if (length > responseBytes) {
      deadline.abort()
      throw new VendorError('malformed', 'too_large')
    }
    chunks.push(value)
  }
}

/** Waits no longer than the deadline, even for a promise that does not heed the signal. */
async function withDeadline<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  otherwise: VendorErrorCause,
): Promise<T> {
  const expired = Promise.withResolvers<never>()
  const expire = () => expired.reject(new VendorError('unavailable', 'timeout'))
  if (signal.aborted) expire()
  signal.addEventListener('abort', expire, { once: true })
  try {
    return await Promise.race([promise, expired.promise])
  } catch (error) {
    if (error instanceof VendorError) throw error
    if (signal.aborted) throw new VendorError('unavailable', 'timeout')
    throw new VendorError('unavailable', systemCauseOf(error) ?? otherwise)
  } finally {
    signal.removeEventListener('abort', expire)
  }
}

/** The word for a failure of the platform's `fetch`, whose `cause` carries the system's code. */
export function systemCauseOf(error: unknown): VendorErrorCause | null {
  const cause = error instanceof Error ? error.cause : null
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null
  return CAUSE_OF_SYSTEM_ERROR[String(cause.code)] ?? null
}
