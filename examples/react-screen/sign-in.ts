import { createHmac, timingSafeEqual } from 'node:crypto'

/** Somebody who uses Tidewell. */
export interface Person {
  readonly id: string
  readonly name: string
  /** How Springbar knows them: an alias of ours, hard to guess and without a name in it. Keep it beside their account. */
  readonly partnerUserId: string
}

/** Two people to try it with. There is no password: this stands for the log-in that your application has. */
export const PEOPLE: readonly Person[] = [
  { id: 'mara', name: 'Mara Lindqvist', partnerUserId: 'tidewell-5d0c7e1f4a8b4b0e9c63d2f7a1e85b90' },
  { id: 'jonas', name: 'Jonas Okafor', partnerUserId: 'tidewell-c2f94b6d0e7348a1b5de83f06a9c1742' },
]

/** Cookies of one host reach every port, and other examples run beside this one. */
const COOKIE = 'tidewell-react'

const sign = (id: string, secret: string): string =>
  createHmac('sha256', secret).update(id).digest('base64url')

/** The `Set-Cookie` header that signs a person in; with null the one that signs out. */
export function cookieFor(
  person: Person | null,
  { secret, isSecure }: { secret: string; isSecure: boolean },
): string {
  // Lax, not Strict: the way back from a vendor is a navigation that starts on another site.
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  return person === null
    ? `${COOKIE}=; Max-Age=0; ${attributes}`
    : `${COOKIE}=${person.id}.${sign(person.id, secret)}; ${attributes}`
}

/** Who is signed in, by the request's `Cookie` header; or null. */
export function readPerson(cookies: string | undefined, secret: string): Person | null {
  const [, id = '', signature = ''] =
    new RegExp(`(?:^|; )${COOKIE}=(\\w+)\\.([\\w-]+)`).exec(cookies ?? '') ?? []
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(id, secret))]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return PEOPLE.find((person) => person.id === id) ?? null
}
