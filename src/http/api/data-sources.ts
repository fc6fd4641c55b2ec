import { createRoute, z } from '@hono/zod-openapi'
import { findSource } from '../../broker/find-source.ts'
import { listedSource, listSources } from '../../broker/list-sources.ts'
import { SpringbarError } from '../../errors.ts'
import type { Services } from '../services.ts'
import { type ApiRouter, createRouter, json, problems, security } from './router.ts'
import * as schemas from './schemas.ts'
import { sourceToWire } from './wire.ts'

const tags = ['Data sources']

const list = createRoute({
  method: 'get',
  path: '/data-sources',
  operationId: 'listDataSources',
  summary: 'The catalogue, and what of it this application can connect',
  tags,
  security,
  responses: { 200: json('By catalogue id', schemas.page(schemas.dataSource)), ...problems },
})

const read = createRoute({
  method: 'get',
  path: '/data-sources/{id}',
  operationId: 'readDataSource',
  summary: 'One source, by its catalogue id or key',
  tags,
  security,
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json('The source', schemas.dataSource), ...problems },
})

/** `/v1/data-sources` */
export function dataSourceRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(list, (c) => {
    const data = listSources(context, c.get('application')).map((one) => sourceToWire(context, one))
    return c.json({ data, nextCursor: null }, 200)
  })
  router.openapi(read, (c) => {
    const source = findSource(context.sources, c.req.valid('param').id)
    if (source === null) throw new SpringbarError('unknown_source', 'There is no such data source.')
    return c.json(sourceToWire(context, listedSource(source, c.get('application'))), 200)
  })
  return router
}
