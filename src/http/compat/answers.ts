import type { Context } from 'hono'
import type { Application } from '../../model/application.ts'
import { limitApi } from '../limit-api.ts'
import { isHttps } from '../page-answer.ts'
import { securityHeaders } from '../security-headers.ts'
import type { Services } from '../services.ts'

/** The application that calls, by its two Basic credentials, within its rate. */
export function authenticate(c: Context, services: Services): Application {
  return limitApi(c, services, services.authenticators.compatible)
}

const headersFor = (services: Services, contentType?: string): Record<string, string> => ({
  ...securityHeaders(isHttps(services.context)).api,
  ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
})

/** Bare text: no quotes, no newline. */
export const answerText = (services: Services, text: string): Response =>
  new Response(text, { headers: headersFor(services, 'text/plain; charset=utf-8') })

/** A 200 with a JSON body. */
export const answerJson = (services: Services, value: unknown): Response =>
  new Response(JSON.stringify(value), { headers: headersFor(services, 'application/json; charset=utf-8') })

/** A 204. */
export const answerNothing = (services: Services): Response =>
  new Response(null, { status: 204, headers: headersFor(services) })
