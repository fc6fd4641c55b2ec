import type { Context } from 'hono'
import { latestFailures } from '../broker/catalogue/latest-failures.ts'
import { listSources } from '../broker/catalogue/list-sources.ts'
import { unconfirmedEnds } from '../broker/revocations/vendor-side.ts'
import { type OpenedSession, openSession } from '../broker/sessions/open-session.ts'
import { SpringbarError } from '../errors.ts'
import { folded, type OpenElsewhereView, type SourceItem, sourceListPage } from '../pages/index.ts'
import { compressed } from './compressed.ts'
import { seeOther } from './direct/redirects.ts'
import { isFramed, isWholeWindow, once, rawQuery } from './direct/request.ts'
import { browserUrlOf, inAppBrowser } from './in-app-browser.ts'
import { answerPage, isHttps, nameOn } from './page-answer.ts'
import { headerOf } from './request-header.ts'
import type { Services } from './services.ts'
import {
  dropOldWidgetCookies,
  hasAllItKeeps,
  readWidgetCookie,
  setWidgetCookie,
  widgetKeyOf,
} from './widget-cookie.ts'
import { widgetItems } from './widget-items.ts'

/** From so many sources on, the list has a search. */
const SEARCHED_SOURCES = 9
/** What somebody searches for; the longest name of a source has 30. */
const SEARCH_CHARACTERS = 60

/**
 * `GET /?connectionSessionToken=…`: all sources of the application, with the ways to connect, repair and disconnect
 * them. In a window of its own the token leaves the address at once: a redirect to `/?session=…`, which opens with a
 * cookie alone. In a frame, where nobody sees an address and cookies are kept away, it stays.
 */
export async function widget(c: Context, services: Services): Promise<Response> {
  const { context } = services
  const query = rawQuery(c)
  const token = once(query, 'connectionSessionToken')
  if (token === '' && once(query, 'session') !== '') return byCookie(c, services, query)
  const opened = await openSession(context, token)
  assertLiving(context, opened, query)
  if (isWholeWindow(c))
    return seeOther(context, addressOf(services, opened, query), cookiesOf(c, services, opened))
  // A browser that does not say where it shows the page may show it anywhere: its script finds out.
  const isUnsure = headerOf(c, 'sec-fetch-dest') === undefined
  return answerList(c, services, opened, {
    fields: { connectionSessionToken: token, ...wishOf(query) },
    frameAncestors: opened.application.embedOrigins,
    address: isUnsure ? addressOf(services, opened, query) : null,
    cookies: isUnsure ? cookiesOf(c, services, opened) : [],
  })
}

/** The same, in a window of its own. */
async function byCookie(c: Context, services: Services, query: string): Promise<Response> {
  const { context } = services
  const key = once(query, 'session')
  const token = readWidgetCookie(headerOf(c, 'cookie'), key, isHttps(context))
  if (token === null) throw withoutCookie(c, context, query)
  const opened = await openSession(context, token)
  assertLiving(context, opened, query)
  return answerList(c, services, opened, {
    fields: { session: key, ...endOf(query), ...wishOf(query) },
    frameAncestors: [],
    address: null,
    cookies: [],
  })
}

/**
 * What to say where the cookie is missing. It outlives its session, so before the session's end another browser has it, or
 * this one dropped it for the sake of many others. The end in the address is not proven, and decides on these words alone.
 */
function withoutCookie(c: Context, context: Services['context'], query: string): SpringbarError {
  const isLiving = context.now() < Number(endOf(query).ends ?? 0) * 1000
  return isLiving && !hasAllItKeeps(headerOf(c, 'cookie'), isHttps(context))
    ? new SpringbarError('browser_changed', 'The list was opened in another browser, which has its cookie.')
    : new SpringbarError('session_expired', 'The cookie of this list has gone.')
}

/** When the session ends, in seconds, as the address of a list says it. */
function endOf(query: string): { readonly ends?: string } {
  const ends = once(query, 'ends')
  return /^[0-9]{10}$/.test(ends) ? { ends } : {}
}

