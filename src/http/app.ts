/**
 * Everything that the outside can ask for, as one Hono application.
 *
 * @module http — owns routes, what is read from a request and how an answer looks. It decides nothing about sessions,
 * attempts or connections: it parses, calls one use case of `broker/` and renders. Errors become answers here, once.
 */
import { type Context, Hono } from 'hono'
import { SpringbarError } from '../errors.ts'
import { answerError } from './answer-error.ts'
import { apiRoutes } from './api/index.ts'
import { appearancePreview, previewLogo } from './appearance-preview.ts'
import { applicationLogo } from './application-logo.ts'
import {
  accessToken,
  deleteUserInformation,
  readUserInformation,
  updateUserInformation,
} from './compat/end-users.ts'
import { dataSourceUrl, mintConnection } from './compat/sessions.ts'
import { answerConnect } from './direct/ask-before-leaving.ts'
import { answerResult } from './direct/ask-to-move.ts'
import { callback } from './direct/callback.ts'
import { connect } from './direct/connect.ts'
import { answerLogIn, logIn } from './direct/log-in.ts'
import { answerPairing, pairing } from './direct/pairing.ts'
import { isSpeculative } from './direct/request.ts'
import { result } from './direct/result.ts'
import { answerRevoke, revoke } from './direct/revoke.ts'
import { inbound } from './inbound.ts'
import { logo } from './logo.ts'
import { healthz, metrics, readyz } from './operation.ts'
import { isHttps } from './page-answer.ts'
import { securityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'
import { widget } from './widget.ts'

type Handler = (c: Context, services: Services) => Promise<Response>
type Methods = Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Handler>>

/** Paths of the compatible API and of the person's browser, with what each does by method. */
const ROUTES: Readonly<Record<string, Methods>> = {
  '/v5/accessToken': { POST: accessToken },
  '/v5/userInformation': {
    POST: readUserInformation,
    PUT: updateUserInformation,
    DELETE: deleteUserInformation,
  },
  '/v5/dataSourceURL': { POST: dataSourceUrl },
  '/restjson/v5/accessToken': { POST: accessToken },
  '/restjson/v5/userInformation': {
    POST: readUserInformation,
    PUT: updateUserInformation,
    DELETE: deleteUserInformation,
  },
  '/restjson/v5/dataSourceURL': { POST: dataSourceUrl },
  '/restjson/v4/userInformation': {
    POST: readUserInformation,
    PUT: updateUserInformation,
    DELETE: deleteUserInformation,
  },
  '/widget/v6/connection': { POST: mintConnection },
  '/': { GET: harmless(widget) },
  '/dataSourceDirectConnection.html': { GET: harmless(connect), POST: answerConnect },
  '/log-in': { GET: harmless(logIn), POST: answerLogIn },
  '/pairing': { GET: harmless(pairing), POST: answerPairing },
  '/dataSourceDirectRevoke.html': { GET: harmless(revoke), POST: answerRevoke },
  '/dataSourceDirectConnectionResult.html': { GET: harmless(result), POST: answerResult },
  '/callback/:vendor': { GET: harmless(callback) },
  '/inbound/:key': { GET: inbound, POST: inbound },
  '/logos/:key': { GET: logo },
  '/application-logos/:application/:digest': { GET: applicationLogo },
  '/appearance-preview': { GET: appearancePreview },
  '/appearance-preview/logo': { GET: previewLogo },
  // Browsers ask for one on every host; an error page for each would only fill the log.
  '/favicon.ico': {
    GET: async () => new Response(null, { status: 204, headers: { 'Cache-Control': 'max-age=86400' } }),
  },
  '/healthz': { GET: healthz },
  '/readyz': { GET: readyz },
  '/metrics': { GET: metrics },
}

/**
 * Answers what only wants to know, or guesses what comes next, with nothing, and does nothing. To a guess the answer is
 * no success: browsers keep one of those, and the person's own click would then lead nowhere.
 */
function harmless(handler: Handler): Handler {
  return async (c, services) => {
    if (!isSpeculative(c)) return handler(c, services)
    const status = c.req.method === 'HEAD' ? 204 : 503
    return new Response(null, { status, headers: securityHeaders(isHttps(services.context)).page })
  }
}

/** The application. Handlers throw; this is where that becomes an answer. */
export function createApp(services: Services): Hono {
  const app = new Hono()
  app.onError((error, c) => answerError(c, services, error))
  app.notFound((c) =>
    answerError(c, services, new SpringbarError('not_found', 'There is nothing at this path.')),
  )
  for (const [path, methods] of Object.entries(ROUTES)) mount(app, services, path, methods)
  app.route('/v1', apiRoutes(services))
  return app
}

/** One handler for all methods of a path: with a second one to fall back on, each request would pay for a chain. */
function mount(app: Hono, services: Services, path: string, methods: Methods): void {
  const { countRequest } = services.metrics
  const byMethod = new Map<string, Handler>(Object.entries(methods))
  const ofGet = byMethod.get('GET')
  if (ofGet !== undefined) byMethod.set('HEAD', ofGet)
  const allowed = [...byMethod.keys()].sort().join(', ')
  app.all(path, (c) => {
    const handler = byMethod.get(c.req.method)
    if (handler === undefined)
      throw new SpringbarError('method_not_allowed', `This path takes ${allowed}.`, {
        headers: { Allow: allowed },
      })
    return handler(c, services).then((response) => {
      countRequest(path, response.status)
      return response
    })
  })
}
