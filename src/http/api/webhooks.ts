import { createRoute, z } from '@hono/zod-openapi'
import {
  createEndpoint,
  listDeliveries,
  listEndpoints,
  readEndpoint,
  removeEndpoint,
  replay,
  retireWebhookSecret,
  rotateWebhookSecret,
  sendTest,
  updateEndpoint,
  type WebhooksContext,
} from '../../webhooks/index.ts'
import type { Services } from '../services.ts'
import { noCursor, numberKey, pageOf, pageOfAll, pageQuery, placeOf } from './paging.ts'
import { type ApiRouter, body, createRouter, json, problems, security } from './router.ts'
import { page } from './schemas.ts'
import * as schemas from './webhook-schemas.ts'
import { attemptToWire, deliveryToWire, endpointToWire } from './webhook-wire.ts'
import { iso, isoOrNull } from './wire.ts'

const common = { tags: ['Webhooks'], security }
const params = z.object({ id: z.string() })

const list = createRoute({
  ...common,
  method: 'get',
  path: '/webhooks',
  operationId: 'listWebhooks',
  summary: 'The endpoints that are told what happens',
  request: { query: pageQuery },
  responses: { 200: json('Oldest first', page(schemas.webhook)), ...problems },
})

const create = createRoute({
  ...common,
  method: 'post',
  path: '/webhooks',
  operationId: 'createWebhook',
  summary: 'Add an endpoint; it is told what happens from now on',
  request: body(schemas.newWebhook),
  responses: { 201: json('The endpoint; its secret is told only here', schemas.createdWebhook), ...problems },
})

const read = createRoute({
  ...common,
  method: 'get',
  path: '/webhooks/{id}',
  operationId: 'readWebhook',
  summary: 'Read an endpoint',
  request: { params },
  responses: { 200: json('The endpoint', schemas.webhook), ...problems },
})

const update = createRoute({
  ...common,
  method: 'patch',
  path: '/webhooks/{id}',
  operationId: 'updateWebhook',
  summary: 'Change an endpoint, or switch it off and on',
  request: { params, ...body(schemas.webhookChange) },
  responses: { 200: json('The endpoint', schemas.webhook), ...problems },
})

const remove = createRoute({
  ...common,
  method: 'delete',
  path: '/webhooks/{id}',
  operationId: 'deleteWebhook',
  summary: 'Remove an endpoint with everything that it was still to be told',
  request: { params },
  responses: { 204: { description: 'It is removed' }, ...problems },
})

const addSecret = createRoute({
  ...common,
  method: 'post',
  path: '/webhooks/{id}/secrets',
  operationId: 'addWebhookSecret',
  summary: 'Make a second secret, to change over to',
  request: { params },
  responses: { 201: json('The secret; it is told only here', schemas.newSecret), ...problems },
})

const retireSecret = createRoute({
  ...common,
  method: 'delete',
  path: '/webhooks/{id}/secrets/{secretId}',
  operationId: 'retireWebhookSecret',
  summary: 'Retire one of two secrets',
  request: { params: params.extend({ secretId: z.string() }) },
  responses: { 204: { description: 'Nothing is signed with it any more' }, ...problems },
})

const test = createRoute({
  ...common,
  method: 'post',
  path: '/webhooks/{id}/test',
  operationId: 'testWebhook',
  summary: 'Send a signed `webhook.test` now, and tell how that went',
  request: { params },
  responses: { 200: json('What the receiver answered', schemas.testResult), ...problems },
})

const deliveries = createRoute({
  ...common,
  method: 'get',
  path: '/webhooks/{id}/deliveries',
  operationId: 'listDeliveries',
  summary: 'Every delivery with its tries: status, duration, beginning of the answer',
  request: { params, query: schemas.deliveriesQuery },
  responses: { 200: json('The newest first', page(schemas.delivery)), ...problems },
})