/** Throws `session_expired`, in words for this person, once the session's time is over. */
function assertLiving(
  { now }: Services['context'],
  { application, session }: OpenedSession,
  query: string,
): void {
  if (now() >= session.expiresAt)
    throw new SpringbarError('session_expired', 'The connection session has expired.', {
      about: { applicationId: application.id, locale: session.locale ?? chosenLanguage(query) },
    })
}

interface ListPlace {
  /** What the address of the search keeps. */
  readonly fields: Readonly<Record<string, string>>
  readonly frameAncestors: readonly string[]
  readonly address: string | null
  readonly cookies: readonly string[]
}

async function answerList(
  c: Context,
  services: Services,
  opened: OpenedSession,
  { fields, frameAncestors, address, cookies }: ListPlace,
): Promise<Response> {
  const { context } = services
  const { application, session, token } = opened
  const query = rawQuery(c)
  const [connections, failures] = await Promise.all([
    context.storage.read.connections.listOf(application.id, [session.endUserId]),
    latestFailures(context, session),
  ])
  const unconfirmed = await unconfirmedEnds(context, connections)
  const chosen = chosenLanguage(query)
  const listed = listSources(context, application).filter(
    ({ source }) => session.allowedSources?.includes(source.id) ?? true,
  )
  const page = await answerPage(
    c,
    context,
    { asked: session.locale ?? chosen, application },
    { status: 200, formTargets: [], frameAncestors, script: true, connect: true },
    (page) => {
      const items = widgetItems(services, opened, listed, {
        connections,
        failures,
        unconfirmed,
        language: page.language.tag,
        isChosen: session.locale === null && chosen !== null,
      })
      const text = once(query, 'q').trim().slice(0, SEARCH_CHARACTERS)
      return sourceListPage(
        {
          application: nameOn(page, application),
          label: session.label,
          items: matching(items, text),
          search: items.length < SEARCHED_SOURCES ? null : { text, fields },
          elsewhere: elsewhereOf(c, services, token),
          isFramed: isFramed(c),
          embedOrigins: application.embedOrigins,
          address,
        },
        page,
      )
    },
  )
  for (const cookie of cookies) page.headers.append('Set-Cookie', cookie)
  return compressed(c, page)
}

const matching = (items: readonly SourceItem[], text: string): readonly SourceItem[] =>
  items.filter(({ name, description }) => folded(`${name} ${description}`).includes(folded(text)))

function elsewhereOf(c: Context, { context }: Services, token: string): OpenElsewhereView | null {
  const system = inAppBrowser(headerOf(c, 'user-agent') ?? '')
  if (system === null) return null
  const url = `${context.urls.widget}/?connectionSessionToken=${token}&platform=web`
  return { url, browserUrl: browserUrlOf(url, system) }
}

function addressOf({ context }: Services, { token, session }: OpenedSession, query: string): string {
  const ends = String(Math.ceil(session.expiresAt / 1000))
  return `/?${new URLSearchParams({ session: widgetKeyOf(context, token), ends, ...wishOf(query) })}`
}

function cookiesOf(c: Context, { context }: Services, { token, session }: OpenedSession): readonly string[] {
  const own = isHttps(context)
  return [
    setWidgetCookie(context, token, session, own),
    ...dropOldWidgetCookies(headerOf(c, 'cookie'), widgetKeyOf(context, token), own),
  ]
}

/** What else of the query a list keeps: the language. */
function wishOf(query: string): Readonly<Record<string, string>> {
  const lang = once(query, 'lang')
  return /^[A-Za-z]{2}(?:-[A-Za-z]{2,4})?$/.test(lang) ? { platform: 'web', lang } : { platform: 'web' }
}

/** `lang=en` stands in the URL also when nobody chose, so only another language is somebody's choice. */
function chosenLanguage(query: string): string | null {
  const lang = once(query, 'lang')
  return lang === '' || lang === 'en' ? null : lang
}
