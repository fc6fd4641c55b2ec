import type { Context } from '../broker/context.ts'
import { ERRORS, type SpringbarError } from '../errors.ts'
import { formatReference, newAttemptId, referenceOf } from '../model/attempt.ts'
import { isHttps } from './page-answer.ts'
import { problemOf } from './problem.ts'
import { securityHeaders } from './security-headers.ts'

/** An answer to what no route was found for. */
export interface RefusedUnread {
  readonly status: number
  readonly title: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The error of a request that could not be read as one, in our one shape, and in the log. `target` is its address as it
 * came; null when not even that is known.
 */
export function refuseUnread(
  context: Pick<Context, 'now' | 'random' | 'log' | 'urls'>,
  error: SpringbarError,
  target: string | null,
): RefusedUnread {
  const { status, title } = ERRORS[error.code]
  const requestId = formatReference(referenceOf(newAttemptId(context.now(), context.random)))
  context.log.info('request refused', { requestId, code: error.code, detail: error.detail })
  const isCompatible = target !== null && /^\/(v5|restjson|widget|inbound)(\/|$)/.test(target)
  return {
    status,
    title,
    headers: {
      ...securityHeaders(isHttps(context)).api,
      'Content-Type': isCompatible ? 'application/json' : 'application/problem+json',
    },
    body: JSON.stringify(problemOf(error, requestId)),
  }
}
