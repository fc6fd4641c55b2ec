import { ERRORS, SpringbarError } from '../errors.ts'

/** Where the documentation explains each error code. */
const DOCUMENTATION = 'https://github.com/springbar/springbar/blob/main/docs/errors.md'

/** The one error shape (RFC 9457). */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string
}

/** Anything that was thrown, as an error of our table. What is not ours is a `server_error` without details. */
export function toSpringbarError(error: unknown): SpringbarError {
  if (error instanceof SpringbarError) return error
  return new SpringbarError('server_error', 'Something unexpected happened; it was logged.', { cause: error })
}

/** The body of an error's answer. */
export function problemOf(error: SpringbarError, requestId: string): Problem {
  const { title, status } = ERRORS[error.code]
  return {
    ...error.extra,
    type: `${DOCUMENTATION}#${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.detail,
    requestId,
  }
}
