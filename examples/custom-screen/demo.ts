import { type Action, createSpringbarClient, type Fetch, readResult } from '@springbar/sdk'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { actionRoutes, signedInForm } from './actions.ts'
import { assetRoutes } from './assets.ts'
import { confirmRoutes, wayBack } from './confirm.ts'
import { createConnections } from './connections.ts'
import { createHappenings, happeningList, happeningRoutes } from './happenings.ts'
import { describeNewTab, describeReturn, type Message } from './outcome.ts'
import { signInPage } from './page.ts'
import { findPerson } from './people.ts'
import { screen } from './screen.ts'
import { securityHeaders } from './security-headers.ts'
import { createSignIns, isFromOwnPage, type SignIn } from './sign-in.ts'
import { findConnectable, findDisconnectable } from './sources.ts'
import { failed, notFound, refused } from './trouble.ts'

/** Where Springbar is, who Tidewell is there, and the effects that it uses. */
export interface DemoOptions {
  readonly apiUrl: string
  readonly widgetUrl?: string | undefined
  readonly directUrl?: string | undefined
  readonly username: string
  readonly password: string
  readonly applicationId: string
  readonly applicationSecret: string
  /** What Springbar signs its webhooks to `<publicUrl>/webhooks` with. */
  readonly webhookSecret: string
  /** Aborts when the server is to stop, so that what stays open for long ends. */
  readonly ending?: AbortSignal | undefined
  /**
   * Tidewell's second application, whose connects are confirmed at `<publicUrl>/verify`; null for none. One application
   * has one way to bind, so each way has connections of its own here.
   */
  readonly confirming?: { readonly applicationId: string; readonly applicationSecret: string } | null
  /** This screen's own address, as browsers see it, without a path. Its return addresses begin with it. */
  readonly publicUrl: string
  readonly fetch?: Fetch | undefined
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly random: (byteCount: number) => Uint8Array
  readonly log: (line: string) => void
}

/** Forms here are a token and a name. */
const BODY_BYTES_MAX = 4_096

/** Makes Tidewell: its pages and its own small backend. */
export function createDemo(options: DemoOptions): Hono {
  const publicUrl = new URL(options.publicUrl).origin
  const { random: _, ...client } = options
  const connections = createConnections(createSpringbarClient(client))
  const confirming = options.confirming
    ? createConnections(createSpringbarClient({ ...client, ...options.confirming }))
    : null
  const connectionsOf = ({ binding }: SignIn) =>
    binding === 'confirm' && confirming !== null ? confirming : connections
  const signIns = createSignIns({ ...options, isSecure: publicUrl.startsWith('https:') })
  const app = new Hono()

  app.use(securityHeaders([publicUrl, new URL(options.directUrl ?? options.apiUrl).origin]))
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => refused(c, signIns.read(c), 413) }))
  app.onError((error, c) => failed(c, error, signIns.read(c), options.log))
  app.notFound((c) => notFound(c, signIns.read(c)))
  app.route('/', assetRoutes())
  app.route('/', actionRoutes({ publicUrl, connectionsOf, signIns }))
  const happenings = createHappenings()
  app.route('/', happeningRoutes({ ...options, happenings, signIns }))

  app.post('/sign-in', async (c) => {
    if (!isFromOwnPage(c.req.raw, publicUrl)) return refused(c, signIns.read(c))
    const { person: id, next } = await c.req.parseBody()
    const person = typeof id === 'string' ? findPerson(id) : null
    if (person !== null) signIns.begin(c, person)
    return c.redirect(wayBack(next), 303)
  })
  app.route('/', confirmRoutes({ publicUrl, confirming, signIns }))
  app.post('/sign-out', async (c) => {
    if ((await signedInForm(c, signIns, publicUrl)) !== null) signIns.end(c)
    return c.redirect('/', 303)
  })

  /** Shows the screen with the state as Springbar tells it now; `say` chooses the words from that state. */
  async function show(c: Context, say: (isConnected: (id: number) => boolean) => Message | null) {
    const signIn = signIns.read(c)
    if (signIn === null) return c.html(signInPage())
    const connected = await connectionsOf(signIn).read(signIn.person)
    const told = happeningList(happenings.of(signIn.person))
    const canConfirm = confirming !== null
    return c.html(screen({ signIn, connected, canConfirm, message: say((id) => connected.has(id)), told }))
  }
  app.get('/', (c) => {
    const opened = findConnectable(c.req.query('after') ?? '')
    return show(c, (isConnected) => (opened === null ? null : describeNewTab(opened, isConnected(opened.id))))
  })
  // One return address for each action: the query alone does not say what the person set out to do.
  const returnFrom = (action: Action) => (c: Context) => {
    const result = readResult(c.req.url, { action })
    const source = result === null ? null : findDisconnectable(String(result.dataSource))
    return show(c, (isConnected) =>
      result === null || source === null ? null : describeReturn(result, source, isConnected(source.id)),
    )
  }
  app.get('/connected', returnFrom('connect'))
  app.get('/disconnected', returnFrom('disconnect'))
  return app
}
