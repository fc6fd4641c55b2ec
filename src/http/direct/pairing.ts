import type { Context } from 'hono'
import { OWN_PAGES } from '../../broker/attempts/begin-connect.ts'
import { pairingCodeOf } from '../../broker/attempts/new-pairing.ts'
import { cancelOnOwnPage, openOwnPage } from '../../broker/attempts/own-page.ts'
import { formatPairingCode } from '../../model/pairing.ts'
import { pairingPage } from '../../pages/index.ts'
import { nameOn } from '../page-answer.ts'
import { readForm } from '../request-body.ts'
import type { Services } from '../services.ts'
import { sourceLabel } from '../source-label.ts'
import { visitorOf } from './browser-secrets.ts'
import { answerOwnPage, assertOwnForm, formFieldsFor } from './own-page.ts'
import { resultUrl, seeOther } from './redirects.ts'
import { once, rawQuery } from './request.ts'

/** How the person's "I have done this" comes back. */
const ASKED = 'asked'

/**
 * `GET /pairing`: the code that an app on the phone redeems. Once it has, the same address leads to the result page; until then
 * it shows the same code again.
 */
export async function pairing(c: Context, services: Services): Promise<Response> {
  const { context } = services
  const query = rawQuery(c)
  const state = once(query, 'state')
  const visitor = visitorOf(c, context)
  const page = await openOwnPage(context, { state, ...visitor }, 'pairing')
  if (page.kind === 'over')
    return seeOther(context, resultUrl(context, page.attempt, visitor.wayOf(page.attempt)))
  const { application, session, source, attempt } = page
  const code = pairingCodeOf(context, state)
  const address = `${OWN_PAGES.pairing}?${new URLSearchParams({ state })}`
  return answerOwnPage(c, context, page, 200, (pageContext) =>
    pairingPage(
      {
        application: nameOn(pageContext, application),
        source: sourceLabel(services, source),
        label: session.label,
        code: formatPairingCode(code),
        appLink: application.phoneApp?.pairingLink?.replace('{code}', code) ?? null,
        minutes: Math.round((attempt.expiresAt - attempt.createdAt) / 60_000),
        notYet: once(query, ASKED) === '1',
        doneUrl: `${address}&${ASKED}=1`,
        form: { action: address, fields: formFieldsFor(context, state) },
      },
      pageContext,
    ),
  )
}

/** `POST /pairing`: the person cancels. */
export async function answerPairing(c: Context, { context }: Services): Promise<Response> {
  const state = once(rawQuery(c), 'state')
  const form = await readForm(c)
  const visitor = visitorOf(c, context)
  assertOwnForm(c, context, state, form)
  const page = await openOwnPage(context, { state, ...visitor }, 'pairing')
  const attempt = page.kind === 'over' ? page.attempt : await cancelOnOwnPage(context, page)
  return seeOther(context, resultUrl(context, attempt, visitor.wayOf(attempt)))
}
