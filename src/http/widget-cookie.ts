import type { Context } from '../broker/context.ts'
import type { Session } from '../model/session.ts'
import { parseSessionToken } from '../model/session-token.ts'

/**
 * The cookie that holds a session's token in place of the address bar. Its name has a keyed digest of the token, which
 * stands in the address instead: it opens nothing without the cookie, and two sessions in one browser stay apart.
 */

const PREFIXES = { https: '__Host-sb-list-', http: 'dev-sb-list-' } as const
const KEY = /^[A-Za-z0-9_-]{22}$/
const KEY_CHARACTERS = 22
/** Lists that one browser has open for different sessions. */
const COOKIES_PER_BROWSER = 5
/** How long after its session a list still says that it has expired. */
const KEPT_AFTER_SESSION_MS = 3_600_000

const prefixFor = (isHttps: boolean): string => (isHttps ? PREFIXES.https : PREFIXES.http)

const attributes = (isHttps: boolean, maxAgeSeconds: number): string =>
  `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${isHttps ? '; Secure' : ''}`

/** 132 bits of a keyed digest: nobody without the token can name the address. */
export const widgetKeyOf = ({ vault }: Pick<Context, 'vault'>, token: string): string =>
  vault.ofAny('form-token', JSON.stringify(['widget', token])).slice(0, KEY_CHARACTERS)

/** The `Set-Cookie` of a list. It outlives the session a little, so that a late reload hears what happened. */
export function setWidgetCookie(
  context: Pick<Context, 'vault' | 'now'>,
  token: string,
  { expiresAt }: Session,
  isHttps: boolean,
): string {
  const maxAge = Math.max(0, Math.ceil((expiresAt - context.now() + KEPT_AFTER_SESSION_MS) / 1000))
  return `${prefixFor(isHttps)}${widgetKeyOf(context, token)}=${token}; ${attributes(isHttps, maxAge)}`
}

/** The token of a list's key; null without the cookie, or with several of its name, because somebody put those there. */
export function readWidgetCookie(header: string | undefined, key: string, isHttps: boolean): string | null {
  if (!KEY.test(key)) return null
  const wanted = prefixFor(isHttps) + key
  const [token, ...more] = pairsOf(header, isHttps).flatMap(({ name, value }) =>
    name === wanted ? [value] : [],
  )
  return token !== undefined && more.length === 0 && parseSessionToken(token) !== null ? token : null
}

/** Whether a browser has as many lists as it keeps, and so may have dropped another. */
export const hasAllItKeeps = (header: string | undefined, isHttps: boolean): boolean =>
  pairsOf(header, isHttps).length >= COOKIES_PER_BROWSER

/** `Set-Cookie` lines that drop the oldest of too many. Browsers send the older first (RFC 6265 §5.4). */
export function dropOldWidgetCookies(
  header: string | undefined,
  key: string,
  isHttps: boolean,
): readonly string[] {
  const names = pairsOf(header, isHttps)
    .map(({ name }) => name)
    .filter((name) => name !== prefixFor(isHttps) + key)
  const surplus = names.length - (COOKIES_PER_BROWSER - 1)
  return names.slice(0, Math.max(0, surplus)).map((name) => `${name}=; ${attributes(isHttps, 0)}`)
}

function pairsOf(header: string | undefined, isHttps: boolean) {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefixFor(isHttps)))
    .map((pair) => {
      const at = pair.indexOf('=')
      return at === -1 ? { name: pair, value: '' } : { name: pair.slice(0, at), value: pair.slice(at + 1) }
    })
}
