import type { Context } from 'hono'
import { OWN_PAGES } from '../../broker/attempts/begin-connect.ts'
import { type LogInProblem, submitLogIn } from '../../broker/attempts/log-in.ts'
import { type OpenPage, openOwnPage } from '../../broker/attempts/own-page.ts'
import { limits } from '../../limits.ts'
import { logInPage } from '../../pages/index.ts'
import { tooMany } from '../limit-api.ts'
import { nameOn } from '../page-answer.ts'
import { readForm } from '../request-body.ts'
import type { Services } from '../services.ts'
import { sourceLabel } from '../source-label.ts'
import { type Visitor, visitorOf } from './browser-secrets.ts'
import { answerOwnPage, assertOwnForm, formFieldsFor } from './own-page.ts'
import { onwardUrl, seeOther } from './redirects.ts'
import { once, rawQuery } from './request.ts'

/** `GET /log-in`: the form for a person's own log-in, where the vendor has no page for that. */
export async function logIn(c: Context, services: Services): Promise<Response> {
  const { context } = services
  const state = once(rawQuery(c), 'state')
  const visitor = visitorOf(c, context)
  const page = await openOwnPage(context, { state, ...visitor }, 'log-in')
  if (page.kind === 'over')
    return seeOther(context, onwardUrl(context, page.attempt, state, visitor.wayOf(page.attempt)))
  return show(c, services, { state, page, problem: null })
}

/** `POST /log-in`: the form, sent. The answer never holds what was typed. */
export async function answerLogIn(c: Context, services: Services): Promise<Response> {
  const { context, limiter, addressOf } = services
  const wait = limiter.take(`log-in ${addressOf(c)}`, limits.logInsPerAddress)
  if (wait > 0) throw tooMany(wait, 'Too many log-ins from this address.')
  const state = once(rawQuery(c), 'state')
  const form = await readForm(c)
  const visitor: Visitor = visitorOf(c, context)
  assertOwnForm(c, context, state, form)
  const step = await submitLogIn(context, {
    state,
    browserSecrets: visitor.browserSecrets,
    isSent: form('answer') === 'yes',
    loginName: form('loginName') ?? '',
    password: form('password') ?? '',
  })
  if (step.kind === 'again') return show(c, services, { state, page: step.page, problem: step.problem })
  return seeOther(context, onwardUrl(context, step.attempt, state, visitor.wayOf(step.attempt)))
}

interface Shown {
  readonly state: string
  readonly page: OpenPage<'log-in'>
  readonly problem: LogInProblem | null
}

function show(c: Context, services: Services, { state, page, problem }: Shown): Promise<Response> {
  const { context } = services
  const { source, session, application } = page
  return answerOwnPage(c, context, page, problem === null ? 200 : 422, (pageContext) =>
    logInPage(
      {
        application: nameOn(pageContext, application),
        source: sourceLabel(services, source),
        account: source.accountName,
        loginName: source.loginName,
        label: session.label,
        problem,
        form: {
          action: `${OWN_PAGES['log-in']}?${new URLSearchParams({ state })}`,
          fields: formFieldsFor(context, state),
        },
      },
      pageContext,
    ),
  )
}
