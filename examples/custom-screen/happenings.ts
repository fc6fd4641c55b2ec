import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { streamSSE } from 'hono/streaming'
import type { Html } from './icons.ts'
import type { Person } from './people.ts'
import { instant } from './screen.ts'
import type { SignIns } from './sign-in.ts'
import { describeSource } from './sources.ts'
import { isSigned } from './webhook-signature.ts'

/** Something that Springbar told of a person. */
export interface Happening {
  /** The same however often it is delivered. */
  readonly id: string
  readonly partnerUserId: string
  readonly type: string
  readonly dataSource: number | null
  /** ISO 8601. */
  readonly at: string
}

/** What was told so far, and what is told from now on. */
export interface Happenings {
  /** Of one person, the newest first. */
  readonly of: (person: Person) => readonly Happening[]
  readonly add: (happening: Happening) => void
  /** Calls back for each new one, until the returned function is called. */
  readonly watch: (look: (happening: Happening) => void) => () => void
}

/** A real application would keep them with its people; here the last few are enough. */
const KEPT = 100
const SHOWN = 8

/** Makes an empty list. A delivery that comes twice is one happening. */
export function createHappenings(): Happenings {
  const known = new Map<string, Happening>()
  const watchers = new Set<(happening: Happening) => void>()
  return Object.freeze({
    of: (person) =>
      [...known.values()]
        .filter(({ partnerUserId }) => partnerUserId === person.partnerUserId)
        .toReversed()
        .slice(0, SHOWN),
    add: (happening) => {
      if (known.has(happening.id)) return
      known.set(happening.id, happening)
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

/** What the routes need. */
export interface HappeningContext {
  readonly happenings: Happenings
  readonly signIns: SignIns
  readonly webhookSecret: string
  readonly now: () => number
  /** Aborts when the server is to stop: open streams end then. */
  readonly ending?: AbortSignal | undefined
}

/** Where Springbar delivers, and where the page listens. */
export function happeningRoutes(context: HappeningContext): Hono {
  const { happenings, webhookSecret, now } = context
  return new Hono()
    .post('/webhooks', async (c) => {
      const body = new Uint8Array(await c.req.arrayBuffer())
      // Looked at before anything of the body is believed; what is not signed gets no reason.
      if (!isSigned(c.req.raw.headers, body, { secret: webhookSecret, now: now() })) return c.body(null, 401)
      const happening = read(c.req.header('webhook-id') ?? '', body)
      if (happening !== null) happenings.add(happening)
      return c.body(null, 204)
    })
    .get('/happenings', (c) => listen(c, context))
}

/** Tells an open page of each new happening of its person: only that there is one, the page then asks for itself. */
async function listen(c: Context, { happenings, signIns, ending }: HappeningContext): Promise<Response> {
  const signIn = signIns.read(c)
  if (signIn === null) return c.body(null, 401)
  return streamSSE(c, async (stream) => {
    const stop = happenings.watch(({ id, partnerUserId }) => {
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

/** A delivery's body; null for one that is about nobody here, such as a test. */
function read(id: string, body: Uint8Array): Happening | null {
  const told = JSON.parse(new TextDecoder().decode(body)) as Told // signed by Springbar, and of its documented form
  if (told.endUserAlias === undefined) return null
  return {
    id,
    partnerUserId: told.endUserAlias,
    type: told.type,
    dataSource: told.data.dataSourceId ?? null,
    at: new Date(told.data.timestamp).toISOString(),
  }
}

interface Told {
  readonly endUserAlias?: string
  readonly type: string
  readonly data: { readonly timestamp: number | string; readonly dataSourceId?: number }
}

const WORDS: Readonly<Record<string, string>> = Object.freeze({
  'notification.source.connect': 'connected',
  'notification.source.disconnect': 'disconnected',
  'connection.needs_reauth': 'needs you again',
  'connection.repaired': 'connected again',
  'connection.scopes_changed': 'shares something else now',
  'connection.revocation_finished': 'has forgotten us',
  'attempt.failed': 'not connected this time',
  'attempt.abandoned': 'left unfinished',
  'user.deleted': 'everything was deleted',
})

/** The list on the screen. */
export function happeningList(happenings: readonly Happening[]): Html {
  if (happenings.length === 0)
    return html`<p class="quiet">Nothing yet. Connect something, and it is told here.</p>`
  return html`<ol class="happenings">${happenings.map(
    ({ type, dataSource, at }) =>
      html`<li>${dataSource === null ? '' : html`<strong>${describeSource(dataSource).name}</strong> `}${WORDS[type] ?? type}
<span class="quiet">${instant(at)}</span></li>`,
  )}</ol>`
}
