import type { Context } from 'hono'
import { describeOutcome } from '../../broker/attempts/describe-outcome.ts'
import { type Outcome, readOutcome } from '../../broker/attempts/read-outcome.ts'
import { type Attempt, formatReference, referenceOf } from '../../model/attempt.ts'
import { type PageContext, type ResultView, resultPage } from '../../pages/index.ts'
import { type Audience, answerPage, nameOn } from '../page-answer.ts'
import type { Services } from '../services.ts'
import { sourceLabel } from '../source-label.ts'
import { askToMove } from './ask-to-move.ts'
import { resultUrl, seeOther, type Way } from './redirects.ts'
import { once, rawQuery } from './request.ts'
import { wayOf } from './way-back.ts'

/** Seconds after which the page looks again whether an attempt that another request is finishing has ended. */
const LOOK_AGAIN_SECONDS = 1

/**
 * `GET /dataSourceDirectConnectionResult.html`: shows or forwards the stored outcome (contract §3). What the query
 * claims counts for nothing: an address that says otherwise than the attempt is corrected first.
 */
export async function result(c: Context, services: Services): Promise<Response> {
  const { context } = services
  const query = rawQuery(c)
  const way = wayOf(c, context, query)
  const outcome = await readOutcome(context, once(query, 'attempt'), way.token)
  if (outcome.kind === 'forward' || outcome.kind === 'show') {
    if (!saysTheTruth(query, outcome.attempt))
      return seeOther(context, resultUrl(context, outcome.attempt, way))
    if (outcome.kind === 'forward') return seeOther(context, outcome.location)
  }
  if (outcome.kind === 'pending') {
    const asked = await askToMove(c, services, outcome)
    if (asked !== null) return asked
  }
  return showOutcome(c, services, outcome, way)
}

const saysTheTruth = (query: string, { connected, sourceId }: Attempt): boolean =>
  once(query, 'connected') === String(connected) && once(query, 'dataSource') === String(sourceId ?? '')

async function showOutcome(
  c: Context,
  services: Services,
  outcome: Outcome,
  way: Way & { readonly token: string },
): Promise<Response> {
  const { context } = services
  const view = outcome.kind === 'show' ? await viewOf(services, outcome, way) : ({ kind: 'general' } as const)
  const audience: Audience =
    outcome.kind === 'show'
      ? { asked: outcome.attempt.locale, application: outcome.application }
      : { asked: null, application: null }
  const headers = outcome.kind === 'pending' ? { Refresh: String(LOOK_AGAIN_SECONDS) } : {}
  return answerPage(
    c,
    context,
    audience,
    { status: 200, formTargets: null, frameAncestors: [], script: true, headers },
    (page) => resultPage(named(view, page, audience.application), page),
  )
}

/** The view with the name that people know the application by. */
const named = (view: ResultView, page: PageContext, application: Audience['application']): ResultView =>
  view.kind === 'general' || application === null ? view : { ...view, application: nameOn(page, application) }

async function viewOf(
  services: Services,
  { attempt, application }: Extract<Outcome, { kind: 'show' }>,
  { token, fromList }: Way & { readonly token: string },
): Promise<ResultView> {
  const { context } = services
  const source = attempt.sourceId === null ? undefined : context.sources.get(attempt.sourceId)
  if (source === undefined) return { kind: 'general' }
  const { vendorSide, lacksScopes, ...facts } = await describeOutcome(context, attempt)
  const isConnect = attempt.action === 'connect'
  const page = isConnect ? '/dataSourceDirectConnection.html' : '/dataSourceDirectRevoke.html'
  // The list's own choice, for an application that made none.
  const lang = attempt.locale === null ? '' : `&lang=${attempt.locale}`
  const again = `${page}?token=${token}&dataSource=${source.id}${fromList ? `&from=list${lang}` : ''}`
  const missing = isConnect && lacksScopes ? `${again}&scopes=missing` : null
  return {
    kind: 'outcome',
    action: attempt.action,
    error: attempt.error,
    source: sourceLabel(services, source),
    application: application.name,
    ...facts,
    vendorEnd: vendorSide,
    tryAgainUrl: attempt.error === null ? null : ((fromList ? missing : null) ?? again),
    allowMoreUrl: attempt.error === null && facts.permissionsMissing ? missing : null,
    listUrl: fromList
      ? `${context.urls.widget}/?connectionSessionToken=${token}&platform=web${lang}#s-${source.key}`
      : null,
    reference: formatReference(referenceOf(attempt.id)),
  }
}
