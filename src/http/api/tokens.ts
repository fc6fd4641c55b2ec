import { createRoute, z } from '@hono/zod-openapi'
import { readToken } from '../../broker/tokens/read-token.ts'
import type { Services } from '../services.ts'
import { readConnectionId } from './connection-id.ts'
import * as schemas from './connection-schemas.ts'
import { type ApiRouter, createRouter, json, problems, security } from './router.ts'
import { isoOrNull } from './wire.ts'

const read = createRoute({
  method: 'post',
  path: '/connections/{id}/token',
  operationId: 'readToken',
  summary: 'A valid access token of the vendor, renewed first when it is about to end',
  tags: ['Connections'],
  security,
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json('The token', schemas.token), ...problems },
})

/** `/v1/connections/{id}/token` */
export function tokenRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(read, async (c) => {
    const id = readConnectionId(c.req.valid('param').id)
    const { accessToken, connection, expiresAt, extras } = await readToken(context, c.get('application'), id)
    return c.json(
      {
        accessToken: accessToken.reveal(),
        tokenType: 'Bearer' as const,
        expiresAt: isoOrNull(expiresAt),
        scopes: [...connection.grantedScopes],
        accountId: connection.accountId,
        extras: { ...extras },
      },
      200,
    )
  })
  return router
}
