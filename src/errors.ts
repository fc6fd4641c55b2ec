/**
 * The one error of the service and the table of its codes.
 *
 * @module errors — owns codes, HTTP statuses and the sentence that a developer reads. What a person reads on a page
 * stands in `pages/messages`, by the `page` named here. Thrown where something is known to be wrong, translated
 * into a response once, in `http/`.
 */

/** The few things that a page can say to a person about an error. */
export type ErrorPage =
  | 'link-not-valid'
  | 'link-expired'
  | 'redirect-not-allowed'
  | 'source-unknown'
  | 'source-not-available'
  | 'source-native'
  | 'already-used'
  | 'browser-changed'
  | 'too-many-requests'
  | 'not-found'
  | 'temporarily-down'
  | 'something-broke'

interface ErrorKind {
  readonly status: number
  readonly title: string
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  readonly page: ErrorPage
}

const kind = (status: number, title: string, page: ErrorPage, retryable = false): ErrorKind =>
  Object.freeze({ status, title, retryable, page })

/** Every code that an answer of ours can carry. */
export const ERRORS = Object.freeze({
  invalid_request: kind(400, 'The request is malformed', 'link-not-valid'),
  invalid_json: kind(400, 'The body is not valid JSON', 'something-broke'),
  invalid_redirect_uri: kind(400, 'The redirect URI is not allowed', 'redirect-not-allowed'),
  missing_credentials: kind(401, 'Credentials are missing', 'link-not-valid'),
  invalid_credentials: kind(401, 'Credentials are wrong', 'link-not-valid'),
  invalid_end_user: kind(403, 'The end user is not one of this application', 'link-not-valid'),
  invalid_session: kind(403, 'The connection session is not valid', 'link-not-valid'),
  session_expired: kind(410, 'The connection session has expired', 'link-expired'),
  attempt_expired: kind(410, 'The attempt has expired', 'link-expired'),
  invalid_state: kind(400, 'The state is not valid', 'link-not-valid'),
  already_used: kind(409, 'The attempt is already finished', 'already-used'),
  browser_changed: kind(409, 'The attempt was started in another browser', 'browser-changed'),
  unknown_source: kind(404, 'There is no such data source', 'source-unknown'),
  source_not_available: kind(
    409,
    'The data source cannot be connected by this application',
    'source-not-available',
  ),
  source_is_native: kind(409, 'The data source is connected on the phone', 'source-native'),
  invalid_pairing_code: kind(404, 'The pairing code is not valid', 'link-not-valid'),
  invalid_device_token: kind(401, 'The device token is not valid', 'link-not-valid'),
  pairing_ended: kind(410, 'The connection that this device reported on has ended', 'link-expired'),
  user_mismatch: kind(409, 'It was started for another end user', 'browser-changed'),
  not_found: kind(404, 'There is nothing here', 'not-found'),
  method_not_allowed: kind(405, 'The method is not allowed', 'not-found'),
  conflict: kind(409, 'The request conflicts with what is stored', 'something-broke'),
  managed_by_configuration: kind(409, 'The entry is managed by the configuration', 'something-broke'),
  limit_reached: kind(409, 'A limit is reached', 'something-broke'),
  idempotency_in_progress: kind(
    409,
    'The first request with this key is still running',
    'something-broke',
    true,
  ),
  cursor_expired: kind(410, 'The cursor is older than the events that are kept', 'something-broke'),
  connection_ended: kind(409, 'The connection has ended', 'something-broke'),
  needs_reauth: kind(409, 'The person must connect again', 'something-broke'),
  not_readable: kind(409, 'The connection has no token to read', 'something-broke'),
  vendor_unavailable: kind(503, 'The vendor cannot be asked right now', 'temporarily-down', true),
  request_timeout: kind(408, 'The request took too long', 'temporarily-down', true),
  payload_too_large: kind(413, 'The body is too large', 'something-broke'),
  unsupported_media_type: kind(415, 'The content type is not supported', 'something-broke'),
  contrast_too_low: kind(422, 'The colours would be hard to read', 'something-broke'),
  idempotency_mismatch: kind(422, 'The idempotency key was used for another request', 'something-broke'),
  rate_limited: kind(429, 'Too many requests', 'too-many-requests', true),
  headers_too_large: kind(431, 'The headers are too large', 'link-not-valid'),
  server_error: kind(500, 'Something broke on our side', 'something-broke', true),
  storage_unavailable: kind(503, 'The service cannot store anything right now', 'temporarily-down', true),
})

/** One of the codes of {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS

/** What a page may name when it explains an error to a person. Never part of an answer to a program. */
export interface ErrorSubject {
  readonly applicationId?: string
  readonly sourceId?: number
  /** Why the source cannot be connected. */
  readonly reason?: string
  /** The language that the application asked for. */
  readonly locale?: string | null
}

/** One of the things that are wrong with a request. */
export interface Mistake {
  /** The path of the field, with dots between; the empty string for the body as a whole. */
  readonly field: string
  /** A sentence that names the field. */
  readonly detail: string
}

/** Further members of the problem body, such as the rule that failed. */
export type ErrorExtra = Readonly<Record<string, string | number | boolean | readonly Mistake[]>>

/** What may go along with an error. */
export interface ErrorDetails {
  /** The original failure; logged by its name and code only. */
  readonly cause?: unknown
  /** Headers of the answer: `Allow`, `Retry-After`, `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>
  readonly extra?: ErrorExtra
  readonly about?: ErrorSubject
}

/** The one error of the service. `detail` is a sentence for a developer, made of fixed words, without secrets. */
export class SpringbarError extends Error {
  readonly code: ErrorCode
  readonly detail: string
  readonly headers: Readonly<Record<string, string>>
  readonly extra: ErrorExtra
  readonly about: ErrorSubject

  constructor(code: ErrorCode, detail: string, details: ErrorDetails = {}) {
    super(`${code}: ${detail}`, { cause: details.cause })
    this.name = 'SpringbarError'
    this.code = code
    this.detail = detail
    this.headers = details.headers ?? {}
    this.extra = details.extra ?? {}
    this.about = details.about ?? {}
  }

  get status(): number {
    return ERRORS[this.code].status
  }
}

/** What a log may say of anything that was thrown: our code, or the kind of error. Its message may hold anything. */
export function errorName(error: unknown): string {
  if (error instanceof SpringbarError) return error.code
  return error instanceof Error ? error.name : 'unknown'
}
