import { createRoute, z } from '@hono/zod-openapi'
import { type ConnectionsPlace, listConnections } from '../../broker/connections/read-connection.ts'
import { createEndUser } from '../../broker/end-users/create-end-user.ts'
import { queueEndUserDeletion } from '../../broker/end-users/queue-end-user-deletion.ts'
import { updateEndUser } from '../../broker/end-users/update-end-user.ts'
import { readEndUserId, requireEndUser } from '../../broker/require-end-user.ts'
import { endSessionsOf } from '../../broker/sessions/end-session.ts'
import { asConnectionId } from '../../model/ids.ts'
import type { PersonalRecords } from '../../storage/storage.ts'
import { instantInput } from '../instant.ts'
import { toProfile } from '../profile.ts'
import type { Services } from '../services.ts'
import { noCursor, pageOf, pageQuery, placeOf } from './paging.ts'
import { type ApiRouter, body, createRouter, json, problems, security } from './router.ts'
import * as schemas from './schemas.ts'
import { connectionToWire, iso, userToWire } from './wire.ts'

const params = z.object({ id: z.string().openapi({ description: 'The end user id' }) })
const tags = ['End users']

const create = createRoute({
  method: 'post',
  path: '/users',
  operationId: 'createUser',
  summary: 'Create an end user, or get the one with this alias',
  tags,
  security,
  request: body(schemas.newUser),
  responses: { 200: json('The end user', schemas.user), ...problems },
})

const read = createRoute({
  method: 'get',
  path: '/users/{id}',
  operationId: 'readUser',
  summary: 'Read an end user',
  tags,
  security,
  request: { params },
  responses: { 200: json('The end user', schemas.user), ...problems },
})

const update = createRoute({
  method: 'patch',
  path: '/users/{id}',
  operationId: 'updateUser',
  summary: 'Change what is stored about an end user',
  tags,
  security,
  request: { params, ...body(schemas.profile) },
  responses: { 200: json('The end user', schemas.user), ...problems },
})

const remove = createRoute({
  method: 'delete',
  path: '/users/{id}',
  operationId: 'deleteUser',
  summary: 'Queue the erasure of an end user and the revocation of every grant',
  tags,
  security,
  request: { params, query: z.object({ deletionDate: instantInput.optional() }) },
  responses: { 202: json('The date of the erasure', z.object({ deleteAt: z.iso.datetime() })), ...problems },
})

const connections = createRoute({
  method: 'get',
  path: '/users/{id}/connections',
  operationId: 'listConnections',
  summary: 'List the connections of an end user, living and ended',
  tags,
  security,
  request: { params, query: pageQuery },
  responses: { 200: json('Oldest first', schemas.page(schemas.connection)), ...problems },
})

const exportUser = createRoute({
  method: 'get',
  path: '/users/{id}/export',
  operationId: 'exportUser',
  summary: 'Everything that is stored about an end user, without tokens',
  tags,
  security,
  request: { params },
  responses: { 200: json('One file', schemas.userExport), ...problems },
})

const endSessions = createRoute({
  method: 'delete',
  path: '/users/{id}/sessions',
  operationId: 'endSessionsOfUser',
  summary: 'End every living session of an end user',
  tags,
  security,
  request: { params },
  responses: { 200: json('How many ended', schemas.endedSessions), ...problems },
})

/** A connection's place in the list of its end user's, as a cursor holds it. */
const connectionsKey = ({ connectedAt, id }: ConnectionsPlace): string => `${connectedAt}/${id}`

/** The place behind which a page of connections begins. Throws `invalid_request`. */
function connectionsPlace(wish: { readonly cursor?: string | undefined }): ConnectionsPlace | null {
  const place = placeOf(wish)
  if (place === null) return null
  const [, connectedAt, id] = /^([0-9]{1,15})\/([0-9a-f]{32})$/.exec(place) ?? []
  if (connectedAt === undefined || id === undefined) throw noCursor()
  return { connectedAt: Number(connectedAt), id: asConnectionId(id) }
}

/** `/v1/users` */
export function userRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(create, async (c) => {
    const { partnerUserId, language } = c.req.valid('json')
    const wish = { alias: partnerUserId ?? null, language: language ?? null }
    return c.json(userToWire(await createEndUser(context, c.get('application'), wish)), 200)
  })
  router.openapi(read, async (c) => {
    const id = readEndUserId(c.req.valid('param').id)
    return c.json(userToWire(await requireEndUser(context.storage.read, c.get('application'), id)), 200)
  })
  router.openapi(update, async (c) => {
    const id = readEndUserId(c.req.valid('param').id)
    await updateEndUser(context, c.get('application'), id, toProfile(c.req.valid('json')))
    return c.json(userToWire(await requireEndUser(context.storage.read, c.get('application'), id)), 200)
  })
  router.openapi(remove, async (c) => {
    const { deletionDate } = c.req.valid('query')
    const at = deletionDate === undefined ? null : Date.parse(deletionDate)
    const id = readEndUserId(c.req.valid('param').id)
    const { deleteAt } = await queueEndUserDeletion(context, c.get('application'), id, at)
    return c.json({ deleteAt: iso(deleteAt) }, 202)
  })
  router.openapi(connections, async (c) => {
    const id = readEndUserId(c.req.valid('param').id)
    const { limit, ...wish } = c.req.valid('query')
    const found = await listConnections(context, c.get('application'), id, connectionsPlace(wish), limit + 1)
    const { data, nextCursor } = pageOf(found, limit, connectionsKey)
    return c.json({ data: data.map(connectionToWire), nextCursor }, 200)
  })
  router.openapi(exportUser, async (c) => {
    const id = readEndUserId(c.req.valid('param').id)
    const endUser = await requireEndUser(context.storage.read, c.get('application'), id)
    const found = await context.storage.read.connections.listOf(endUser.applicationId, [id])
    return c.json(
      {
        user: userToWire(endUser),
        connections: found.map(connectionToWire),
        records: recordsToWire(await context.storage.read.endUsers.recordsOf(endUser.applicationId, id)),
        exportedAt: iso(context.now()),
      },
      200,
    )
  })
  router.openapi(endSessions, async (c) => {
    const id = readEndUserId(c.req.valid('param').id)
    return c.json(await endSessionsOf(context, c.get('application'), id), 200)
  })
  return router
}

/** As they are stored, with instants as everywhere on the wire. */
const recordsToWire = (records: PersonalRecords): Record<string, Record<string, unknown>[]> =>
  Object.fromEntries(
    Object.entries(records).map(([table, rows]) => [
      table,
      rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === 'number' && /(^at|At)$/.test(name) ? iso(value) : value,
          ]),
        ),
      ),
    ]),
  )
