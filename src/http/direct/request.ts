import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { LinkRequest } from '../../broker/attempts/open-link.ts'
import { SpringbarError } from '../../errors.ts'
import { isLanguageTag } from '../../pages/index.ts'
import { rawQueryOf, readQueryParameter } from '../raw-query.ts'
import { headerOf } from '../request-header.ts'

/** The query exactly as it came over the wire, without `?`. */
export function rawQuery(c: Context): string {
  const bindings: Partial<HttpBindings> | undefined = c.env
  return rawQueryOf(bindings?.incoming?.url ?? c.req.url)
}

/** A parameter that must stand in the query once to count; anything else is the empty string, which nothing matches. */
export function once(query: string, name: string): string {
  const found = readQueryParameter(query, name)
  return found.kind === 'value' ? found.value : ''
}

/**
 * Whether this GET only wants to know, or guesses what comes next: HEAD, and whatever declares itself a prefetch,
 * prerender or preview. Such a request changes nothing. Hono answers HEAD by running the GET handler, so the method is
 * looked at here.
 */
export function isSpeculative(c: Context): boolean {
  if (c.req.method === 'HEAD') return true
  const purposes = [headerOf(c, 'sec-purpose'), headerOf(c, 'purpose'), headerOf(c, 'x-moz')]
  return purposes.some((purpose) => purpose !== undefined && /prefetch|prerender|preview/i.test(purpose))
}

/** Whether the link stands in our own list of sources, to which the person then goes back. */
export const isFromList = (query: string): boolean => once(query, 'from') === 'list'

/** The language that the list of sources puts into its links because the person chose it there; null for no choice. */
function chosenLang(query: string): string | null {
  const lang = once(query, 'lang')
  return isFromList(query) && isLanguageTag(lang) ? lang : null
}

/** What a direct link says, for `openLink`. */
export const linkRequestOf = (query: string): LinkRequest => ({
  token: once(query, 'token'),
  dataSource: once(query, 'dataSource'),
  rawQuery: query,
  lang: chosenLang(query),
})

/** Whether the browser says that the answer is for a window of its own. Old ones say nothing. */
export const isWholeWindow = (c: Context): boolean => headerOf(c, 'sec-fetch-dest') === 'document'

/** Whether the browser says that the answer is for a frame of another page. */
export function isFramed(c: Context): boolean {
  const destination = headerOf(c, 'sec-fetch-dest')
  return destination !== undefined && /^(iframe|frame|embed|object|fencedframe)$/.test(destination)
}

/**
 * Throws `invalid_request` for a post that the browser says was sent by another site's page. A browser that says nothing
 * is believed as far as its cookies go: those are `Lax` and do not come along from there.
 */
export function assertOwnPage(c: Context): void {
  const site = headerOf(c, 'sec-fetch-site')
  if (site !== undefined && site !== 'same-origin')
    throw new SpringbarError('invalid_request', 'The form was sent by a page of another site.')
}
