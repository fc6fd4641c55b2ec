import type { Context } from 'hono'
import type { OwnPageRequest } from '../../broker/attempts/own-page.ts'
import type { Context as BrokerContext } from '../../broker/context.ts'
import { type Attempt, cookieKeyOf } from '../../model/attempt.ts'
import { isHttps } from '../page-answer.ts'
import { headerOf } from '../request-header.ts'
import { readAttemptCookies } from './attempt-cookie.ts'
import type { Way } from './redirects.ts'

/** What a browser brings of the attempts that it started. */
export interface Visitor extends Pick<OwnPageRequest, 'browserSecrets'> {
  /** The way from an attempt to its result page. */
  readonly wayOf: (attempt: Attempt) => Way
}

/** Reads the attempt cookies of a request. */
export function visitorOf(c: Context, context: BrokerContext): Visitor {
  const cookies = readAttemptCookies(headerOf(c, 'cookie'), isHttps(context))
  return {
    browserSecrets: new Map([...cookies].map(([key, { browserSecret }]) => [key, browserSecret])),
    wayOf: ({ id }) => cookies.get(cookieKeyOf(id)) ?? { token: null, fromList: false },
  }
}
