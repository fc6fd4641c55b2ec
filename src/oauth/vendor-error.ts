import type { OutcomeError } from '../model/result.ts'

/**
 * Who is at fault, in the five ways that lead to different ends: the vendor cannot be reached or is overloaded; it
 * answered and said no; its answer is not one; the person said no; the person granted too little.
 */
export type VendorErrorKind = 'unavailable' | 'rejected' | 'malformed' | 'denied' | 'scope_missing'

const OUTCOMES: Readonly<Record<VendorErrorKind, OutcomeError>> = Object.freeze({
  unavailable: 'vendor_unavailable',
  rejected: 'vendor_error',
  malformed: 'vendor_error',
  denied: 'access_denied',
  scope_missing: 'scope_missing',
})

/** Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 7009 §2.2.1 and RFC 6750 §3.1: words that are safe to repeat. */
const REGISTERED_ERRORS = [
  'access_denied',
  'insufficient_scope',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'invalid_token',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
  'unsupported_token_type',
] as const

/** Why, in one fixed word for the operator. A vendor's own text never becomes one. */
export type VendorErrorCause =
  | (typeof REGISTERED_ERRORS)[number]
  | 'oauth_error'
  // The way there and back.
  | 'busy'
  | 'timeout'
  | 'network'
  | 'connection_refused'
  | 'connection_cut'
  | 'name_not_found'
  | 'insecure_url'
  | 'redirect'
  | 'too_large'
  | 'http_status'
  | 'envelope_status'
  // What we lack.
  | 'template_value'
  | 'no_refresh_token'
  // What the answer says.
  | 'content_type'
  | 'not_utf8'
  | 'not_json'
  | 'duplicate_member'
  | 'not_conform'
  | 'access_token'
  | 'refresh_token'
  | 'token_type'
  | 'expires_in'
  | 'scope'
  | 'account_id'
  | 'jwt'
  | 'id_token'
  | 'nonce'
  | 'consent_missing'
  | 'after_connect'
  // What the callback says.
  | 'parameter'
  | 'issuer'
  | 'state'
  | 'code'
  | 'nothing_granted'
  | 'no_data_granted'

/** Nothing left us. */
const NOT_SENT: readonly VendorErrorCause[] = [
  'busy',
  'connection_refused',
  'name_not_found',
  'insecure_url',
  'template_value',
  'no_refresh_token',
]
/** RFC 6585 §4. */
const TOO_MANY_REQUESTS = 429

/** What may go along with a vendor's failure. */
export interface VendorErrorDetails {
  /** The HTTP status, or the status in the vendor's envelope. */
  readonly status?: number
  /** When the vendor asks to be left alone for so long (`Retry-After`). */
  readonly retryAfterSeconds?: number
}

/** The one error of everything that talks to a vendor. It holds fixed words and numbers only. */
export class VendorError extends Error {
  readonly kind: VendorErrorKind
  override readonly cause: VendorErrorCause
  readonly status: number | null
  readonly retryAfterSeconds: number | null

  constructor(kind: VendorErrorKind, cause: VendorErrorCause, details: VendorErrorDetails = {}) {
    super(details.status === undefined ? `${kind}: ${cause}` : `${kind}: ${cause} ${details.status}`)
    this.name = 'VendorError'
    this.kind = kind
    this.cause = cause
    this.status = details.status ?? null
    this.retryAfterSeconds = details.retryAfterSeconds ?? null
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.kind === 'unavailable'
  }

  /** Whether the vendor says of a refresh that the grant is dead (RFC 6749 §5.2), or there is nothing to refresh with. */
  get endsGrant(): boolean {
    return this.cause === 'invalid_grant' || this.cause === 'no_refresh_token'
  }

  /**
   * Whether the vendor may have done what it was asked, although no answer arrived that can be used. Not so when nothing
   * was sent, or when the answer is a refusal.
   */
  get mayBeDone(): boolean {
    return this.kind !== 'rejected' && !NOT_SENT.includes(this.cause) && !this.asksTooOften
  }

  /** Whether the vendor says that this client asks too often. */
  get asksTooOften(): boolean {
    return this.status === TOO_MANY_REQUESTS
  }

  /** The word that may be told to the application. */
  get outcome(): OutcomeError {
    return OUTCOMES[this.kind]
  }
}

/** Turns a vendor's error code into a fixed word: itself when it is registered, `oauth_error` otherwise. */
export function registeredError(code: unknown): VendorErrorCause {
  return REGISTERED_ERRORS.find((registered) => registered === code) ?? 'oauth_error'
}
