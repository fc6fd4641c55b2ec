import { createRoute, z } from '@hono/zod-openapi'
import { redeemResult } from '../../broker/attempts/redeem-result.ts'
import { disconnectConnection } from '../../broker/connections/disconnect-connection.ts'
import { readConnection } from '../../broker/connections/read-connection.ts'
import { requireEndUser } from '../../broker/require-end-user.ts'
import { formatReference, referenceOf } from '../../model/attempt.ts'
import type { Services } from '../services.ts'
import { readConnectionId } from './connection-id.ts'
import * as connectionSchemas from './connection-schemas.ts'
import { type ApiRouter, createRouter, json, problems, security } from './router.ts'
import * as schemas from './schemas.ts'
import { connectionToWire, iso, isoOrNull } from './wire.ts'

const params = z.object({ id: z.string() })
const tags = ['Connections']

const read = createRoute({
  method: 'get',
  path: '/connections/{id}',
  operationId: 'readConnection',
  summary: 'Read a connection, and how the end of its grant at the vendor is going',
  tags,
  security,
  request: { params },
  responses: { 200: json('The connection', schemas.connectionDetail), ...problems },
})

const disconnect = createRoute({
  method: 'delete',
  path: '/connections/{id}',
  operationId: 'deleteConnection',
  summary: 'Disconnect here at once, and at the vendor by a durable queue',
  tags,
  security,
  request: { params },
  responses: { 204: { description: 'It is disconnected' }, ...problems },
})

const history = createRoute({
  method: 'get',
  path: '/connections/{id}/history',
  operationId: 'readConnectionHistory',
  summary: 'What happened to a connection, step by step',
  tags,
  security,
  request: { params },
  responses: { 200: json('The history, oldest first', connectionSchemas.history), ...problems },
})

const redeem = createRoute({
  method: 'post',
  path: '/results/{code}',
  operationId: 'redeemResult',
  summary: 'Redeem the result code of a redirect: what really happened',
  tags,
  security,
  request: { params: z.object({ code: z.string() }) },
  responses: { 200: json('The outcome, the same each time', schemas.result), ...problems },
})

/** `/v1/connections` and `/v1/results` */
export function connectionRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(read, async (c) => {
    const id = readConnectionId(c.req.valid('param').id)
    const { connection, revocations } = await readConnection(context, c.get('application'), id)
    const ended = revocations.map(({ status, tries, createdAt, finishedAt }) => ({
      status,
      tries,
      createdAt: iso(createdAt),
      finishedAt: isoOrNull(finishedAt),
    }))
    return c.json({ ...connectionToWire(connection), revocations: ended }, 200)
  })
  router.openapi(disconnect, async (c) => {
    await disconnectConnection(context, c.get('application'), readConnectionId(c.req.valid('param').id))
    return c.body(null, 204)
  })
  router.openapi(history, async (c) => {
    const application = c.get('application')
    const { connection } = await readConnection(
      context,
      application,
      readConnectionId(c.req.valid('param').id),
    )
    const entries = await context.storage.read.history.list(application.id, connection.id)
    const data = entries.map(({ step, detail, at }) => ({ step, detail, at: iso(at) }))
    // As many are kept as one page has.
    return c.json({ data, nextCursor: null }, 200)
  })
  router.openapi(redeem, async (c) => {
    const application = c.get('application')
    const { attempt, connection } = await redeemResult(context, application, c.req.valid('param').code)
    const endUser = await requireEndUser(context.storage.read, application, attempt.endUserId)
    return c.json(
      {
        endUserId: attempt.endUserId,
        partnerUserId: endUser.alias,
        action: attempt.action,
        dataSource: attempt.sourceId,
        connected: attempt.connected === true,
        succeeded: attempt.error === null,
        error: attempt.error,
        connection: connection === null ? null : connectionToWire(connection),
        reference: formatReference(referenceOf(attempt.id)),
        finishedAt: iso(attempt.finishedAt ?? attempt.createdAt),
      },
      200,
    )
  })
  return router
}
