import { limits } from '../../limits.ts'
import { decodeFormComponent } from '../../model/form-encoding.ts'
import type { RedirectTarget } from './redirect-location.ts'
import { buildRedirectLocation } from './redirect-location.ts'
import { hasOnlyAllowedCharacters } from './redirect-uri-entry.ts'
import type { RedirectQueryProblem } from './redirect-uri-query.ts'
import { findRedirectQueryProblem, looksLikeRedirectUri, nameOf } from './redirect-uri-query.ts'

/**
 * The redirect URI rule: where a person may be sent, decided by comparing bytes.
 *
 * @module broker/redirect-uris — owns the decision on one presented value, in seven steps. What may be listed at all is in
 * `redirect-uri-entry.ts`, what a caller may add in `redirect-uri-query.ts`, the `Location` in
 * `redirect-location.ts`. Nothing here normalises, and no URL parser is asked before the decision: each of a
 * parser's repairs has been an open redirect somewhere (CVE-2020-5233, CVE-2022-3782, CVE-2024-8883 …).
 */

/** What an application may be sent back to. What was allowed once under one such object is not judged again, so it never changes. */
export interface AllowedRedirectUris {
  /** The application's listed redirect URIs. */
  readonly entries: Iterable<string>
  /** The service's own result page, absolute and without a query: always allowed, exactly so. */
  readonly resultPageUrl: string
}

/** Which of the seven steps refused a value, and why. `detail` is for a developer and never repeats the value. */
export interface RedirectUriRefusal {
  readonly kind: 'refused'
  readonly rule: 1 | 2 | 3 | 4 | 5 | 6 | 7
  readonly code: RedirectUriRefusalCode
  readonly detail: string
}

/** Which of the rules a redirect URI breaks. */
export type RedirectUriRefusalCode =
  | 'repeated'
  | 'look_alike'
  | 'malformed_encoding'
  | 'length'
  | 'fragment'
  | 'characters'
  | 'not_listed'
  | 'query_is_fixed'
  | 'query_too_long'
  | RedirectQueryProblem['code']
  | 'location_differs'

/** The decision on a presented value. */
export type RedirectUriDecision =
  | { readonly kind: 'own-result-page' }
  | ({ readonly kind: 'allowed' } & RedirectTarget)
  | RedirectUriRefusal

const ABSENT = Object.freeze({ kind: 'absent' })
const OWN_RESULT_PAGE: RedirectUriDecision = Object.freeze({ kind: 'own-result-page' })

const refusal = (
  rule: RedirectUriRefusal['rule'],
  code: RedirectUriRefusalCode,
  detail: string,
): RedirectUriRefusal => Object.freeze({ kind: 'refused', rule, code, detail: `Rule ${rule}: ${detail}` })

const REFUSALS = Object.freeze({
  repeated: refusal(1, 'repeated', 'redirect_uri stands in the query more than once.'),
  lookAlike: refusal(
    1,
    'look_alike',
    'A parameter looks like redirect_uri but is spelled another way (brackets, another case, spaces, percent-encoding, "&amp;"). Use the plain name, once.',
  ),
  malformed: refusal(
    2,
    'malformed_encoding',
    'The value is not percent-encoded UTF-8. Encode the whole redirect URI once, as encodeURIComponent does.',
  ),
  length: refusal(3, 'length', `A redirect URI has 1 to ${limits.redirectUriCharacters} characters.`),
  fragment: refusal(
    3,
    'fragment',
    'A redirect URI has no fragment. A route behind "#" cannot be a target; use a path.',
  ),
  characters: refusal(
    3,
    'characters',
    "A character outside A-Z a-z 0-9 - . _ ~ : / ? @ ! $ & ' ( ) * + , ; = % is not allowed. Percent-encode it inside the redirect URI, then encode the whole as the parameter.",
  ),
  notListed: refusal(
    4,
    'not_listed',
    'What stands before the first "?" is not, character by character, a listed redirect URI of this application. Scheme, host, port, path, capitals and a final slash all count.',
  ),
  queryIsFixed: refusal(
    5,
    'query_is_fixed',
    'This redirect URI is listed with a query of its own, or is the result page of the service, and matches only as a whole. Nothing can be added to it.',
  ),
  queryTooLong: refusal(
    6,
    'query_too_long',
    `The query has more than ${limits.redirectQueryCharacters} characters.`,
  ),
  locationDiffers: refusal(
    7,
    'location_differs',
    'A last check found that the redirect would not lead to the listed redirect URI. The entry itself cannot be used; list it again to see why.',
  ),
})

const QUERY_DETAILS: Readonly<Record<RedirectQueryProblem['code'], string>> = Object.freeze({
  query_malformed_encoding: 'In the query, each "%" needs two hexadecimal digits that decode to UTF-8.',
  query_control_character:
    'The query decodes to a control character, such as a line break, a tab or a zero byte.',
  query_data_source_variant:
    'A parameter of the query is a variant of dataSource. Write exactly dataSource; it is replaced with the outcome.',
  query_data_source_repeated: 'dataSource stands in the query more than once.',
  query_reserved_name:
    'A parameter of the query would be mistaken for part of the result. Choose another name than',
})

