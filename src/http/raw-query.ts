import { decodeFormComponent } from '../model/form-encoding.ts'

/**
 * The strict reading of a query, for parameters that decide something. A framework's parser takes the first or the
 * last of two, joins arrays and repairs broken escapes; what it picks may not be what a proxy, a log or the next
 * server picked. Here a parameter stands in the query once, under its plain name, or there is none.
 */

/** What {@link readQueryParameter} finds. `value` is form-decoded exactly once and otherwise as it came. */
export type QueryParameter =
  | { readonly kind: 'value'; readonly value: string }
  /** Not in the query. */
  | { readonly kind: 'absent' }
  /** More than once, as an array (`name[]`, `name[0]`), or under a percent-encoded spelling of its name. */
  | { readonly kind: 'repeated' }
  /** Once, but with a malformed `%`, invalid UTF-8 or a raw character above ASCII. */
  | { readonly kind: 'malformed' }

const ABSENT: QueryParameter = Object.freeze({ kind: 'absent' })
const REPEATED: QueryParameter = Object.freeze({ kind: 'repeated' })
const MALFORMED: QueryParameter = Object.freeze({ kind: 'malformed' })

/**
 * The query of a request target (`/path?query`) or URL, as it came: what stands behind the first `?`, or ''.
 * Give it Node's `incoming.url`. A URL parser would drop tabs, encode quotes and cut at `#` before we look.
 */
export function rawQueryOf(target: string): string {
  const at = target.indexOf('?')
  return at === -1 ? '' : target.slice(at + 1)
}

/**
 * Reads one parameter of a raw query (without `?`). Only `&` separates, the first `=` ends the name, and
 * `name` without `=` is the empty value. `name` is one of our own constants, in plain letters.
 */
export function readQueryParameter(rawQuery: string, name: string): QueryParameter {
  let rawValue: string | null = null
  let equals = rawQuery.indexOf('=')
  for (let start = 0; start <= rawQuery.length; ) {
    const ampersand = rawQuery.indexOf('&', start)
    const end = ampersand === -1 ? rawQuery.length : ampersand
    // searched for only when used up, so that a query without any `=` is still read in one pass
    if (equals !== -1 && equals < start) equals = rawQuery.indexOf('=', start)
    const nameEnd = equals === -1 || equals > end ? end : equals
    if (nameEnd - start === name.length && rawQuery.startsWith(name, start)) {
      if (rawValue !== null) return REPEATED
      rawValue = rawQuery.slice(nameEnd + 1, end)
    } else if (nameEnd - start > name.length && isDisguised(rawQuery.slice(start, nameEnd), name)) {
      return REPEATED
    }
    start = end + 1
  }
  if (rawValue === null) return ABSENT
  const value = decodeFormComponent(rawValue)
  return value === null ? MALFORMED : { kind: 'value', value }
}

/** Whether another reader would take this name for `name`: an array of it, or its letters percent-encoded. */
function isDisguised(rawName: string, name: string): boolean {
  // Most names are plain, and decoding each of them for every parameter would cost more than the rest of the reading.
  const decoded = rawName.includes('%') ? (decodeFormComponent(rawName) ?? rawName) : rawName
  return decoded === name || decoded.startsWith(`${name}[`)
}
