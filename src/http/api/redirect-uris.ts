import { createRoute, z } from '@hono/zod-openapi'
import { addRedirectUri } from '../../broker/redirect-uris/add-redirect-uri.ts'
import { checkRedirectUri } from '../../broker/redirect-uris/check-redirect-uri.ts'
import { listRedirectUris } from '../../broker/redirect-uris/list-redirect-uris.ts'
import { removeRedirectUri } from '../../broker/redirect-uris/remove-redirect-uri.ts'
import type { Services } from '../services.ts'
import { pageOfAll, pageQuery } from './paging.ts'
import { type ApiRouter, body, createRouter, json, problems, security } from './router.ts'
import * as schemas from './schemas.ts'

const tags = ['Redirect URIs']

const list = createRoute({
  method: 'get',
  path: '/redirect-uris',
  operationId: 'listRedirectUris',
  summary: 'Where people may be sent back to',
  tags,
  security,
  request: { query: pageQuery },
  responses: { 200: json('In byte order', schemas.page(schemas.listedRedirectUri)), ...problems },
})

const add = createRoute({
  method: 'post',
  path: '/redirect-uris',
  operationId: 'addRedirectUri',
  summary: 'List a redirect URI',
  tags,
  security,
  request: body(schemas.redirectUri),
  responses: { 200: json('It is listed', schemas.addedRedirectUri), ...problems },
})

const remove = createRoute({
  method: 'delete',
  path: '/redirect-uris',
  operationId: 'removeRedirectUri',
  summary: 'Take a redirect URI off the list',
  tags,
  security,
  request: { query: z.object({ uri: z.string() }) },
  responses: { 204: { description: 'It is off the list' }, ...problems },
})

const check = createRoute({
  method: 'post',
  path: '/redirect-uris/check',
  operationId: 'checkRedirectUri',
  summary: 'Try a redirect URI without starting anything: which rule would refuse it, and why',
  tags,
  security,
  request: body(schemas.redirectUri),
  responses: { 200: json('The decision', schemas.redirectUriCheck), ...problems },
})

/** `/v1/redirect-uris` */
export function redirectUriRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(list, async (c) => {
    const all = await listRedirectUris(context, c.get('application'))
    return c.json(
      pageOfAll(all, c.req.valid('query'), ({ uri }) => uri),
      200,
    )
  })
  router.openapi(add, async (c) => {
    const added = await addRedirectUri(context, c.get('application'), c.req.valid('json').uri)
    return c.json({ ...added, warnings: [...added.warnings] }, 200)
  })
  router.openapi(remove, async (c) => {
    await removeRedirectUri(context, c.get('application'), c.req.valid('query').uri)
    return c.body(null, 204)
  })
  router.openapi(check, async (c) => {
    const decision = await checkRedirectUri(context, c.get('application'), c.req.valid('json').uri)
    return c.json(
      decision.kind === 'refused'
        ? { allowed: false, rule: decision.rule, code: decision.code, detail: decision.detail, entry: null }
        : {
            allowed: true,
            rule: null,
            code: null,
            detail: null,
            entry: decision.kind === 'allowed' ? decision.entry : null,
          },
      200,
    )
  })
  return router
}
