// Calls to a world as a program makes them, and what every error answer must be.
import assert from 'node:assert/strict'
import type { Hono } from 'hono'
import { createVendorHealth } from '../../src/broker/attempts/vendor-health.ts'
import { createAuthenticators } from '../../src/broker/authenticate.ts'
import type { Context } from '../../src/broker/context.ts'
import { ERRORS, type ErrorCode } from '../../src/errors.ts'
import { createApp } from '../../src/http/app.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { createRateLimiter } from '../../src/http/rate-limiter.ts'
import type { Services } from '../../src/http/services.ts'
import type { Application } from '../../src/model/application.ts'
import { secret } from '../../src/model/secret.ts'
import { createPresentation } from '../../src/sources/index.ts'
import type { World } from '../support/world.ts'

export type Headers = Readonly<Record<string, string>>

export const FORM = 'application/x-www-form-urlencoded'
export const JSON_TYPE = 'application/json'

/** An end user id that nobody has. */
export const NOBODY = 'f'.repeat(32)

/** What clients of the documented service look for in a 403. */
export const FOREIGN = 'AuthenticationToken is invalid for given appID'

export const basic = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

/** A form call with exactly this text as its body. */
export const sendForm = (app: Hono, path: string, headers: Headers, body = '', method = 'POST') =>
  app.request(path, { method, headers: { 'content-type': FORM, ...headers }, body })

/** A JSON call with exactly this text as its body, or with a value. */
export const sendJson = (app: Hono, path: string, headers: Headers, body: unknown, method = 'POST') =>
  app.request(path, {
    method,
    headers: { 'content-type': JSON_TYPE, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

/** A body as the tests know it; each checks the fields that it reads. */
export const jsonOf = async (response: Response) => (await response.json()) as Record<string, unknown>

/** An error answer, read and checked against the one shape (RFC 9457). */
export interface Problem {
  readonly detail: string
  readonly requestId: string
  readonly body: Readonly<Record<string, unknown>>
  readonly text: string
}

const OF_STACKS = /node_modules|\.ts\b|\n\s+at /

/** Checks that an answer is this error in the one shape, as it is sent on this path, and gives what varies. */
export async function assertProblem(response: Response, code: ErrorCode, path: string): Promise<Problem> {
  const text = await response.text()
  const { status, title } = ERRORS[code]
  assert.equal(response.status, status, text)
  const isOwn = path.startsWith('/v1')
  assert.equal(response.headers.get('content-type'), isOwn ? 'application/problem+json' : 'application/json')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  const body = JSON.parse(text) as Record<string, unknown> // looked at member by member
  const { detail, requestId } = body
  assert.deepEqual(
    [body['code'], body['status'], body['title'], body['type']],
    [code, status, title, `https://github.com/springbar/springbar/blob/main/docs/errors.md#${code}`],
  )
  assert.ok(typeof detail === 'string' && detail.length > 10, 'a sentence')
  assert.ok(typeof requestId === 'string' && /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/.test(requestId))
  assert.doesNotMatch(text, OF_STACKS)
  return { detail, requestId, body, text }
}

/** The same service with one application alone, changed, and its own limits: account `c`, password `c-password`. */
export function appWith(world: World, change: Partial<Application>, other: Partial<Services> = {}): Hono {
  const [model] = world.context.applications.values()
  assert.ok(model)
  const application: Application = { ...model, ...change }
  const context: Context = { ...world.context, applications: new Map([[application.id, application]]) }
  const credentials = {
    applicationId: application.id,
    username: 'c',
    passwords: [secret('c-password')],
    secrets: [secret('c-secret')],
    apiKeys: [secret('c-key')],
  }
  const services: Services = {
    context,
    presentation: createPresentation(new Map()),
    receivers: world.receivers,
    vendorHealth: createVendorHealth(context, null),
    authenticators: createAuthenticators([credentials], context.applications, context.vault),
    limiter: createRateLimiter(context.now),
    metrics: createMetrics({ withProcess: false }),
    addressOf: (c) => c.req.header('x-test-address') ?? 'local',
    isReady: () => true,
    ...other,
  }
  return createApp(services)
}
