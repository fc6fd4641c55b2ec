import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Person } from './people.ts'

/** A person's time on this screen, from choosing who they are to signing out. */
export interface SignIn {
  readonly person: Person
  /** Stands in every form; a form without it is refused. */
  readonly formToken: string
  readonly expiresAt: number
  /** How connects are bound to this sign-in: not at all, or by a check when the person is back. */
  readonly binding: 'auto' | 'confirm'
}

/** Who is signed in, by the browser's cookie. In memory: a restart signs everybody out. */
export interface SignIns {
  /** The sign-in of this browser, or null. */
  read(c: Context): SignIn | null
  /** Signs a person in, under a new cookie. */
  begin(c: Context, person: Person): void
  /** Chooses how connects are bound from now on, for the sign-in of this browser. */
  bind(c: Context, binding: SignIn['binding']): void
  /** Signs out. */
  end(c: Context): void
}

/** A day's work; nobody tries a demonstration longer. */
const LIFETIME_SECONDS = 8 * 60 * 60
/** Kept in memory; the oldest is dropped, so that a script cannot fill it. */
const SIGN_INS_MAX = 1_000

/** Makes the store of sign-ins. `isSecure`: the screen is served by https, so the cookie can be `__Host-`. */
export function createSignIns(context: {
  readonly now: () => number
  readonly random: (byteCount: number) => Uint8Array
  readonly isSecure: boolean
}): SignIns {
  const { now, random, isSecure } = context
  const name = isSecure ? '__Host-tidewell' : 'tidewell'
  const byId = new Map<string, SignIn>()
  const newId = () => Buffer.from(random(32)).toString('base64url')

  return Object.freeze({
    read(c) {
      const id = getCookie(c, name)
      const signIn = id === undefined ? undefined : byId.get(id)
      return signIn !== undefined && signIn.expiresAt > now() ? signIn : null
    },
    begin(c, person) {
      const old = getCookie(c, name)
      if (old !== undefined) byId.delete(old)
      const [oldest] = byId.keys()
      if (byId.size >= SIGN_INS_MAX && oldest !== undefined) byId.delete(oldest)
      const id = newId()
      const expiresAt = now() + LIFETIME_SECONDS * 1_000
      byId.set(id, Object.freeze({ person, formToken: newId(), expiresAt, binding: 'auto' }))
      // Lax, not Strict: the return from the vendor is a navigation that starts on another site.
      const attributes = { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: LIFETIME_SECONDS } as const
      setCookie(c, name, id, { ...attributes, secure: isSecure })
    },
    bind(c, binding) {
      const id = getCookie(c, name)
      const signIn = id === undefined ? undefined : byId.get(id)
      if (id !== undefined && signIn !== undefined) byId.set(id, Object.freeze({ ...signIn, binding }))
    },
    end(c) {
      const id = getCookie(c, name)
      if (id !== undefined) byId.delete(id)
      deleteCookie(c, name, { path: '/', secure: isSecure })
    },
  } satisfies SignIns)
}

/**
 * Whether a request was started on this very screen, so that no other page can make a signed-in browser act.
 * Browsers state it in `Sec-Fetch-Site`; for those that do not, `Origin` must be the screen's own.
 */
export function isFromOwnPage(request: Request, publicUrl: string): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  return request.headers.get('origin') === new URL(publicUrl).origin
}

/**
 * Whether a person opened this address: not another page, and not a browser that fetches ahead. A link that was
 * typed or opened from a bookmark counts, and so does a browser that does not say.
 */
export function isOpenedByPerson(request: Request): boolean {
  if (request.method !== 'GET') return false
  if (request.headers.has('sec-purpose') || request.headers.has('purpose')) return false
  const site = request.headers.get('sec-fetch-site')
  return site === null || site === 'same-origin' || site === 'none'
}
