import type { Context } from 'hono'
import type { Services } from './services.ts'

const text = (body: string, status = 200, contentType = 'text/plain; charset=utf-8') =>
  new Response(body, { status, headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' } })

/** `GET /healthz`: the process answers. */
export const healthz = async (): Promise<Response> => text('ok')

/** `GET /readyz`: new work is taken and the database answers. 503 otherwise, from the first moment of a shutdown. */
export async function readyz(_: Context, { context, isReady }: Services): Promise<Response> {
  if (!isReady()) return text('shutting down', 503)
  try {
    await context.storage.ping()
    return text('ok')
  } catch {
    return text('the database does not answer', 503)
  }
}

/** `GET /metrics`: counters in the Prometheus text format. */
export const metrics = async (_: Context, services: Services): Promise<Response> =>
  text(await services.metrics.expose(), 200, services.metrics.contentType)
