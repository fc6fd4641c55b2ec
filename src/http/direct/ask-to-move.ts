import type { Context } from 'hono'
import { answerMove, findMove } from '../../broker/attempts/answer-move.ts'
import type { Outcome } from '../../broker/attempts/read-outcome.ts'
import { RESULT_PATH } from '../../broker/redirect-uris/redirect-location.ts'
import { formActionSource, moveAccountPage } from '../../pages/index.ts'
import { answerPage, nameOn } from '../page-answer.ts'
import { readForm } from '../request-body.ts'
import type { Services } from '../services.ts'
import { sourceLabel } from '../source-label.ts'
import { resultUrl, seeOther } from './redirects.ts'
import { assertOwnPage, once, rawQuery } from './request.ts'
import { attemptCookieOf, wayOf } from './way-back.ts'

/**
 * `bind=page`: another end user would lose the vendor account, so the person is asked first (contract §3). Null for an
 * attempt that asks nothing.
 */
export async function askToMove(
  c: Context,
  services: Services,
  { attempt, application }: Extract<Outcome, { kind: 'pending' }>,
): Promise<Response | null> {
  const { context } = services
  const source = attempt.sourceId === null ? undefined : context.sources.get(attempt.sourceId)
  if (source === undefined || (await findMove(context, attempt)) === null) return null
  const session = await context.storage.read.sessions.find(attempt.sessionLookup)
  const { redirectEntry } = attempt
  return answerPage(
    c,
    context,
    { asked: attempt.locale, application },
    {
      status: 200,
      formTargets: redirectEntry === null ? [] : [formActionSource(redirectEntry)],
      frameAncestors: [],
      script: true,
    },
    (page) =>
      moveAccountPage(
        {
          application: nameOn(page, application),
          source: sourceLabel(services, source),
          label: session?.label ?? null,
          form: { action: `${RESULT_PATH}?${rawQuery(c)}`, fields: {} },
        },
        page,
      ),
  )
}

/** `POST` of that page: the person's answer, then the outcome. It counts from the browser that started alone. */
export async function answerResult(c: Context, { context }: Services): Promise<Response> {
  assertOwnPage(c)
  const query = rawQuery(c)
  const form = await readForm(c)
  const attempt = await answerMove(context, {
    attemptId: once(query, 'attempt'),
    browserSecret: attemptCookieOf(c, context, query)?.browserSecret ?? null,
    mayMove: form('answer') === 'yes',
  })
  return seeOther(context, resultUrl(context, attempt, wayOf(c, context, query)))
}
