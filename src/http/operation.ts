import type { Context } from 'hono'
import { isHttps } from './page-answer.ts'
import { securityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'

const PLAIN = 'text/plain; charset=utf-8'

const text = ({ context }: Services, body: string, status = 200, contentType = PLAIN): Response =>
  new Response(body, {
    status,
    headers: { ...securityHeaders(isHttps(context)).api, 'Content-Type': contentType },
  })

/** `GET /healthz`: the process answers. */
export const healthz = async (_: Context, services: Services): Promise<Response> => text(services, 'ok')

/** `GET /readyz`: new work is taken and the database answers. 503 otherwise, from the first moment of a shutdown. */
export async function readyz(_: Context, services: Services): Promise<Response> {
  if (!services.isReady()) return text(services, 'shutting down', 503)
  try {
    await services.context.storage.ping()
    return text(services, 'ok')
  } catch {
    return text(services, 'the database does not answer', 503)
  }
}

/** `GET /metrics`: counters in the Prometheus text format. */
export const metrics = async (_: Context, services: Services): Promise<Response> =>
  text(services, await services.metrics.expose(), 200, services.metrics.contentType)
