import { createRoute, z } from '@hono/zod-openapi'
import { confirmAttempt } from '../../broker/confirm-attempt.ts'
import { readAttempt } from '../../broker/read-attempt.ts'
import { type Attempt, formatReference, referenceOf } from '../../model/attempt.ts'
import type { Services } from '../services.ts'
import { type ApiRouter, body, createRouter, json, problems, security } from './router.ts'
import * as schemas from './schemas.ts'
import { iso } from './wire.ts'

const read = createRoute({
  method: 'get',
  path: '/attempts',
  operationId: 'readAttempt',
  summary: 'One attempt by the reference that the person saw: what happened, step by step',
  tags: ['Attempts'],
  security,
  request: { query: z.object({ reference: z.string().openapi({ example: '1NG6E-JG5BZ' }) }) },
  responses: { 200: json('The attempt', schemas.attempt), ...problems },
})

const confirm = createRoute({
  method: 'post',
  path: '/attempts/confirm',
  operationId: 'confirmAttempt',
  summary: 'Say who is logged in where a ticket arrived; only the right end user makes the connection',
  tags: ['Attempts'],
  security,
  request: body(schemas.confirmation),
  responses: { 200: json('Where to send the browser', schemas.confirmed), ...problems },
})

/** `/v1/attempts` */
export function attemptRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(read, async (c) => {
    const { attempt, releasedAt } = await readAttempt(
      context,
      c.get('application'),
      c.req.valid('query').reference,
    )
    return c.json(attemptToWire(attempt, releasedAt), 200)
  })
  router.openapi(confirm, async (c) =>
    c.json(await confirmAttempt(context, c.get('application'), c.req.valid('json')), 200),
  )
  return router
}

const attemptToWire = (attempt: Attempt, releasedAt: number | null): z.infer<typeof schemas.attempt> => ({
  reference: formatReference(referenceOf(attempt.id)),
  endUserId: attempt.endUserId,
  action: attempt.action,
  dataSource: attempt.sourceId,
  vendor: attempt.vendor,
  status: attempt.status,
  connected: attempt.connected,
  error: attempt.error,
  cause: attempt.cause,
  connectionId: attempt.connectionId,
  redirectUri: attempt.redirectEntry,
  timeline: [
    { step: 'started' as const, at: attempt.createdAt },
    { step: 'returned' as const, at: attempt.returnedAt },
    { step: 'confirmed' as const, at: releasedAt },
    { step: 'finished' as const, at: attempt.finishedAt },
  ].flatMap(({ step, at }) => (at === null ? [] : [{ step, at: iso(at) }])),
})
