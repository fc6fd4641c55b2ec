import { createRoute, z } from '@hono/zod-openapi'
import { readDeletion } from '../../broker/audit/deletion-receipt.ts'
import { readEndUserId } from '../../broker/require-end-user.ts'
import type { Services } from '../services.ts'
import { type ApiRouter, createRouter, json, problems, security } from './router.ts'
import { iso, isoOrNull } from './wire.ts'

const instant = z.iso.datetime()

const deletion = z
  .object({
    requestedBy: z.enum(['application']),
    requestedAt: instant,
    deleteAt: instant,
    /** Null while it is queued. */
    erasedAt: instant.nullable(),
    erased: z
      .object({ sessions: z.int(), attempts: z.int(), connections: z.int(), events: z.int() })
      .nullable()
      .openapi({ description: 'How much was erased, by kind' }),
    revocations: z.array(
      z.object({
        dataSource: z.int().positive(),
        status: z.enum(['pending', 'revoked', 'unsupported', 'superseded', 'gave_up']),
        tries: z.int(),
        createdAt: instant,
        finishedAt: instant.nullable(),
      }),
    ),
  })
  .openapi('Deletion')

const read = createRoute({
  method: 'get',
  path: '/users/{id}/deletion',
  operationId: 'readDeletion',
  summary: 'The receipt of an end user’s deletion, also after the end user is erased',
  tags: ['End users'],
  security,
  request: { params: z.object({ id: z.string().openapi({ description: 'The end user id' }) }) },
  responses: { 200: json('The receipt', deletion), ...problems },
})

/** `/v1/users/{id}/deletion` */
export function deletionRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(read, async (c) => {
    const id = readEndUserId(c.req.valid('param').id)
    const { deletion: receipt, revocations } = await readDeletion(context, c.get('application'), id)
    const { requestedBy, requestedAt, deleteAt, erasedAt, erased } = receipt
    return c.json(
      {
        requestedBy,
        requestedAt: iso(requestedAt),
        deleteAt: iso(deleteAt),
        erasedAt: isoOrNull(erasedAt),
        erased,
        revocations: revocations.map(({ sourceId, status, tries, createdAt, finishedAt }) => ({
          dataSource: sourceId,
          status,
          tries,
          createdAt: iso(createdAt),
          finishedAt: isoOrNull(finishedAt),
        })),
      },
      200,
    )
  })
  return router
}
