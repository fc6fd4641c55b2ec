import type { OutcomeError } from '../../model/result.ts'
import { OUTCOME_ERRORS } from '../../model/result.ts'
import { hasOnlyAllowedCharacters, isForbiddenScheme } from './redirect-uri-entry.ts'
import { DATA_SOURCE_PARAMETER, nameOf } from './redirect-uri-query.ts'

/** Path of our own result page, on the direct pages' host. */
export const RESULT_PATH = '/dataSourceDirectConnectionResult.html'

/** Where the outcome goes: a listed entry and what the caller added to it. */
export interface RedirectTarget {
  /** The listed redirect URI, byte for byte. */
  readonly entry: string
  /** The vetted query without `?`; null when none was added, always null for an entry listed with its own. */
  readonly query: string | null
}

/** What the application learns from the redirect. */
export interface RedirectOutcome {
  /** The catalogue id; null when the request named no source that exists. */
  readonly dataSource: number | null
  readonly connected: boolean
  /** One of our fixed words; null when nothing went wrong. */
  readonly error: OutcomeError | null
  /** The one-time code that the application's backend redeems; null when there is none. */
  readonly result: string | null
}

/**
 * Step 7 of the redirect URI rule: the `Location` is the listed entry, the query as it stands with `dataSource`
 * replaced in its place, then our parameters. Without a data source to name, one that the caller put there is
 * taken out, because it would claim what nobody checked.
 * Null when a last look by a URL parser does not find the entry's scheme, host, port and path, or when the
 * outcome is not made of our own words: then there must be no redirect.
 */
export function buildRedirectLocation(target: RedirectTarget, outcome: RedirectOutcome): string | null {
  const { entry } = target
  const questionMark = entry.indexOf('?')
  if (questionMark !== -1 && target.query !== null) return null
  const base = questionMark === -1 ? entry : entry.slice(0, questionMark)
  const query = questionMark === -1 ? (target.query ?? '') : entry.slice(questionMark + 1)
  if (!isOurs(outcome)) return null

  const pairs = query === '' ? [] : query.split('&')
  // What a caller ends with `&` needs no second one.
  if (pairs.at(-1) === '') pairs.pop()
  const { dataSource, connected, error, result } = outcome
  const places = pairs.flatMap((pair, index) => (nameOf(pair) === DATA_SOURCE_PARAMETER ? [index] : []))
  const [place = pairs.length] = places
  if (places.length > 1) return null
  pairs.splice(
    place,
    places.length,
    ...(dataSource === null ? [] : [`${DATA_SOURCE_PARAMETER}=${dataSource}`]),
  )
  pairs.push(`connected=${connected}`)
  if (error !== null) pairs.push(`error=${encodeURIComponent(error)}`)
  if (result !== null) pairs.push(`result=${encodeURIComponent(result)}`)

  const location = `${base}?${pairs.join('&')}`
  return leadsToEntry(location, entry) ? location : null
}

/** Types end where stored rows begin: only a catalogue id, a fixed word and well-formed text go into a redirect. */
function isOurs({ dataSource, error, result }: RedirectOutcome): boolean {
  if (dataSource !== null && !(Number.isSafeInteger(dataSource) && dataSource > 0)) return false
  if (error !== null && !OUTCOME_ERRORS.includes(error)) return false
  return result === null || result.isWellFormed()
}

/**
 * The last check before a redirect: a parser finds the entry's scheme, host, port and path in the location, no user
 * information, no character that a redirect URI cannot have, and no scheme that cannot be listed.
 */
export function leadsToEntry(location: string, entry: string): boolean {
  const found = URL.parse(location)
  const listed = URL.parse(entry)
  if (found === null || listed === null) return false
  return (
    hasOnlyAllowedCharacters(location) &&
    !isForbiddenScheme(found.protocol.slice(0, -1)) &&
    found.protocol === listed.protocol &&
    found.host === listed.host &&
    found.pathname === listed.pathname &&
    found.username === '' &&
    found.password === ''
  )
}
