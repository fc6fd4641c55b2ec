import type { Context } from 'hono'
import { recordFailure } from '../../broker/attempts/attempts.ts'
import { beginConnect, judgeDeparture, turnBack } from '../../broker/attempts/begin-connect.ts'
import { type Link, openLink } from '../../broker/attempts/open-link.ts'
import { SpringbarError } from '../../errors.ts'
import { type AnyAuthorization, isOAuth2 } from '../../model/source.ts'
import { beforeLeavingPage, formActionSource } from '../../pages/index.ts'
import { answerPage, isHttps, nameOn } from '../page-answer.ts'
import { readForm } from '../request-body.ts'
import { headerOf } from '../request-header.ts'
import type { Services } from '../services.ts'
import { sourceLabel } from '../source-label.ts'
import { depart } from './depart.ts'
import { newFormToken, readFormToken } from './form-token.ts'
import { assertOwnPage, linkRequestOf, once, rawQuery } from './request.ts'
import { newStartSecret, readStartCookie, setStartCookie } from './start-cookie.ts'

const PATH = '/dataSourceDirectConnection.html'

/**
 * `bind=page`: shows whose link it is and asks whether this person started it. The GET stores nothing and reaches no
 * vendor, so that a scanner or a prefetch does neither. The form that it shows works in this browser alone: whoever has
 * the link can get a form of their own, and must not be able to send it from this person's browser.
 */
export async function askBeforeLeaving(c: Context, services: Services, link: Link): Promise<Response> {
  const { context } = services
  const departure = judgeDeparture(context, link, (name) => once(rawQuery(c), name))
  if ('outcome' in departure) return depart(c, services, link, await turnBack(context, link, departure))
  if ('regions' in departure) return depart(c, services, link, { kind: 'to-region', ...departure })
  const { application, session, redirect, locale } = link
  const { source } = departure
  const query = rawQuery(c)
  const known = readStartCookie(headerOf(c, 'cookie'), isHttps(context))
  const secret = known ?? newStartSecret(context)
  return answerPage(
    c,
    context,
    { asked: locale, application },
    {
      status: 200,
      // Browsers hold the redirects after a form post against this list: to the vendor, or with the outcome.
      formTargets: [
        ...(departure.by === 'authorization'
          ? [formActionSource(consentPageOf(departure.authorization))]
          : []),
        ...(redirect === null ? [] : [formActionSource(redirect.entry)]),
      ],
      frameAncestors: [],
      script: true,
      headers: { 'Set-Cookie': setStartCookie(secret, isHttps(context)) },
    },
    (page) =>
      beforeLeavingPage(
        {
          application: nameOn(page, application),
          source: sourceLabel(services, source),
          label: session.label,
          form: { action: `${PATH}?${query}`, fields: newFormToken(context, { query, browser: secret }) },
        },
        page,
      ),
  )
}

/** Where the vendor's consent page is, in either protocol. */
const consentPageOf = (authorization: AnyAuthorization): string =>
  isOAuth2(authorization) ? authorization.authorizationRequest.endpoint : authorization.authorizationEndpoint

/** `POST` of that page. Its form carries the id of the attempt, so that it starts one at most. */
export async function answerConnect(c: Context, services: Services): Promise<Response> {
  assertOwnPage(c)
  const { context } = services
  const query = rawQuery(c)
  const form = await readForm(c)
  const link = await openLink(context, linkRequestOf(query))
  const browser = readStartCookie(headerOf(c, 'cookie'), isHttps(context))
  if (browser === null)
    throw new SpringbarError('invalid_request', 'The form was not sent by the browser that it was made for.')
  const id = readFormToken(context, { query, browser }, form)
  if ((await context.storage.read.attempts.find(id)) !== null) throw alreadyUsed(link)
  if (form('answer') !== 'yes') {
    const attempt = await recordFailure(context, link, 'connect', 'access_denied', 'declined', { id })
    return depart(c, services, link, { kind: 'to-result', attempt })
  }
  try {
    const started = await beginConnect(context, link, (name) => once(query, name), {
      id,
      maySend: services.vendorHealth.maySend,
    })
    return depart(c, services, link, started)
  } catch (error) {
    // The same form was sent twice at the same time.
    if (error instanceof SpringbarError && error.code === 'conflict') throw alreadyUsed(link)
    throw error
  }
}

const alreadyUsed = ({ application, locale }: Link) =>
  new SpringbarError('already_used', 'This form was sent before.', {
    about: { applicationId: application.id, locale },
  })
