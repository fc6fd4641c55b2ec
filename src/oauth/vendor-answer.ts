import type { VendorFetch } from './guarded-fetch.ts'
import { isJsonObject, type JsonObject, parseJson } from './json.ts'
import { VendorError } from './vendor-error.ts'

/** The effects that talking to a vendor needs. */
export interface VendorContext {
  /** A guarded one: see `createGuardedFetch`. */
  readonly fetch: VendorFetch
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>
}

/** A vendor that asks for longer than this has no use for us today. */
const RETRY_AFTER_MAX_SECONDS = 86_400
const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json(?:\s*;|$)/i
/** Statuses below 500 that pass by themselves: Request Timeout, Too Early, Too Many Requests. */
const TEMPORARY_STATUSES = [408, 425, 429]

/** Throws `unavailable` for the statuses that pass by themselves, with the time that the vendor asks for. */
export function requireAvailable(response: Response, now: number): void {
  const { status } = response
  if (status < 500 && !TEMPORARY_STATUSES.includes(status)) return
  const retryAfterSeconds = readRetryAfter(response.headers.get('retry-after'), now)
  throw new VendorError('unavailable', 'http_status', {
    status,
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  })
}

/** Seconds of a `Retry-After` (RFC 9110 §10.2.3: seconds or a date), at most a day; null when there is none to read. */
export function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000)
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), RETRY_AFTER_MAX_SECONDS)
}

/**
 * The JSON object that a vendor answered with: labelled as JSON, UTF-8 without a byte order mark, no member twice.
 * Throws `malformed` for anything else.
 */
export async function readJsonObject(response: Response): Promise<JsonObject> {
  if (!JSON_TYPE.test(response.headers.get('content-type') ?? '')) {
    throw new VendorError('malformed', 'content_type', { status: response.status })
  }
  const { value, duplicate } = parse(decode(await response.arrayBuffer()), response.status)
  if (duplicate) throw new VendorError('malformed', 'duplicate_member')
  if (!isJsonObject(value)) throw new VendorError('malformed', 'not_json', { status: response.status })
  return value
}

function decode(bytes: ArrayBuffer): string {
  try {
    // With `ignoreBOM` a byte order mark stays in the text, where JSON has no place for it (RFC 8259 §8.1).
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new VendorError('malformed', 'not_utf8')
  }
}

function parse(text: string, status: number): ReturnType<typeof parseJson> {
  try {
    return parseJson(text)
  } catch {
    throw new VendorError('malformed', 'not_json', { status })
  }
}
