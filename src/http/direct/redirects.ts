import { isFinished } from '../../broker/attempts/attempts.ts'
import { arrivalOf } from '../../broker/attempts/finish-connect.ts'
import type { Context as BrokerContext } from '../../broker/context.ts'
import { RESULT_PATH } from '../../broker/redirect-uris/redirect-location.ts'
import type { Attempt } from '../../model/attempt.ts'
import { isHttps } from '../page-answer.ts'
import { securityHeaders } from '../security-headers.ts'

/** A redirect that a browser follows with GET, whatever it did before (RFC 9110 §15.4.4). */
export function seeOther(
  context: BrokerContext,
  location: string,
  cookies: readonly string[] = [],
): Response {
  const [cookie, ...more] = cookies
  // Without a length, the empty body would be sent as a chunk of its own.
  const plain = {
    ...securityHeaders(isHttps(context)).page,
    Location: location,
    'Content-Length': '0',
    ...(cookie === undefined ? {} : { 'Set-Cookie': cookie }),
  }
  // A plain object is written out as it is; only several cookies need the list that `Headers` keeps.
  if (more.length === 0) return new Response(null, { status: 303, headers: plain })
  const withCookies = new Headers(plain)
  for (const one of more) withCookies.append('Set-Cookie', one)
  return new Response(null, { status: 303, headers: withCookies })
}

/** What the result page needs to know of the way there. */
export interface Way {
  /** Null when the browser lost it. */
  readonly token: string | null
  readonly fromList: boolean
}

/** Where the browser goes on from a vendor, or from our page in its place: to whoever confirms, or to the outcome. */
export const onwardUrl = (context: BrokerContext, attempt: Attempt, state: string, way: Way): string =>
  arrivalOf(context, attempt, state).verifyLocation ?? resultUrl(context, attempt, way)

/**
 * The address at which every connect and disconnect ends. The documented parameters come first; programs watch
 * for them. While the attempt is under way there is no `connected` yet.
 */
export function resultUrl(context: BrokerContext, attempt: Attempt, { token, fromList }: Way): string {
  const { id, sourceId, connected, status } = attempt
  const query = new URLSearchParams()
  if (token !== null) query.set('token', token)
  if (sourceId !== null) query.set('dataSource', String(sourceId))
  if (isFinished(status) && connected !== null) query.set('connected', String(connected))
  query.set('attempt', id)
  if (fromList) query.set('from', 'list')
  return `${context.urls.direct}${RESULT_PATH}?${query}`
}
