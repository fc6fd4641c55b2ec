import { decodeFormComponent } from '../../model/form-encoding.ts'

/**
 * The query that a caller adds to a listed redirect URI, or that an entry is listed with: step 6 of the redirect
 * URI rule, and the names that step 1 takes for a disguised `redirect_uri`.
 * Names are judged as the most forgiving receiver would read them, values by their encoding alone.
 */

/** Why a query is refused. `name` is one of our own words, never the caller's text. */
export type RedirectQueryProblem =
  | { readonly code: 'query_malformed_encoding' | 'query_control_character' }
  | { readonly code: 'query_data_source_variant' | 'query_data_source_repeated' }
  | { readonly code: 'query_reserved_name'; readonly name: string }

/** The one parameter of ours that a caller may already have in place; it is replaced. */
export const DATA_SOURCE_PARAMETER = 'dataSource'

/** Names by which the receiving application reads our answer, or a vendor's. */
const RESERVED_NAMES = [
  'token',
  'connectionSessionToken',
  'connection_session_token',
  'data_source',
  'connected',
  'error',
  'error_description',
  'error_uri',
  'state',
  'code',
  'iss',
  'redirect_uri',
  'result',
] as const

const reservedByLowerCase: ReadonlyMap<string, string> = new Map(
  RESERVED_NAMES.map((name) => [name.toLowerCase(), name]),
)

/** A name is read through this many further layers of encoding; nothing that receives a redirect decodes more. */
const EXTRA_DECODINGS = 4

/**
 * Judges a query without its `?`, as it stands in the URI. Null when every `%XX` is well-formed UTF-8, nothing
 * decodes to a control character, no name is reserved or a variant of `dataSource`, and `dataSource` itself
 * stands there once at most. Characters and length are judged before, with the whole value.
 */
export function findRedirectQueryProblem(query: string): RedirectQueryProblem | null {
  let dataSourceSeen = false
  for (const pair of query.split('&')) {
    const decoded = decodeFormComponent(pair)
    if (decoded === null) return { code: 'query_malformed_encoding' }
    if (/\p{Cc}/u.test(decoded)) return { code: 'query_control_character' }
    const isDataSource = nameOf(pair) === DATA_SOURCE_PARAMETER
    if (isDataSource && dataSourceSeen) return { code: 'query_data_source_repeated' }
    dataSourceSeen ||= isDataSource
    // Some receivers still split at `;` as HTML 4 advised, so each part between two of them may carry a name.
    for (const part of pair.split(';').slice(isDataSource ? 1 : 0)) {
      const problem = findNameProblem(nameOf(part))
      if (problem !== null) return problem
    }
  }
  return null
}

/**
 * Whether a raw parameter name is `redirect_uri` in another guise: array brackets, a dotted tail, another case or
 * separator, padding, percent-encoding. Such a name is never simply ignored: the caller meant it, or an attacker
 * hopes that the next reader takes it.
 */
export function looksLikeRedirectUri(rawName: string): boolean {
  return rawName.length >= 'redirecturi'.length && lettersMatch(readThroughLayers(rawName), 'redirecturi')
}

/** What stands before the first `=` of a pair. */
export function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  return equals === -1 ? pair : pair.slice(0, equals)
}

function findNameProblem(rawName: string): RedirectQueryProblem | null {
  // An encoded separator becomes a real one for a receiver that decodes before it splits.
  for (const segment of readThroughLayers(rawName).split(/[&;=]/)) {
    if (lettersMatch(segment, 'datasource')) return { code: 'query_data_source_variant' }
    // Of `??token` the receiver's parser drops the second `?`, as `new URLSearchParams('?token')` does.
    const name = segment.replace(/^[?\s]+/u, '').toLowerCase()
    const reserved =
      reservedByLowerCase.get(cutAtBracketOrDot(name)) ?? reservedByLowerCase.get(asPhpReads(name))
    if (reserved !== undefined) return { code: 'query_reserved_name', name: reserved }
  }
  return null
}

/** `result[0]` and `result.x` reach many receivers as `result`. */
const cutAtBracketOrDot = (name: string): string => name.replace(/[[.].*$/su, '').trimEnd()

/** PHP turns spaces, dots and an opening bracket inside a name into `_`: `error.uri` arrives as `error_uri`. */
const asPhpReads = (name: string): string => name.replace(/[ .[]/g, '_')

/** Compares letters and digits alone, over the whole name and over what stands before a bracket, dot or `=`. */
function lettersMatch(name: string, letters: string): boolean {
  const folded = name.normalize('NFKC').toLowerCase()
  const head = folded.replace(/[[\].=\0].*$/su, '')
  return onlyLetters(folded) === letters || onlyLetters(head) === letters
}

const onlyLetters = (text: string): string => text.replace(/[^a-z0-9]/g, '')

/** Decodes once by the rule and then, for receivers that decode again, whatever escapes are left, byte by byte. */
function readThroughLayers(rawName: string): string {
  let name = decodeFormComponent(rawName) ?? rawName
  for (let layer = 0; layer < EXTRA_DECODINGS && name.includes('%'); layer++) {
    name = name.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
  return name
}
