import type { Context } from 'hono'
import { noteCrossPairing } from '../broker/audit/note-cross-pairing.ts'
import { ERRORS, errorName, type SpringbarError } from '../errors.ts'
import { limits } from '../limits.ts'
import { formatReference, newAttemptId, referenceOf } from '../model/attempt.ts'
import { asApplicationId } from '../model/ids.ts'
import { errorPage } from '../pages/index.ts'
import { tooMany } from './limit-api.ts'
import { answerPage, isHttps, nameOn, plainPage } from './page-answer.ts'
import { problemOf, toSpringbarError } from './problem.ts'
import { securityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'
import { sourceLabel } from './source-label.ts'
import { reasonForPerson } from './unavailable-reason.ts'

/** The compatible API, and what vendors call. */
const COMPATIBLE = /^\/(v5|restjson|widget|inbound)(\/|$)/
const OWN_API = /^\/v1(\/|$)/

/** Turns anything that was thrown into the answer that fits who asked: a page for a person, a problem for a program. */
export async function answerError(c: Context, services: Services, thrown: unknown): Promise<Response> {
  const { context, metrics } = services
  const { path } = c.req
  const isProgram = COMPATIBLE.test(path) || OWN_API.test(path)
  const error = limited(c, services, toSpringbarError(thrown), isProgram)
  // The same form as an attempt's reference, so that people and operators handle one kind of thing.
  const requestId = formatReference(referenceOf(newAttemptId(context.now(), context.random)))
  log(services, c, error, requestId)
  await auditCrossPairing(services, error, requestId)
  metrics.countRequest(isProgram ? 'error api' : 'error page', error.status)
  if (!isProgram) return answerErrorPage(c, services, error, requestId)
  return new Response(JSON.stringify(problemOf(error, requestId)), {
    status: error.status,
    headers: {
      ...securityHeaders(isHttps(context)).api,
      'Content-Type': OWN_API.test(path) ? 'application/problem+json' : 'application/json',
      ...headersOf(error),
    },
  })
}

/** A database that is busy or a service that restarts is back in seconds. */
const BACK_IN_SECONDS = '5'

const headersOf = ({ status, headers }: SpringbarError): Readonly<Record<string, string>> =>
  status === 503 ? { 'Retry-After': BACK_IN_SECONDS, ...headers } : headers

/** A guesser is slowed down: beyond a rate, an address hears only that it must wait. */
function limited(c: Context, services: Services, error: SpringbarError, isProgram: boolean): SpringbarError {
  if (isProgram || error.status >= 500 || error.code === 'rate_limited') return error
  const wait = services.limiter.take(`refused ${services.addressOf(c)}`, limits.refusedPerAddress)
  return wait > 0 ? tooMany(wait, 'Too many refused requests from this address.') : error
}

/** A few lines for each application, however often it is tried. The answer is the same if none can be written. */
async function auditCrossPairing(
  { context, limiter }: Services,
  { code, about: { applicationId } }: SpringbarError,
  requestId: string,
): Promise<void> {
  if (code !== 'invalid_credentials' || applicationId === undefined) return
  if (limiter.take(`cross pairing ${applicationId}`, limits.crossPairingsAudited) > 0) return
  await noteCrossPairing(context, asApplicationId(applicationId), requestId).catch((cause: unknown) =>
    context.log.error('a cross pairing of credentials could not be audited', { error: errorName(cause) }),
  )
}

/** What failed on our side is logged with its cause; what was refused, by its code alone. No query, no body. */
function log({ context }: Services, c: Context, error: SpringbarError, requestId: string): void {
  const fields = { requestId, code: error.code, method: c.req.method, path: routeOf(c.req.path) }
  if (error.status >= 500) context.log.error('request failed', { ...fields, cause: causeOf(error) })
  else context.log.info('request refused', { ...fields, detail: error.detail })
}

/** Longer than every segment of a path of ours. */
const SEGMENT_CHARACTERS = 40

/** The path without what a caller can choose freely: odd characters, and segments that may be an id or a secret. */
function routeOf(path: string): string {
  const segments = path.slice(0, 400).split('/')
  const mayBeSecret = (segment: string) =>
    segment.length > SEGMENT_CHARACTERS || (segment.length >= 16 && /\d/.test(segment))
  const route = segments.map((segment) => (mayBeSecret(segment) ? '*' : segment)).join('/')
  return route.slice(0, 80).replace(/[^\w./*-]/g, '*')
}

/** Name and place of a failure. Its message may hold anything, and stays out of the log. */
function causeOf(error: SpringbarError): string {
  const { cause } = error
  if (!(cause instanceof Error)) return 'unknown'
  const code = 'code' in cause ? ` ${String(cause.code)}` : ''
  const place = /\n\s+at (.+)/.exec(cause.stack ?? '')?.[1] ?? ''
  return `${cause.name}${code} ${place}`.trim()
}

function answerErrorPage(
  c: Context,
  services: Services,
  error: SpringbarError,
  requestId: string,
): Promise<Response> {
  const { context } = services
  const { applicationId, sourceId, reason, locale } = error.about
  const application =
    applicationId === undefined ? null : (context.applications.get(asApplicationId(applicationId)) ?? null)
  const known = sourceId === undefined ? undefined : context.sources.get(sourceId)
  const source = known === undefined ? null : sourceLabel(services, known)
  return answerPage(
    c,
    context,
    { asked: locale ?? null, application },
    {
      ...plainPage(error.status),
      // What went wrong with the list is said where the list would stand; a page that is not shown says nothing.
      frameAncestors: c.req.path === '/' && application !== null ? application.embedOrigins : [],
      headers: headersOf(error),
    },
    (page) =>
      errorPage(
        {
          page: ERRORS[error.code].page,
          reference: requestId,
          application: application === null ? null : nameOn(page, application),
          source,
          reason: reasonForPerson(reason),
          tryAgainUrl: null,
        },
        page,
      ),
  )
}
