import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import { type FeedPage, type Follower, feedLimits } from '../../webhooks/index.ts'

const encoder = new TextEncoder()
/** How long a reader waits before it comes again, in milliseconds. */
const RETRY = 'retry: 1000\n\n'
/** A comment: says nothing, and shows that the connection lives. */
const HEARTBEAT = ':\n\n'

/** The events of a page as server-sent events (WHATWG HTML §9.2). The id is the cursor: `Last-Event-ID` goes on behind it. */
const formatPage = ({ data }: FeedPage): string =>
  data.map((event) => `id: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`).join('')

/** What a stream's end depends on. */
export interface StreamLife {
  readonly now: () => number
  readonly isReady: () => boolean
}

/**
 * A follower's pages as a stream. A page is read when the reader took the one before, so that one who is slow costs a page
 * and no more; a silent stream beats; after `streamMs`, or when the service stops, it ends in good order and the
 * reader comes again.
 */
export function eventStream(c: HonoContext, follower: Follower, { now, isReady }: StreamLife): Response {
  cutWhenStalled(c)
  const until = now() + feedLimits.streamMs
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const page = await follower.next(Math.min(feedLimits.heartbeatMs, Math.max(until - now(), 0)))
    if (page.data.length > 0) controller.enqueue(encoder.encode(formatPage(page)))
    if (!isReady() || now() >= until) {
      follower.close()
      controller.close()
    } else if (page.data.length === 0) controller.enqueue(encoder.encode(HEARTBEAT))
  }
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(RETRY)),
      pull: (controller) =>
        pull(controller).catch(() => {
          // The status has left long ago: what is wrong is told when the reader comes again.
          follower.close()
          controller.close()
        }),
      cancel: () => follower.close(),
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' } })
}

/** A reader that takes nothing, not even heartbeats, must not keep its place. Without a socket there is none to keep. */
function cutWhenStalled(c: HonoContext): void {
  const bindings: Partial<HttpBindings> | undefined = c.env
  const outgoing = bindings?.outgoing
  outgoing?.setTimeout(feedLimits.stalledMs, () => outgoing.destroy())
}
