import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application } from '../../model/application.ts'
import { invalidField } from '../invalid-field.ts'
import { limitApi } from '../limit-api.ts'
import { isHttps } from '../page-answer.ts'
import { assertMediaType, readBody } from '../request-body.ts'
import { securityHeaders } from '../security-headers.ts'
import type { Services } from '../services.ts'
import { problem } from './problem-schema.ts'

/** What every handler of our own API finds in its request. */
export interface ApiEnvironment {
  Variables: { application: Application }
}

export type ApiRouter = OpenAPIHono<ApiEnvironment>

/** A router whose validation failures are problems that name the field. */
export const createRouter = (): ApiRouter =>
  new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result) => {
      if (!result.success) throw invalidField(result.error)
    },
  })

/** Logs the caller in, reads the body within its bounds, and sets the headers of every answer. */
export const apiMiddleware =
  (services: Services): MiddlewareHandler<ApiEnvironment> =>
  (c, next) => {
    c.set('application', limitApi(c, services, services.authenticators.own))
    return exchange(services, c, next)
  }

/** The same for calls from a phone, which have a credential of their own in place of an application's. */
export const deviceMiddleware =
  (services: Services): MiddlewareHandler<ApiEnvironment> =>
  (c, next) =>
    exchange(services, c, next)

type Middleware = Parameters<MiddlewareHandler<ApiEnvironment>>

async function exchange(services: Services, c: Middleware[0], next: Middleware[1]): Promise<void> {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    // Read and counted here once; the validators find it read.
    const text = await readBody(c, bodyBytesOf(c.req.path))
    Object.assign(c.req.bodyCache, { text: Promise.resolve(text) })
    if (text !== '') assertJson(c, text)
  }
  await next()
  for (const [name, value] of Object.entries(securityHeaders(isHttps(services.context)).api))
    c.res.headers.set(name, value)
  // An error was counted where it became an answer.
  if (c.error === undefined) services.metrics.countRequest(c.req.routePath, c.res.status)
}

/** A look is larger than all other bodies: it may have every text of ours in several languages, or a picture. */
const bodyBytesOf = (path: string): number =>
  /^\/v1\/appearance(\/|$)/.test(path) ? limits.appearanceBytes : limits.requestBodyBytes

function assertJson(c: Parameters<MiddlewareHandler<ApiEnvironment>>[0], text: string): void {
  assertMediaType(c, 'application/json')
  try {
    JSON.parse(text)
  } catch {
    throw new SpringbarError('invalid_json', 'The body is not valid JSON.')
  }
}

/** A JSON answer in an OpenAPI route. */
export const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
})

/** The problems that every route can answer with. */
export const problems = {
  default: { description: 'A problem', content: { 'application/problem+json': { schema: problem } } },
}

/** A required JSON body in an OpenAPI route. */
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})

/** Who may call: by API key, or with the two Basic credentials. */
export const security = [{ apiKey: [] }, { account: [], application: [] }]
