/** Browsers take `\` in a path for `/`, and leave out tabs and line breaks; behind the `?` a backslash is only a character. */
const PATH = /^\/(?![/\\])[^\\\s?#]*(?:\?[^\t\n\r]*)?$/

/**
 * A link that stays on the own origin: a path with an optional query, such as `/dataSourceDirectConnection.html?…`.
 * Null for anything else — another origin, `//host`, `/\host`, a script — so that the page leaves the link out.
 */
export function ownPath(value: string | null): string | null {
  return value !== null && PATH.test(value) ? value : null
}

/**
 * A link to one of the service's public URLs, which may be three different hosts: a path, or an absolute http(s) URL.
 * Null for any other scheme.
 */
export function serviceLink(value: string | null): string | null {
  if (value === null || ownPath(value) !== null) return value
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return null
  return value
}
