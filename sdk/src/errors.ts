/**
 * What can go wrong, as one error type.
 * `invalid_argument`: the call was not sent, because an argument has the wrong form.
 * `invalid_signature`, `invalid_timestamp`: what arrived is no webhook of the service, or an old one.
 * `unreachable`, `timeout`, `aborted`: no whole answer arrived. `unexpected_answer`: it has not the documented form.
 * Any other code is the service's own, or follows from the HTTP status when the service sent none.
 */
export type SpringbarErrorCode =
  | 'invalid_argument'
  | 'unreachable'
  | 'timeout'
  | 'aborted'
  | 'unexpected_answer'
  | 'invalid_request'
  | 'invalid_credentials'
  | 'invalid_end_user'
  | 'invalid_session'
  | 'session_expired'
  | 'attempt_expired'
  | 'user_mismatch'
  | 'cursor_expired'
  | 'invalid_signature'
  | 'invalid_timestamp'
  | 'invalid_pairing_code'
  | 'invalid_device_token'
  | 'contrast_too_low'
  | 'pairing_ended'
  | 'unknown_source'
  | 'not_found'
  | 'rate_limited'
  | 'server_error'
  // Keeps the listed codes in the editor's suggestions while every other string stays legal.
  | (string & {})

/** The request header that a 401 is about. */
export type CredentialHeader = 'Authorization' | 'AppAuthorization'

/** What is known about a failure beside its code. */
export interface SpringbarErrorDetails {
  readonly status?: number | null
  readonly requestId?: string | null
  readonly header?: CredentialHeader | null
  readonly detail?: string | null
  readonly retryAfterSeconds?: number | null
}

/**
 * The one error that this package throws. Its message is made of fixed words: credentials, session tokens and
 * URLs stand neither in it nor in any property, so it may be logged as it is.
 */
export class SpringbarError extends Error {
  readonly code: SpringbarErrorCode
  /** HTTP status of the answer; null when there was none. */
  readonly status: number | null
  /** The service's name for this request, for its log; null when it gave none. */
  readonly requestId: string | null
  /** On a 401: which credentials are missing or wrong, when the answer says so. */
  readonly header: CredentialHeader | null
  /** The service's own sentence for developers; null when there was none or it repeated a credential. */
  readonly detail: string | null
  /** On a 429 or 503: how long to wait, when the answer says so. */
  readonly retryAfterSeconds: number | null

  constructor(code: SpringbarErrorCode, message: string, details: SpringbarErrorDetails = {}) {
    super(message)
    this.name = 'SpringbarError'
    this.code = code
    this.status = details.status ?? null
    this.requestId = details.requestId ?? null
    this.header = details.header ?? null
    this.detail = details.detail ?? null
    this.retryAfterSeconds = details.retryAfterSeconds ?? null
  }
}

/** An argument that cannot be sent. `what` is made of fixed words: the value itself may be a secret. */
export function invalidArgument(what: string): SpringbarError {
  return new SpringbarError('invalid_argument', what)
}

/** An answer that does not have the documented form. `what` is made of fixed words. */
export function unexpectedAnswer(what: string, details: SpringbarErrorDetails = {}): SpringbarError {
  return new SpringbarError(
    'unexpected_answer',
    `Springbar answered something that is not documented: ${what}.`,
    details,
  )
}
