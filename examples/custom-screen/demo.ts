import { type Action, type Fetch, readResult } from '@springbar/sdk'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { actionRoutes, signedInForm } from './actions.ts'
import { assetRoutes } from './assets.ts'
import { confirmRoutes, wayBack } from './confirm.ts'
import { happeningList } from './happening-list.ts'
import { happeningRoutes } from './happenings.ts'
import { describeNewTab, describeReturn, type Message, type Standing, standingOf } from './outcome.ts'
import { signInPage } from './page.ts'
import { findPerson } from './people.ts'
import { screen } from './screen.ts'
import { securityHeaders } from './security-headers.ts'
import { type ApplicationCredentials, createSide } from './side.ts'
import { createSignIns, isFromOwnPage, type SignIn } from './sign-in.ts'
import type { ScreenSource, Sources } from './sources.ts'
import { failed, notFound, refused } from './trouble.ts'

/** Where Springbar is, who Tidewell is there, and the effects that it uses. */
export interface DemoOptions extends ApplicationCredentials {
  readonly apiUrl: string
  readonly widgetUrl?: string | undefined
  readonly directUrl?: string | undefined
  readonly username: string
  readonly password: string
  /** Aborts when the server is to stop, so that what stays open for long ends. */
  readonly ending?: AbortSignal | undefined
  /**
   * Tidewell's second application, whose connects are confirmed at `<publicUrl>/verify`; null for none. One application
   * has one way to bind, so each way has connections of its own here. Its webhooks go to `<publicUrl>/webhooks/confirm`, those
   * of the first to `<publicUrl>/webhooks`.
   */
  readonly confirming?: ApplicationCredentials | null
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

/** What somebody may search for, in characters. */
const FIND_MAX = 60

type Say = (sources: Sources, standing: (source: ScreenSource) => Standing) => Message | null

/** Makes Tidewell: its pages and its own small backend. */
export function createDemo(options: DemoOptions): Hono {
  const publicUrl = new URL(options.publicUrl).origin
  const { apiUrl, widgetUrl, directUrl = apiUrl, username, password, fetch, now, log, ending } = options
  const context = { apiUrl, widgetUrl, directUrl, username, password, fetch, now, log, ending }
  const { applicationId, applicationSecret, apiKey, webhookSecret } = options
  const plain = createSide(context, { applicationId, applicationSecret, apiKey, webhookSecret })
  const confirming = options.confirming ? createSide(context, options.confirming) : null
  const sideOf = ({ binding }: SignIn) => (binding === 'confirm' && confirming !== null ? confirming : plain)
  const signIns = createSignIns({ ...options, isSecure: publicUrl.startsWith('https:') })
  const app = new Hono()

  const direct = new URL(directUrl).origin
  // Logos of the catalogue come from the service.
  const pictureOrigins = apiKey ? [new URL(apiUrl).origin, direct] : []
  app.use(securityHeaders({ formOrigins: [publicUrl, direct], pictureOrigins }))
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => refused(c, signIns.read(c), 413) }))
  app.onError((error, c) => failed(c, error, signIns.read(c), options.log))
  app.notFound((c) => notFound(c, signIns.read(c)))
  app.route('/', assetRoutes())
  app.route('/', actionRoutes({ publicUrl, sideOf, signIns }))
  const targets = { '/webhooks': plain, ...(confirming === null ? {} : { '/webhooks/confirm': confirming }) }
  const happeningsOf = (signIn: SignIn) => sideOf(signIn).happenings
  app.route('/', happeningRoutes({ targets, happeningsOf, signIns, now, ending }))

  app.post('/sign-in', async (c) => {
    if (!isFromOwnPage(c.req.raw, publicUrl)) return refused(c, signIns.read(c))
    const { person: id, next } = await c.req.parseBody()
    const person = typeof id === 'string' ? findPerson(id) : null
    if (person !== null) signIns.begin(c, person)
    return c.redirect(wayBack(next), 303)
  })
  app.route('/', confirmRoutes({ publicUrl, confirming: confirming?.connections ?? null, signIns }))
  app.post('/sign-out', async (c) => {
    if ((await signedInForm(c, signIns, publicUrl)) !== null) signIns.end(c)
    return c.redirect('/', 303)
  })

  /** Shows the screen with the state as Springbar tells it now; `say` chooses the words from that state. */
  async function show(c: Context, say: Say) {
    const signIn = signIns.read(c)
    if (signIn === null) return c.html(signInPage())
    const side = sideOf(signIn)
    const [sources, connected] = await Promise.all([side.sources(), side.connections.read(signIn.person)])
    const message = say(sources, ({ id }) => standingOf(connected.get(id)))
    const told = happeningList(side.happenings.of(signIn.person), sources)
    const wanted = c.req.query('find')?.slice(0, FIND_MAX) ?? ''
    const canConfirm = confirming !== null
    const { hasFeed } = side
    return c.html(screen({ signIn, sources, connected, wanted, canConfirm, message, told, hasFeed }))
  }
  app.get('/', (c) =>
    show(c, (sources, standing) => {
      const opened = sources.findConnectable(c.req.query('after') ?? '')
      return opened === null ? null : describeNewTab(opened, standing(opened))
    }),
  )
  // One return address for each action: the query alone does not say what the person set out to do.
  const returnFrom = (action: Action) => (c: Context) =>
    show(c, (sources, standing) => {
      const result = readResult(c.req.url, { action })
      const source = result === null ? null : sources.findDisconnectable(String(result.dataSource))
      if (result === null || source === null) return null
      return describeReturn(result, source, standing(source))
    })
  app.get('/connected', returnFrom('connect'))
  app.get('/disconnected', returnFrom('disconnect'))
  return app
}
