import type { Context } from 'hono'
import type { Context as BrokerContext } from '../../broker/context.ts'
import { cookieKeyOf, parseAttemptId } from '../../model/attempt.ts'
import { isHttps } from '../page-answer.ts'
import { headerOf } from '../request-header.ts'
import { type AttemptCookie, readAttemptCookies } from './attempt-cookie.ts'
import type { Way } from './redirects.ts'
import { isFromList, once } from './request.ts'

/** The cookie of the attempt that the query names, if this browser has it. */
export function attemptCookieOf(
  c: Context,
  context: BrokerContext,
  query: string,
): AttemptCookie | undefined {
  const id = parseAttemptId(once(query, 'attempt'))
  if (id === null) return undefined
  return readAttemptCookies(headerOf(c, 'cookie'), isHttps(context)).get(cookieKeyOf(id))
}

/** The way of a query. Somebody who comes from the application's page has no token in the address; the browser that started keeps it. */
export function wayOf(c: Context, context: BrokerContext, query: string): Way & { readonly token: string } {
  const token = once(query, 'token')
  const cookie = token === '' ? attemptCookieOf(c, context, query) : undefined
  return cookie ?? { token, fromList: isFromList(query) }
}
