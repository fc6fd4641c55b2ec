import { limits } from '../../limits.ts'
import { type Attempt, cookieKeyOf } from '../../model/attempt.ts'
import { parseSessionToken } from '../../model/session-token.ts'

/**
 * The cookie that binds an attempt to the browser that started it. Its value is a secret derived from the attempt's
 * `state`, and the session's token, which nobody else keeps and which the result page's URL must carry.
 */

/** A browser takes this prefix only with `Secure`, for the whole host and over TLS, so no other host can set it. */
const HOST_PREFIX = '__Host-sb-'
/** On http loopback that prefix cannot be used. */
const DEVELOPMENT_PREFIX = 'dev-sb-'
const KEY = /^[0-9A-Z]{14}$/
const LIST_MARK = '.list'
const SECRET = /^[A-Za-z0-9_-]{43}$/

/** What came back with one attempt's cookie. */
export interface AttemptCookie {
  readonly browserSecret: string
  readonly token: string
  /** Whether the person came from our own list of sources and goes back there. */
  readonly fromList: boolean
}

const prefixFor = (isHttps: boolean): string => (isHttps ? HOST_PREFIX : DEVELOPMENT_PREFIX)

const attributes = (isHttps: boolean, maxAgeSeconds: number): string =>
  `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${isHttps ? '; Secure' : ''}`

/** The `Set-Cookie` of a new attempt. `Lax`, because the vendor returns by a top-level GET from another site. */
export function setAttemptCookie(
  attempt: Attempt,
  { browserSecret, token, fromList }: AttemptCookie,
  isHttps: boolean,
): string {
  const maxAgeSeconds = limits.attemptLifetimeMs / 1000
  return `${prefixFor(isHttps)}${cookieKeyOf(attempt.id)}=${browserSecret}.${token}${fromList ? LIST_MARK : ''}; ${attributes(isHttps, maxAgeSeconds)}`
}

/** `Set-Cookie` lines that drop the oldest attempts of a browser that keeps too many; a key starts with its time. */
export function dropOldAttemptCookies(header: string | undefined, isHttps: boolean): readonly string[] {
  if (header === undefined || !header.includes(prefixFor(isHttps))) return []
  const keys = [...readAttemptCookies(header, isHttps).keys()].sort()
  const surplus = keys.length - (limits.attemptCookiesPerBrowser - 1)
  return keys
    .slice(0, Math.max(0, surplus))
    .map((key) => `${prefixFor(isHttps)}${key}=; ${attributes(isHttps, 0)}`)
}

/** All attempt cookies of a request, by key. A name that occurs twice was tampered with and counts for nothing. */
export function readAttemptCookies(
  header: string | undefined,
  isHttps: boolean,
): ReadonlyMap<string, AttemptCookie> {
  const found = new Map<string, AttemptCookie>()
  const seen = new Set<string>()
  const prefix = prefixFor(isHttps)
  for (const pair of (header ?? '').split(';')) {
    const [name = '', value = ''] = splitOnce(pair.trim(), '=')
    if (!name.startsWith(prefix)) continue
    const key = name.slice(prefix.length)
    const [browserSecret = '', rest = ''] = splitOnce(value, '.')
    const fromList = rest.endsWith(LIST_MARK)
    const token = fromList ? rest.slice(0, -LIST_MARK.length) : rest
    if (seen.has(key)) found.delete(key)
    else if (KEY.test(key) && SECRET.test(browserSecret) && parseSessionToken(token) !== null)
      found.set(key, { browserSecret, token, fromList })
    seen.add(key)
  }
  return found
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
