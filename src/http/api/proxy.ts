import { proxyRequest } from '../../broker/tokens/proxy-request.ts'
import { createRateLimits } from '../../broker/tokens/vendor-rate-limits.ts'
import { limits } from '../../limits.ts'
import { limitApi } from '../limit-api.ts'
import { isHttps } from '../page-answer.ts'
import { limitedBody } from '../request-body.ts'
import { securityHeaders } from '../security-headers.ts'
import type { Services } from '../services.ts'
import { readConnectionId } from './connection-id.ts'
import { type ApiRouter, createRouter } from './router.ts'

/** What of a vendor's headers concerns the caller. Cookies, policies and everything about the connection stay behind. */
const PASSED_ON = [
  'content-disposition',
  'content-language',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'link',
  'location',
  'retry-after',
]
const RATE_LIMIT = /^(x-)?(.+-)?ratelimit|rate-limit/

/**
 * `/v1/connections/{id}/proxy/…`: the vendor's interface with the token put in. It has a middleware of its own: bodies are
 * the vendor's in form and size, and stream both ways.
 */
export function proxyRoutes(services: Services): ApiRouter {
  const { context, metrics } = services
  const rateLimits = createRateLimits(context)
  const router = createRouter()
  router.all('/connections/:id/proxy/*', async (c) => {
    const application = limitApi(c, services, services.authenticators.own)
    const url = new URL(c.req.raw.url)
    const prefix = `/v1/connections/${c.req.param('id')}/proxy`
    const answer = await proxyRequest(context, rateLimits, application, readConnectionId(c.req.param('id')), {
      method: c.req.method,
      pathAndQuery: `${url.pathname.slice(prefix.length)}${url.search}`,
      headers: c.req.raw.headers,
      body: limitedBody(c, limits.proxyRequestBytes),
    })
    metrics.countRequest(c.req.routePath, answer.status)
    return new Response(answer.body, { status: answer.status, headers: headersOf(answer, isHttps(context)) })
  })
  return router
}

/** Says that it is the vendor who answers, and keeps a vendor's page from running anything here. */
function headersOf(answer: Response, https: boolean): Headers {
  const headers = new Headers(securityHeaders(https).api)
  headers.set('Content-Security-Policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
  headers.set('Springbar-Answered-By', 'vendor')
  for (const [name, value] of answer.headers)
    if (PASSED_ON.includes(name) || RATE_LIMIT.test(name)) headers.set(name, value)
  return headers
}
