import type { Context } from 'hono'
import type { Departure } from '../../broker/attempts/begin-connect.ts'
import type { Link } from '../../broker/attempts/open-link.ts'
import { isHttps } from '../page-answer.ts'
import { headerOf } from '../request-header.ts'
import type { Services } from '../services.ts'
import { dropOldAttemptCookies, setAttemptCookie } from './attempt-cookie.ts'
import { chooseRegion } from './choose-region.ts'
import { seeOther } from './redirects.ts'
import { isFromList, rawQuery } from './request.ts'
import { toResult } from './to-result.ts'

/**
 * Sends the browser to the vendor with its cookie, or to the outcome of what could not be started; or asks where the
 * person's account is.
 */
export async function depart(
  c: Context,
  services: Services,
  link: Link,
  departure: Departure,
): Promise<Response> {
  const { context } = services
  if (departure.kind === 'to-region') return chooseRegion(c, services, link, departure, rawQuery(c))
  if (departure.kind === 'to-result') return toResult(c, context, link, departure.attempt)
  const way = { token: link.token, fromList: isFromList(rawQuery(c)) }
  const { attempt, browserSecret, location } = departure
  return seeOther(context, location, [
    setAttemptCookie(attempt, { browserSecret, ...way }, isHttps(context)),
    ...dropOldAttemptCookies(headerOf(c, 'cookie'), isHttps(context)),
  ])
}
