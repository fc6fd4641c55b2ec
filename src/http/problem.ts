import { HTTPException } from 'hono/http-exception'
import { ERRORS, type ErrorCode, SpringbarError } from '../errors.ts'

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

/** What the framework's validators refuse by themselves, by status. */
const REFUSED_BY_FRAMEWORK: ReadonlyMap<number, readonly [ErrorCode, string]> = new Map([
  [400, ['invalid_json', 'The body is not valid JSON.']],
  [415, ['unsupported_media_type', 'The content type must be application/json, in UTF-8.']],
])

/** Anything that was thrown, as an error of our table. What is not ours is a `server_error` without details. */
export function toSpringbarError(error: unknown): SpringbarError {
  if (error instanceof SpringbarError) return error
  const refusal = error instanceof HTTPException ? REFUSED_BY_FRAMEWORK.get(error.status) : undefined
  if (refusal !== undefined) return new SpringbarError(...refusal)
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
