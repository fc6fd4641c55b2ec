import { createRoute, z } from '@hono/zod-openapi'
import { EVENT_TYPES } from '../../model/event.ts'
import { TIMESTAMP_TYPES } from '../../model/webhook.ts'
import { createFeed, type FeedPage, type Follower, feedLimits } from '../../webhooks/index.ts'
import { headerOf } from '../request-header.ts'
import type { Services } from '../services.ts'
import { eventStream } from './event-stream.ts'
import { type ApiRouter, createRouter, problems, security } from './router.ts'

const cursor = z.string().min(1).max(50)

const query = z.object({
  after: cursor.optional().openapi({
    description:
      'The `nextCursor` of a page or the `cursor` of an event; without it the feed begins with the oldest',
  }),
  limit: z.coerce.number().int().min(1).max(feedLimits.page.max).default(feedLimits.page.default),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(feedLimits.waitMaxSeconds)
    .default(0)
    .openapi({ description: 'How many seconds to wait for an event when there is none' }),
  timestampType: z.enum(TIMESTAMP_TYPES).default('unix'),
})

const event = z
  .object({
    id: z.string().openapi({ description: 'The `webhook-id` of the same event' }),
    cursor,
    endUserId: z.string().optional(),
    endUserAlias: z.string().optional(),
    timestampType: z.enum(TIMESTAMP_TYPES),
    type: z.enum(EVENT_TYPES),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi('Event')

const page = z
  .object({
    data: z.array(event),
    nextCursor: cursor.openapi({ description: 'Where to go on, also when `data` is empty' }),
    hasMore: z.boolean().openapi({ description: 'Whether more is there already' }),
  })
  .openapi('EventPage')

const read = createRoute({
  method: 'get',
  path: '/events',
  operationId: 'readEvents',
  summary:
    'Everything that happened, in the order of commits; as server-sent events to whoever accepts those',
  tags: ['Events'],
  security,
  request: {
    query,
    headers: z.object({
      'last-event-id': cursor
        .optional()
        .openapi({ description: 'The cursor again, as readers of streams send it; it goes before `after`' }),
    }),
  },
  responses: {
    200: {
      description: 'The next events, the oldest first',
      content: { 'application/json': { schema: page }, 'text/event-stream': { schema: z.string() } },
    },
    ...problems,
  },
})

/** `/v1/events` */
export function eventRoutes({ context, isReady }: Services): ApiRouter {
  const feed = createFeed(context, isReady)
  const router = createRouter()
  router.openapi(read, async (c) => {
    const { after = null, wait, ...wish } = c.req.valid('query')
    const lastEventId = c.req.valid('header')['last-event-id']
    const { id, feedTypes: types } = c.get('application')
    const follower = await feed.follow(id, { ...wish, types, after: lastEventId ?? after })
    if (wantsStream(headerOf(c, 'accept')) && c.req.method === 'GET')
      return eventStream(c, follower, { now: context.now, isReady })
    const { signal } = c.req.raw
    signal.addEventListener('abort', follower.close, { once: true })
    return c.json(await pageOf(follower, wait * 1000), 200)
  })
  return router
}

const wantsStream = (accept = ''): boolean => /(^|,)\s*text\/event-stream\s*(;|,|$)/i.test(accept)

async function pageOf(follower: Follower, waitMs: number): Promise<FeedPage> {
  try {
    return await follower.next(waitMs)
  } finally {
    follower.close()
  }
}
