import type { Context } from 'hono'
import { finishConnect } from '../../broker/attempts/finish-connect.ts'
import { SpringbarError } from '../../errors.ts'
import { cookieKeyOf } from '../../model/attempt.ts'
import { decodeFormComponent } from '../../model/form-encoding.ts'
import { isHttps } from '../page-answer.ts'
import { headerOf } from '../request-header.ts'
import type { Services } from '../services.ts'
import { readAttemptCookies, setAttemptCookie } from './attempt-cookie.ts'
import { resultUrl, seeOther } from './redirects.ts'
import { rawQuery } from './request.ts'

/** `GET /callback/{vendor}`: the person is back from the vendor (contract §4). */
export async function callback(c: Context, { context, vendorHealth }: Services): Promise<Response> {
  const parameters = readParameters(rawQuery(c))
  const cookies = readAttemptCookies(headerOf(c, 'cookie'), isHttps(context))
  const { attempt, verifyLocation } = await finishConnect(context, {
    vendor: c.req.param('vendor') ?? '',
    parameters,
    state: parameters.get('state') ?? '',
    browserSecrets: new Map([...cookies].map(([key, { browserSecret }]) => [key, browserSecret])),
  })
  vendorHealth.note(attempt)
  const cookie = cookies.get(cookieKeyOf(attempt.id))
  if (verifyLocation !== null)
    // The way back from the application's page may be as long again as the way so far, and needs the cookie.
    return seeOther(
      context,
      verifyLocation,
      cookie === undefined ? [] : [setAttemptCookie(attempt, cookie, isHttps(context))],
    )
  const way = cookie ?? { token: null, fromList: false }
  return seeOther(context, resultUrl(context, attempt, way))
}

/**
 * Parameters of an authorization response. None may occur twice (RFC 6749 §3.1), whatever its name. A value that
 * cannot be decoded is empty: vendors describe a cancel in whatever bytes they like, and it is still a cancel.
 */
function readParameters(query: string): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeFormComponent(equals === -1 ? pair : pair.slice(0, equals))
    const value = decodeFormComponent(equals === -1 ? '' : pair.slice(equals + 1))
    if (name === null) continue
    if (parameters.has(name))
      throw new SpringbarError('invalid_state', 'The callback has a repeated parameter.')
    parameters.set(name, value ?? '')
  }
  return parameters
}
