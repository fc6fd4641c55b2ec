/**
 * The whole backend. Credentials stay here: a browser gets nothing but pages and one-time links.
 */
import path from 'node:path'
import {
  readResult,
  type SpringbarClient,
  SpringbarError,
  type SpringbarEvent,
  verifyWebhook,
} from '@springbar/sdk'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Happenings, Way } from './happenings.ts'
import { describeOutcome, NOT_YOURS } from './outcome.ts'
import { type Message, type Row, signInPage, sourcesPage, troublePage } from './page.ts'
import { COOKIE, cookieFor, cookieOptions, PEOPLE, type Person, readPerson } from './sign-in.ts'

/** What the backend needs. */
export interface Options {
  readonly springbar: SpringbarClient
  /** The origin that logos come from: Springbar's. */
  readonly logosAt: string
  /** This server's address, as browsers see it. */
  readonly publicUrl: string
  /** What Springbar signs its webhooks to `<publicUrl>/webhooks` with; null when it sends none. */
  readonly webhookSecret: string | null
  readonly sessionSecret: string
  readonly happenings: Happenings
  readonly take: (event: SpringbarEvent, way: Way) => void
}

/** What Tidewell offers, by catalogue id: Strava, Fitbit, Garmin, Withings, Oura, Polar. */
const OFFERED: readonly number[] = [11, 1, 2, 8, 18, 3]

/** Makes the application. */
export function createApp(options: Options): Express {
  const { logosAt, publicUrl, sessionSecret, springbar } = options
  const cookie = cookieOptions(publicUrl)
  const app = express().disable('x-powered-by')

  // First of all: the signature is made over the bytes that came, so nothing may have read the body before.
  if (options.webhookSecret !== null) app.post('/webhooks', webhooks(options.webhookSecret, options.take))

  app.use((_request, response, next) => {
    response.set(
      'content-security-policy',
      `default-src 'self'; img-src 'self' ${logosAt}; frame-ancestors 'none'`,
    )
    // The address of a return has a code in it. With `no-referrer` our own forms would come without their origin.
    response.set('referrer-policy', 'same-origin')
    next()
  })
  app.use(express.static(path.join(import.meta.dirname, 'public')))
  app.use(express.urlencoded({ extended: false, limit: '10kb' }))
  app.use(ownFormsAlone(publicUrl))

  app.get('/', async (request, response) => {
    const person = readPerson(request, sessionSecret)
    if (person === null) return void response.send(signInPage())
    response.send(await screen(options, person, null))
  })

  app.post('/sign-in', (request, response) => {
    const person = PEOPLE.find(({ id }) => id === request.body?.person)
    if (person !== undefined) response.cookie(COOKIE, cookieFor(person, sessionSecret), cookie)
    response.redirect(303, '/')
  })

  app.post('/sign-out', (_request, response) => {
    response.clearCookie(COOKIE, cookie).redirect(303, '/')
  })

  // A session at each press of a button: it lives for an hour, and a page may stay open for longer.
  app.post('/connect', async (request, response) => {
    const person = readPerson(request, sessionSecret)
    const dataSource = OFFERED.find((id) => String(id) === request.body?.source)
    if (person === null || dataSource === undefined) return void response.redirect(303, '/')
    const session = await springbar.createSession({
      endUserId: await endUserIdOf(springbar, person),
      allowedSources: [dataSource],
      redirectUri: `${publicUrl}/connected`,
      label: person.name,
    })
    response.redirect(303, session.links.find((link) => link.dataSource === dataSource)?.connectUrl ?? '/')
  })

  // Where people come back to. Anybody can write a query: what happened, Springbar tells for the person who is signed in.
  app.get('/connected', async (request, response) => {
    const person = readPerson(request, sessionSecret)
    if (person === null) return void response.redirect(303, '/')
    const returned = readResult(request.url, { action: 'connect' })
    response.send(await screen(options, person, await outcomeOf(options, person, returned?.result)))
  })

  app.post('/disconnect', async (request, response) => {
    const person = readPerson(request, sessionSecret)
    if (person === null) return void response.redirect(303, '/')
    const endUserId = await endUserIdOf(springbar, person)
    const connections = await springbar.listConnections({ endUserId })
    const connection = connections.find(
      ({ dataSource, status }) => String(dataSource) === request.body?.source && status !== 'disconnected',
    )
    if (connection !== undefined) await springbar.deleteConnection(connection.id)
    response.redirect(303, '/')
  })

  app.use(trouble)
  return app
}

/** The alias makes this repeatable: the same person is the same end user, also after a restart. */
async function endUserIdOf(springbar: SpringbarClient, { partnerUserId }: Person): Promise<string> {
  return (await springbar.createUser({ partnerUserId })).id
}

/** The page with how things are, as Springbar tells it just now. */
async function screen(
  { springbar, happenings }: Options,
  person: Person,
  message: Message | null,
): Promise<string> {
  const endUserId = await endUserIdOf(springbar, person)
  const [catalogue, connections] = await Promise.all([
    springbar.readDataSources(),
    springbar.listConnections({ endUserId }),
  ])
  const rows = OFFERED.flatMap((id): Row[] => {
    const source = catalogue.find((one) => one.id === id)
    const isLiving = (one: (typeof connections)[number]) =>
      one.dataSource === id && one.status !== 'disconnected'
    return source === undefined ? [] : [{ source, connection: connections.find(isLiving) }]
  })
  return sourcesPage({ person, rows, message, events: happenings.of(person.partnerUserId) })
}

/** Redeems the code of a return. Whose it must be comes from the log-in, never from the request. */
async function outcomeOf({ springbar }: Options, person: Person, code: string | undefined): Promise<Message> {
  if (code === undefined) return NOT_YOURS
  try {
    const endUserId = await endUserIdOf(springbar, person)
    const result = await springbar.redeemResult({ code, endUserId })
    if (result.dataSource === null) return describeOutcome(result, 'This source')
    const { name } = await springbar.readDataSource({ dataSource: result.dataSource })
    return describeOutcome(result, name)
  } catch (error) {
    if (error instanceof SpringbarError && ['user_mismatch', 'not_found'].includes(error.code))
      return NOT_YOURS
    throw error
  }
}

/** Believes what is signed with our secret, just now; anything else is answered 401. */
const webhooks =
  (secret: string, take: Options['take']): RequestHandler =>
  async (request, response) => {
    try {
      take(await verifyWebhook(request, { secret }), 'webhook')
      response.sendStatus(204)
    } catch (error) {
      const isRefused =
        error instanceof SpringbarError && ['invalid_signature', 'invalid_timestamp'].includes(error.code)
      if (!isRefused) throw error
      response.sendStatus(401)
    }
  }

/** Forms of this very site alone: another one must not make a signed-in browser act. */
const ownFormsAlone =
  (publicUrl: string): RequestHandler =>
  (request, response, next) => {
    const { origin = publicUrl } = request.headers
    if (request.method === 'GET' || origin === publicUrl) return next()
    response.sendStatus(403)
  }

/** The SDK's errors hold no secret, so they may be logged; of any other only the name is. */
const trouble: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const isSpringbar = error instanceof SpringbarError
  console.error(isSpringbar ? `${error.code}: ${error.message}` : String(error).split(':')[0])
  if (response.headersSent) return next(error)
  response.status(isSpringbar ? 503 : 500).send(
    troublePage({
      tone: 'bad',
      title: 'We cannot reach your sources',
      text: 'Nothing was changed, and what you connected stays connected. Please try again in a moment.',
    }),
  )
}
