import { createRoute, z } from '@hono/zod-openapi'
import { confirmAttempt } from '../../broker/attempts/confirm-attempt.ts'
import { listAttempts, type ReleasedAttempt, readAttempt } from '../../broker/attempts/read-attempt.ts'
import { readEndUserId } from '../../broker/require-end-user.ts'
import { cookieKeyOf, formatReference, referenceOf } from '../../model/attempt.ts'
import type { Services } from '../services.ts'
import { noCursor, pageOf, pageQuery, placeOf } from './paging.ts'
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

const list = createRoute({
  method: 'get',
  path: '/users/{id}/attempts',
  operationId: 'listAttempts',
  summary: 'What an end user tried to connect or disconnect in the last seven days, and what came of it',
  tags: ['Attempts'],
  security,
  request: {
    params: z.object({ id: z.string().openapi({ description: 'The end user id' }) }),
    query: pageQuery,
  },
  responses: { 200: json('Newest first', schemas.page(schemas.attempt)), ...problems },
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
    const { reference } = c.req.valid('query')
    return c.json(attemptToWire(await readAttempt(context, c.get('application'), reference)), 200)
  })
  router.openapi(list, async (c) => {
    const id = readEndUserId(c.req.valid('param').id)
    const { limit, ...wish } = c.req.valid('query')
    const found = await listAttempts(context, c.get('application'), id, attemptsPlace(wish), limit + 1)
    const { data, nextCursor } = pageOf(found, limit, ({ attempt }) => cookieKeyOf(attempt.id))
    return c.json({ data: data.map(attemptToWire), nextCursor }, 200)
  })
  router.openapi(confirm, async (c) =>
    c.json(await confirmAttempt(context, c.get('application'), c.req.valid('json')), 200),
  )
  return router
}

/** The place before which a page of attempts begins: the beginning of an id, since the whole of one is a secret. */
function attemptsPlace(wish: { readonly cursor?: string | undefined }): string | null {
  const place = placeOf(wish)
  if (place !== null && !/^[0-9A-HJKMNP-TV-Z]{14}$/.test(place)) throw noCursor()
  return place
}

const attemptToWire = ({ attempt, releasedAt }: ReleasedAttempt): z.infer<typeof schemas.attempt> => ({
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
