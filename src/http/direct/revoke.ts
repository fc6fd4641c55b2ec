import type { Context } from 'hono'
import { recordFailure } from '../../broker/attempts/attempts.ts'
import { disconnectSource } from '../../broker/attempts/disconnect-source.ts'
import { type Link, openLink } from '../../broker/attempts/open-link.ts'
import { judgeLink, type LivingLink, refuse } from '../../broker/attempts/refuse-link.ts'
import { type VendorSide, vendorSideOf } from '../../broker/revocations/vendor-side.ts'
import { confirmDisconnectPage, formActionSource } from '../../pages/index.ts'
import { answerPage, nameOn } from '../page-answer.ts'
import { readForm } from '../request-body.ts'
import type { Services } from '../services.ts'
import { sourceLabel } from '../source-label.ts'
import { type FormPurpose, newFormToken, readFormToken } from './form-token.ts'
import { linkRequestOf, once, rawQuery } from './request.ts'
import { toResult } from './to-result.ts'

const PATH = '/dataSourceDirectRevoke.html'

/** Whoever has the link may disconnect without a question too, so its form is bound to no browser. */
const purposeOf = (query: string): FormPurpose => ({ query, browser: '' })

const openRevokeLink = (query: string, context: Services['context']): Promise<Link> =>
  openLink(context, linkRequestOf(query))

/**
 * `GET /dataSourceDirectRevoke.html`: with `direct=true` disconnects at once, for a browser as for a program without cookies;
 * otherwise asks first (contract §3).
 */
export async function revoke(c: Context, services: Services): Promise<Response> {
  const { context } = services
  const query = rawQuery(c)
  const link = await openRevokeLink(query, context)
  if (once(query, 'direct') === 'true') {
    const attempt = await disconnectSource(context, link, { by: 'person' })
    return toResult(c, context, link, attempt)
  }
  const living = judgeLink(context, link)
  if ('source' in living) return ask(c, services, living, query)
  return toResult(c, context, link, await refuse(context, link, 'disconnect', living))
}

/** `POST` of the page that asks. Its form carries the id of an attempt, so that it counts once however often it is sent. */
export async function answerRevoke(c: Context, { context }: Services): Promise<Response> {
  const query = rawQuery(c)
  const form = await readForm(c)
  const link = await openRevokeLink(query, context)
  const attemptId = readFormToken(context, purposeOf(query), form)
  const known = await context.storage.read.attempts.find(attemptId)
  const attempt =
    known ??
    (form('answer') === 'yes'
      ? await disconnectSource(context, link, { by: 'person', attemptId })
      : await recordFailure(context, link, 'disconnect', 'access_denied', 'kept'))
  return toResult(c, context, link, attempt)
}

async function ask(c: Context, services: Services, link: LivingLink, query: string): Promise<Response> {
  const { context } = services
  const { application, session, source, redirect, locale } = link
  const living = await context.storage.read.connections.livingOf(application.id, session.endUserId, source.id)
  const [connection] = living
  const vendorEnd: VendorSide =
    connection === undefined ? { kind: 'nothing' } : vendorSideOf(context.sources, connection)
  return answerPage(
    c,
    context,
    { asked: locale, application },
    {
      status: 200,
      // Browsers hold the redirect after a form post against this list, so it names where the outcome will lead.
      formTargets: redirect === null ? [] : [formActionSource(redirect.entry)],
      frameAncestors: [],
      script: true,
    },
    (page) =>
      confirmDisconnectPage(
        {
          application: nameOn(page, application),
          source: sourceLabel(services, source),
          label: session.label,
          vendorEnd,
          form: { action: `${PATH}?${query}`, fields: newFormToken(context, purposeOf(query)) },
        },
        page,
      ),
  )
}
