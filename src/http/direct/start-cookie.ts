import type { Context } from '../../broker/context.ts'
import { limits } from '../../limits.ts'

/**
 * The cookie that binds the form of a page of ours to the browser that the page was shown in. One for each browser,
 * whatever number of pages it has open. Nothing is stored for it, and it says nothing about the person.
 */

const NAMES = { https: '__Host-sb-start', http: 'dev-sb-start' } as const
const SECRET = /^[A-Za-z0-9_-]{43}$/
const SECRET_BYTES = 32

const nameFor = (isHttps: boolean): string => (isHttps ? NAMES.https : NAMES.http)

/** 256 random bits. */
export const newStartSecret = ({ random }: Pick<Context, 'random'>): string =>
  Buffer.from(random(SECRET_BYTES)).toString('base64url')

/** `Lax`: people arrive from the application's site, and a post from another site does not bring it. */
export const setStartCookie = (secret: string, isHttps: boolean): string =>
  `${nameFor(isHttps)}=${secret}; Path=/; Max-Age=${limits.attemptLifetimeMs / 1000}; HttpOnly; SameSite=Lax${isHttps ? '; Secure' : ''}`

/** The browser's secret; null without one, or with several, because somebody put those there. */
export function readStartCookie(header: string | undefined, isHttps: boolean): string | null {
  const prefix = `${nameFor(isHttps)}=`
  const [value, ...more] = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length))
  return value !== undefined && more.length === 0 && SECRET.test(value) ? value : null
}
