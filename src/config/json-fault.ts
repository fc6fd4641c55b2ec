const SPACE = /[ \t\n\r]*/y
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in a string (RFC 8259 §7)
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y

/** Deeper than any configuration; what is deeper is not looked into. */
const DEPTH = 100

/**
 * Where a text stops being JSON (RFC 8259): `line 3, column 14`, both from 1. The runtime's own message quotes the text around
 * the fault, which may be a secret, or names no place.
 */
export function placeOfFault(text: string): string {
  const before = text.slice(0, faultIn(text)).split('\n')
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
}

function faultIn(text: string): number {
  let at = 0
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found !== null) at = pattern.lastIndex
    return found !== null && found[0] !== ''
  }
  const take = (character: string): boolean => {
    skip(SPACE)
    if (text[at] !== character) return false
    at++
    return true
  }
  /** Members up to the bracket that closes them; false at the first fault, which `at` points to then. */
  const members = (close: string, depth: number): boolean => {
    if (take(close)) return true
    do {
      if (close === '}' && !(skipped(STRING) && take(':'))) return false
      if (!value(depth + 1)) return false
    } while (take(','))
    return take(close)
  }
  const skipped = (pattern: RegExp): boolean => {
    skip(SPACE)
    return skip(pattern)
  }
  const value = (depth: number): boolean => {
    if (depth > DEPTH) return false
    if (take('{')) return members('}', depth)
    if (take('[')) return members(']', depth)
    return skip(STRING) || skip(WORD)
  }
  if (value(0)) skip(SPACE)
  return at
}
