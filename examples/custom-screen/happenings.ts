import { SpringbarError, type SpringbarEvent, verifyWebhook } from '@springbar/sdk'
import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Person } from './people.ts'
import type { SignIn, SignIns } from './sign-in.ts'

/** How Tidewell heard of something. Both tell the same, and one of them is enough. */
export type Way = 'feed' | 'webhook'

/** Something that Springbar told of a person. */
export interface Happening {
  /** The same however often and whichever way it is told. */
  readonly id: string
  readonly partnerUserId: string
  readonly type: string
  readonly dataSource: number | null
  /** ISO 8601. */
  readonly at: string
  /** In the order in which they told it. */
  readonly ways: readonly Way[]
}

/** What was told so far, and what is told from now on. */
export interface Happenings {
  /** Of one person, the newest first. */
  readonly of: (person: Person) => readonly Happening[]
  /** Notes an event. One that is about nobody, such as a test, is left out. */
  readonly add: (event: SpringbarEvent, way: Way) => void
  /** Calls back for each that is new, or told by another way as well, until the returned function is called. */
  readonly watch: (look: (happening: Happening) => void) => () => void
}

/** A real application would keep them with its people; here the last few are enough. */
const KEPT = 100
const SHOWN = 8

/** Makes an empty list. An event that comes twice is one happening. */
export function createHappenings(): Happenings {
  const known = new Map<string, Happening>()
  const watchers = new Set<(happening: Happening) => void>()
  return Object.freeze({
    of: (person) =>
      [...known.values()]
        .filter(({ partnerUserId }) => partnerUserId === person.partnerUserId)
        .toReversed()
        .slice(0, SHOWN),
    add: (event, way) => {
      const { id, type, endUserAlias, data } = event
      const before = known.get(id)
      if (endUserAlias === null || before?.ways.includes(way)) return
      const happening = Object.freeze({
        id,
        type,
        partnerUserId: endUserAlias,
        dataSource: data.dataSourceId ?? null,
        at: new Date(data.timestamp ?? 0).toISOString(),
        ways: Object.freeze([...(before?.ways ?? []), way]),
      })
      known.set(id, happening)
      const [oldest] = known.keys()
      if (known.size > KEPT && oldest !== undefined) known.delete(oldest)
      for (const look of watchers) look(happening)
    },
    watch: (look) => {
      watchers.add(look)
      return () => void watchers.delete(look)
    },
  } satisfies Happenings)
}

/** Where one application's webhooks go, and what is noted of them. */
export interface WebhookTarget {
  readonly happenings: Happenings
  /** Without one, none are taken. */
  readonly webhookSecret: string | undefined
}

/** What the routes need. */
export interface HappeningContext {
  /** By the path that Springbar delivers to: one for each application. */
  readonly targets: Readonly<Record<string, WebhookTarget>>
  /** What is noted for a sign-in. */
  readonly happeningsOf: (signIn: SignIn) => Happenings
  readonly signIns: SignIns
  readonly now: () => number
  /** Aborts when the server is to stop: open streams end then. */
  readonly ending?: AbortSignal | undefined
}

/** Where Springbar delivers, and where the page listens. */
export function happeningRoutes(context: HappeningContext): Hono {
  const app = new Hono()
  for (const [path, target] of Object.entries(context.targets))
    app.post(path, async (c) => c.body(null, await receive(c.req.raw, target, context.now)))
  return app.get('/happenings', (c) => listen(c, context))
}

/** The status to answer a delivery with. What is not signed gets no reason. */
async function receive(
  request: Request,
  { happenings, webhookSecret }: WebhookTarget,
  now: () => number,
): Promise<204 | 401> {
  if (webhookSecret === undefined) return 401
  try {
    happenings.add(await verifyWebhook(request, { secret: webhookSecret, now }), 'webhook')
    return 204
  } catch (error) {
    if (!(error instanceof SpringbarError)) throw error
    if (error.code === 'invalid_signature' || error.code === 'invalid_timestamp') return 401
    throw error
  }
}

/** Tells an open page of each new happening of its person: only that there is one, the page then asks for itself. */
async function listen(c: Context, { happeningsOf, signIns, ending }: HappeningContext): Promise<Response> {
  const signIn = signIns.read(c)
  if (signIn === null) return c.body(null, 401)
  return streamSSE(c, async (stream) => {
    const stop = happeningsOf(signIn).watch(({ id, partnerUserId }) => {
      if (partnerUserId === signIn.person.partnerUserId) void stream.writeSSE({ data: id })
    })
    const over = Promise.withResolvers<void>()
    stream.onAbort(over.resolve)
    ending?.addEventListener('abort', () => over.resolve(), { once: true })
    await over.promise
    stop()
    // Said, so that the page does not come back to a server that is going away.
    if (!stream.aborted) await stream.writeSSE({ event: 'end', data: '' })
  })
}
