/**
 * The strict half of `application/x-www-form-urlencoded`: one component, decoded exactly once.
 * Forgiving decoders leave a broken `%` in place or replace bad bytes, and two readers then see two values;
 * this one has no second opinion.
 */

/**
 * Decodes one name or value of a query or form body as it came over the wire: `+` is a space, `%XX` are bytes of
 * UTF-8. Null when a `%` is malformed, when the bytes are not UTF-8 (overlong, truncated, surrogates), or when a
 * character above ASCII stands there raw: depending on who decoded the bytes it means different text.
 * Source: WHATWG URL Standard, `application/x-www-form-urlencoded` parsing, with errors instead of replacements.
 */
export function decodeFormComponent(raw: string): string | null {
  if (/\P{ASCII}/u.test(raw)) return null
  return percentDecode(raw.includes('+') ? raw.replaceAll('+', ' ') : raw)
}

/** Decodes `%XX` alone, exactly once and as strictly as {@link decodeFormComponent}; a `+` stays a `+`. */
export function percentDecode(raw: string): string | null {
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return null // the one thing that decodeURIComponent throws is a malformed escape or bad UTF-8
  }
}
