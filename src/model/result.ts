/**
 * Why an attempt did not do what the person asked for: the fixed words that may stand in the `error` parameter of
 * a redirect. A vendor's own text never does.
 */
export const OUTCOME_ERRORS = [
  'access_denied',
  'scope_missing',
  'session_expired',
  'attempt_expired',
  'account_in_use',
  'browser_changed',
  'user_mismatch',
  'source_not_available',
  'log_in_failed',
  'vendor_unavailable',
  'vendor_error',
  'server_error',
] as const

/** One of {@link OUTCOME_ERRORS}. */
export type OutcomeError = (typeof OUTCOME_ERRORS)[number]
