/** Members of a JSON object, not yet believed. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a parsed value is an object with members. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d[\d.eE+-]*|[{}[\]]/g

/**
 * Parses JSON without losing anything that the vendor wrote: an integer that a number cannot hold exactly becomes the
 * string of its digits (RFC 8259 §6 leaves such numbers to the parser), and an object that names a member twice is
 * refused, because two readers would see two answers (RFC 8259 §4). Throws a SyntaxError for what is not JSON.
 * `duplicate` tells that the text is JSON but has a member twice.
 */
export function parseJson(text: string): { readonly value: unknown; readonly duplicate: boolean } {
  const value: unknown = JSON.parse(text)
  let duplicate = false
  let rounded = false
  const open: (Set<string> | null)[] = []
  // The text is known to be JSON, so every match is a whole token of it.
  const exact = text.replace(TOKENS, (token: string, colon: string | undefined) => {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const names = open.at(-1)
      const name = String(JSON.parse(token.slice(0, -colon.length)))
      if (names?.has(name)) duplicate = true
      names?.add(name)
    } else if (/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))) {
      rounded = true
      return `"${token}"`
    }
    return token
  })
  return { value: rounded ? JSON.parse(exact) : value, duplicate }
}

/** The value at a dotted path of own members and array positions; undefined when there is none. */
export function valueAt(data: unknown, path: string): unknown {
  let value = data
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as JsonObject)[name] // an object, or an array that is read by position: both have string keys
  }
  return value
}
