import type { Context } from 'hono'
import { beginConnect } from '../../broker/attempts/begin-connect.ts'
import { openLink } from '../../broker/attempts/open-link.ts'
import type { LivingLink } from '../../broker/attempts/refuse-link.ts'
import { framedStartPage } from '../../pages/index.ts'
import { answerPage, nameOn } from '../page-answer.ts'
import type { Services } from '../services.ts'
import { sourceLabel } from '../source-label.ts'
import { askBeforeLeaving } from './ask-before-leaving.ts'
import { depart } from './depart.ts'
import { isFramed, linkRequestOf, once, rawQuery } from './request.ts'

/** `GET /dataSourceDirectConnection.html`: sends the person to the vendor's consent page (contract §3). */
export async function connect(c: Context, services: Services): Promise<Response> {
  const { context } = services
  const query = rawQuery(c)
  const link = await openLink(context, linkRequestOf(query))
  const { source } = link
  if (source !== null && isFramed(c)) return breakOut(c, services, { link: { ...link, source }, query })
  if (link.application.binding.kind === 'page') return askBeforeLeaving(c, services, link)
  const { maySend } = services.vendorHealth
  return depart(
    c,
    services,
    link,
    await beginConnect(context, link, (name) => once(query, name), { maySend }),
  )
}

/** Vendors refuse frames and browsers keep cookies from them, so a framed start begins nothing and offers the way out. */
function breakOut(
  c: Context,
  services: Services,
  { link, query }: { readonly link: LivingLink; readonly query: string },
): Promise<Response> {
  const { context } = services
  const { application, locale, source } = link
  const startUrl = `${context.urls.direct}/dataSourceDirectConnection.html?${query}`
  return answerPage(
    c,
    context,
    { asked: locale, application },
    { status: 200, formTargets: null, frameAncestors: application.embedOrigins, script: false },
    (page) =>
      framedStartPage(
        {
          application: nameOn(page, application),
          source: sourceLabel(services, source),
          startUrl,
          // Without an address of the application to return to, its page would be lost.
          opensIn: link.redirect === null ? 'new-window' : 'whole-window',
        },
        page,
      ),
  )
}
