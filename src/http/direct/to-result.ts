import type { Context } from 'hono'
import type { Link } from '../../broker/attempts/open-link.ts'
import type { Context as BrokerContext } from '../../broker/context.ts'
import type { Attempt } from '../../model/attempt.ts'
import { isHttps } from '../page-answer.ts'
import { headerOf } from '../request-header.ts'
import { dropOldAttemptCookies, setAttemptCookie } from './attempt-cookie.ts'
import { resultUrl, seeOther } from './redirects.ts'
import { isFromList, isWholeWindow, rawQuery } from './request.ts'
import { newStartSecret } from './start-cookie.ts'

/**
 * Leads to the outcome of an attempt that never left for a vendor. Our own page takes the token out of the address, so a
 * window keeps it in the attempt's cookie, as it does for one that left: loaded anew, the page still knows. Programs, which
 * follow the same links, get none.
 */
export function toResult(c: Context, context: BrokerContext, link: Link, attempt: Attempt): Response {
  const way = { token: link.token, fromList: isFromList(rawQuery(c)) }
  const own = isHttps(context)
  // Its secret binds nothing: there is nothing left to finish.
  const cookies = () => [
    setAttemptCookie(attempt, { ...way, browserSecret: newStartSecret(context) }, own),
    ...dropOldAttemptCookies(headerOf(c, 'cookie'), own),
  ]
  const isShownHere = link.redirect === null && isWholeWindow(c)
  return seeOther(context, resultUrl(context, attempt, way), isShownHere ? cookies() : [])
}