const replayEvents = createRoute({
  ...common,
  method: 'post',
  path: '/webhooks/{id}/replay',
  operationId: 'replayWebhook',
  summary: 'Deliver one event again, or all of a time',
  request: { params, ...body(schemas.replay) },
  responses: { 202: json('What was queued', schemas.replayed), ...problems },
})

/** `/v1/webhooks` */
export function webhookRoutes(services: Services): ApiRouter {
  const context: WebhooksContext = { ...services.context, receivers: services.receivers }
  const router = createRouter()
  router.openapi(list, async (c) => {
    const all = await listEndpoints(context, c.get('application'))
    const { data, nextCursor } = pageOfAll(
      all,
      c.req.valid('query'),
      ({ endpoint }) => `${numberKey(endpoint.createdAt)}${endpoint.id}`,
    )
    return c.json({ data: data.map(endpointToWire), nextCursor }, 200)
  })
  router.openapi(create, async (c) => {
    const made = await createEndpoint(context, c.get('application'), c.req.valid('json'))
    return c.json({ ...endpointToWire(made), secret: made.created.secret.reveal() }, 201)
  })
  router.openapi(read, async (c) => {
    const found = await readEndpoint(context, c.get('application'), c.req.valid('param').id)
    return c.json(endpointToWire(found), 200)
  })
  router.openapi(update, async (c) => {
    const { id } = c.req.valid('param')
    const changed = await updateEndpoint(context, c.get('application'), id, c.req.valid('json'))
    return c.json(endpointToWire(changed), 200)
  })
  router.openapi(remove, async (c) => {
    await removeEndpoint(context, c.get('application'), c.req.valid('param').id)
    return c.body(null, 204)
  })
  addSecretRoutes(router, context)
  addDeliveryRoutes(router, context)
  return router
}

/** The delivery behind which a page begins. Throws `invalid_request`. */
function deliveriesPlace(wish: { readonly cursor?: string | undefined }): number | null {
  const place = placeOf(wish)
  if (place === null) return null
  if (!/^[1-9][0-9]{0,14}$/.test(place)) throw noCursor()
  return Number(place)
}

function addSecretRoutes(router: ApiRouter, context: WebhooksContext): void {
  router.openapi(addSecret, async (c) => {
    const { stored, secret } = await rotateWebhookSecret(
      context,
      c.get('application'),
      c.req.valid('param').id,
    )
    return c.json({ id: stored.id, secret: secret.reveal(), createdAt: iso(stored.createdAt) }, 201)
  })
  router.openapi(retireSecret, async (c) => {
    const { id, secretId } = c.req.valid('param')
    await retireWebhookSecret(context, c.get('application'), id, secretId)
    return c.body(null, 204)
  })
}

function addDeliveryRoutes(router: ApiRouter, context: WebhooksContext): void {
  router.openapi(test, async (c) => {
    const tried = await sendTest(context, c.get('application'), c.req.valid('param').id)
    return c.json({ succeeded: tried.succeeded, attempt: attemptToWire(tried.attempt) }, 200)
  })
  router.openapi(deliveries, async (c) => {
    const { status, limit, ...wish } = c.req.valid('query')
    // One more than asked for tells whether there is a next page.
    const found = await listDeliveries(context, c.get('application'), c.req.valid('param').id, {
      status: status ?? null,
      before: deliveriesPlace(wish),
      limit: limit + 1,
    })
    const { data, nextCursor } = pageOf(found, limit, ({ sequence }) => String(sequence))
    return c.json({ data: data.map(deliveryToWire), nextCursor }, 200)
  })
  router.openapi(replayEvents, async (c) => {
    const wish = c.req.valid('json')
    const { queued, continueFrom } = await replay(
      context,
      c.get('application'),
      c.req.valid('param').id,
      'eventId' in wish
        ? wish
        : {
            from: Date.parse(wish.from),
            to: wish.to === undefined ? context.now() + 1 : Date.parse(wish.to),
          },
    )
    return c.json({ queued, continueFrom: isoOrNull(continueFrom) }, 202)
  })
}
