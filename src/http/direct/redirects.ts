import { isFinished } from '../../broker/attempts.ts'
import type { Context as BrokerContext } from '../../broker/context.ts'
import { RESULT_PATH } from '../../broker/open-link.ts'
import type { Attempt } from '../../model/attempt.ts'
import { isHttps } from '../page-answer.ts'
import { securityHeaders } from '../security-headers.ts'

/** A redirect that a browser follows with GET, whatever it did before (RFC 9110 §15.4.4). */
export function seeOther(
  context: BrokerContext,
  location: string,
  cookies: readonly string[] = [],
): Response {
  const headers: [string, string][] = Object.entries(securityHeaders(isHttps(context)).page)
  return new Response(null, {
    status: 303,
    headers: [
      ...headers,
      ['Location', location],
      ...cookies.map((cookie): [string, string] => ['Set-Cookie', cookie]),
    ],
  })
}

/**
 * The address at which every connect and disconnect ends. The documented parameters come first; programs watch
 * for them. While the attempt is under way there is no `connected` yet.
 */
export function resultUrl(context: BrokerContext, attempt: Attempt, token: string | null): string {
  const { id, sourceId, connected, status } = attempt
  const query = new URLSearchParams()
  if (token !== null) query.set('token', token)
  if (sourceId !== null) query.set('dataSource', String(sourceId))
  if (isFinished(status) && connected !== null) query.set('connected', String(connected))
  query.set('attempt', id)
  return `${context.urls.direct}${RESULT_PATH}?${query}`
}
