import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { listedSource, listSources } from '../../broker/catalogue/list-sources.ts'
import { chooseLanguage, type Language } from '../../pages/index.ts'
import { headerOf } from '../request-header.ts'
import type { Services } from '../services.ts'
import { sourceOf } from './clients.ts'
import { addressesOf } from './notifications.ts'
import { numberKey, pageOfAll, pageQuery } from './paging.ts'
import { type ApiEnvironment, type ApiRouter, createRouter, json, problems, security } from './router.ts'
import * as schemas from './schemas.ts'
import { sourceToWire } from './source-to-wire.ts'

const tags = ['Data sources']
const locale = z.object({ locale: schemas.languageTag.optional() })

const list = createRoute({
  method: 'get',
  path: '/data-sources',
  operationId: 'listDataSources',
  summary: 'The catalogue, and what of it this application can connect',
  tags,
  security,
  request: { query: locale.extend(pageQuery.shape) },
  responses: { 200: json('By catalogue id', schemas.page(schemas.dataSource)), ...problems },
})

const read = createRoute({
  method: 'get',
  path: '/data-sources/{id}',
  operationId: 'readDataSource',
  summary: 'One source, by its catalogue id or key',
  tags,
  security,
  request: { params: z.object({ id: z.string() }), query: locale },
  responses: { 200: json('The source', schemas.dataSource), ...problems },
})

/** `/v1/data-sources` */
export function dataSourceRoutes(services: Services): ApiRouter {
  const { context } = services
  const router = createRouter()
  router.openapi(list, async (c) => {
    const application = c.get('application')
    const language = languageFor(c, c.req.valid('query').locale)
    const addressOf = await addressesOf(context, application)
    const all = listSources(context, application)
    const { data, nextCursor } = pageOfAll(all, c.req.valid('query'), ({ source }) => numberKey(source.id))
    return c.json(
      { data: data.map((one) => sourceToWire(services, application, one, language, addressOf)), nextCursor },
      200,
    )
  })
  router.openapi(read, async (c) => {
    const application = c.get('application')
    const language = languageFor(c, c.req.valid('query').locale)
    const source = sourceOf(context, c.req.valid('param').id)
    const addressOf = await addressesOf(context, application)
    const listed = listedSource(source, application)
    return c.json(sourceToWire(services, application, listed, language, addressOf), 200)
  })
  return router
}

/** The language of an answer, which says so: the `locale` of the query, or else what the request accepts. */
function languageFor(c: Context<ApiEnvironment>, asked: string | undefined): Language {
  const language = chooseLanguage({
    asked: asked ?? null,
    acceptLanguage: headerOf(c, 'accept-language') ?? null,
    fallback: c.get('application').language,
  })
  c.header('Content-Language', language.tag)
  c.header('Vary', 'Accept-Language')
  return language
}
