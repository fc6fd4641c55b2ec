import { createRoute, z } from '@hono/zod-openapi'
import { callbackUri } from '../../broker/attempts/begin-connect.ts'
import { type AuthorizationChoice, environmentOf } from '../../broker/catalogue/choose-authorization.ts'
import { findSource } from '../../broker/catalogue/find-source.ts'
import type { KnownClient } from '../../broker/clients/known-client.ts'
import { putClient } from '../../broker/clients/put-client.ts'
import { readClient } from '../../broker/clients/read-client.ts'
import { removeClient } from '../../broker/clients/remove-client.ts'
import type { Context } from '../../broker/context.ts'
import { SpringbarError } from '../../errors.ts'
import { secret } from '../../model/secret.ts'
import type { Source } from '../../model/source.ts'
import type { Services } from '../services.ts'
import * as schemas from './client-schemas.ts'
import { type ApiRouter, body, createRouter, json, problems, security } from './router.ts'
import { isoOrNull } from './wire.ts'

const tags = ['Data sources']
const path = '/data-sources/{id}/client'
const params = z.object({ id: z.string() })

const read = createRoute({
  method: 'get',
  path,
  operationId: 'readClient',
  summary: 'The client of this application at a vendor, without its secrets',
  tags,
  security,
  request: { params, query: schemas.clientChoice },
  responses: { 200: json('The client', schemas.client), ...problems },
})

const put = createRoute({
  method: 'put',
  path,
  operationId: 'putClient',
  summary: 'Give or replace the client of this application at a vendor',
  tags,
  security,
  request: { params, ...body(schemas.newClient) },
  responses: { 200: json('It is used from now on', schemas.client), ...problems },
})

const remove = createRoute({
  method: 'delete',
  path,
  operationId: 'removeClient',
  summary: 'Remove the client of this application at a vendor',
  tags,
  security,
  request: { params, query: schemas.clientChoice },
  responses: { 204: { description: 'It is removed' }, ...problems },
})

/** `/v1/data-sources/{id}/client` */
export function clientRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(read, async (c) => {
    const source = sourceOf(context, c.req.valid('param').id)
    const choice = choiceOf(c.req.valid('query'))
    return c.json(
      toWire(context, source, await readClient(context, c.get('application'), source, choice)),
      200,
    )
  })
  router.openapi(put, async (c) => {
    const source = sourceOf(context, c.req.valid('param').id)
    const given = c.req.valid('json')
    const client = await putClient(context, c.get('application'), source, {
      ...choiceOf(given),
      clientId: given.clientId,
      clientSecret: secret(given.clientSecret),
      scopes: given.scopes ?? null,
      extras: new Map(Object.entries(given.extras ?? {}).map(([name, value]) => [name, secret(value)])),
    })
    return c.json(toWire(context, source, client), 200)
  })
  router.openapi(remove, async (c) => {
    const source = sourceOf(context, c.req.valid('param').id)
    await removeClient(context, c.get('application'), source, choiceOf(c.req.valid('query')))
    return c.body(null, 204)
  })
  return router
}

/** The source of a path, by its catalogue id or key. Throws `unknown_source`. */
export function sourceOf(context: Context, name: string): Source {
  const source = findSource(context.sources, name)
  if (source === null) throw new SpringbarError('unknown_source', 'There is no such data source.')
  return source
}

/** Which authorization a request means. */
export const choiceOf = ({
  vendor,
  environment,
}: z.infer<typeof schemas.clientChoice>): AuthorizationChoice => ({
  vendor: vendor ?? null,
  environment: environment ?? null,
})

const toWire = (context: Context, source: Source, client: KnownClient): z.infer<typeof schemas.client> => ({
  dataSource: source.id,
  vendor: client.authorization.vendor,
  environment: environmentOf(client.authorization),
  clientId: client.clientId,
  scopes: client.scopes === null ? null : [...client.scopes],
  extras: [...client.extras],
  managedBy: client.managedBy,
  callbackUri: callbackUri(context, client.authorization.vendor),
  createdAt: isoOrNull(client.createdAt),
  updatedAt: isoOrNull(client.updatedAt),
})