/** An outcome to try a location with, before anything is started. */
const TRIAL_OUTCOME = Object.freeze({ dataSource: 1, connected: true, error: null, result: null })

/**
 * Decides on the `redirect_uri` of a raw query (the bytes as they came, without `?`), steps 1 to 7.
 * `absent` means that there is none, nor anything that looks like one.
 */
export function decideRedirectUri(
  rawQuery: string,
  allowed: AllowedRedirectUris,
): { readonly kind: 'absent' } | RedirectUriDecision {
  let rawValue: string | null = null
  for (const pair of rawQuery.split('&')) {
    const isPlain = nameOf(pair) === 'redirect_uri'
    if (isPlain && rawValue !== null) return REFUSALS.repeated
    if (isPlain) rawValue = pair.slice('redirect_uri='.length)
    // A part behind `;` is a parameter to some parsers, and is what becomes of `&amp;redirect_uri=`.
    const parts = pair.includes(';') ? pair.split(';') : [pair]
    if (parts.some((part, index) => !(isPlain && index === 0) && looksLikeRedirectUri(nameOf(part)))) {
      return REFUSALS.lookAlike
    }
  }
  if (rawValue === null) return ABSENT
  const value = decodeFormComponent(rawValue)
  return value === null ? REFUSALS.malformed : decideRedirectUriValue(value, allowed)
}

/** Values that were allowed, by what they were held against: an application has few, and uses them all day. */
const allowedBefore = new WeakMap<AllowedRedirectUris, Map<string, RedirectUriDecision>>()

/** Decides on a value that is already decoded, such as a JSON string: steps 3 to 7. */
export function decideRedirectUriValue(value: string, allowed: AllowedRedirectUris): RedirectUriDecision {
  const known = allowedBefore.get(allowed)
  const before = known?.get(value)
  if (before !== undefined) return before
  const decision = judgeValue(value, allowed)
  if (decision.kind === 'allowed') {
    const kept = known === undefined || known.size >= limits.redirectDecisionsKept ? new Map() : known
    allowedBefore.set(allowed, kept.set(value, Object.freeze(decision)))
  }
  return decision
}

function judgeValue(value: string, allowed: AllowedRedirectUris): RedirectUriDecision {
  if (value.length < 1 || value.length > limits.redirectUriCharacters) return REFUSALS.length
  if (!hasOnlyAllowedCharacters(value)) return value.includes('#') ? REFUSALS.fragment : REFUSALS.characters
  if (value === allowed.resultPageUrl) return OWN_RESULT_PAGE

  const questionMark = value.indexOf('?')
  const base = questionMark === -1 ? value : value.slice(0, questionMark)
  const match = findEntry(value, base, allowed)
  if (match === null) return REFUSALS.notListed
  if (match === 'as-a-whole-only') return REFUSALS.queryIsFixed

  const query = match === value ? null : value.slice(questionMark + 1)
  const problem = query === null ? null : judgeAddedQuery(query)
  if (problem !== null) return problem
  const target = { entry: match, query }
  if (buildRedirectLocation(target, TRIAL_OUTCOME) === null) return REFUSALS.locationDiffers
  return { kind: 'allowed', ...target }
}

/** Steps 4 and 5: the entry that is the whole value, or else the one that stands before its first `?`. */
function findEntry(
  value: string,
  base: string,
  { entries, resultPageUrl }: AllowedRedirectUris,
): string | 'as-a-whole-only' | null {
  let found: string | 'as-a-whole-only' | null = base === resultPageUrl ? 'as-a-whole-only' : null
  for (const entry of entries) {
    if (!entry.startsWith(base) || isOnOwnHost(entry, resultPageUrl)) continue
    if (entry === value) return entry
    if (entry === base) found = entry
    else if (entry.charAt(base.length) === '?') found ??= 'as-a-whole-only'
  }
  return found
}

/** Nothing on the service's own host but the result page is ever a target, whatever a list says. */
function isOnOwnHost(entry: string, resultPageUrl: string): boolean {
  const origin = resultPageUrl.slice(0, resultPageUrl.indexOf('/', resultPageUrl.indexOf('://') + 3))
  return entry === origin || entry.startsWith(`${origin}/`) || entry.startsWith(`${origin}?`)
}

function judgeAddedQuery(query: string): RedirectUriRefusal | null {
  if (query.length > limits.redirectQueryCharacters) return REFUSALS.queryTooLong
  const problem = findRedirectQueryProblem(query)
  if (problem === null) return null
  const detail = QUERY_DETAILS[problem.code]
  return refusal(6, problem.code, 'name' in problem ? `${detail} ${problem.name}.` : detail)
}
