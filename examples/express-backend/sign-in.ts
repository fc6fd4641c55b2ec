import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CookieOptions, Request } from 'express'

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

/** The cookie's name. Cookies of one host reach every port, and other examples run beside this one. */
export const COOKIE = 'tidewell-express'

/** Lax, not Strict: the way back from a vendor is a navigation that starts on another site. */
export const cookieOptions = (publicUrl: string): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: publicUrl.startsWith('https:'),
})

const sign = (id: string, secret: string): string =>
  createHmac('sha256', secret).update(id).digest('base64url')

/** The cookie's value for a person. */
export const cookieFor = ({ id }: Person, secret: string): string => `${id}.${sign(id, secret)}`

/** Who is signed in, or null. */
export function readPerson({ headers }: Request, secret: string): Person | null {
  const [, id = '', signature = ''] =
    new RegExp(`(?:^|; )${COOKIE}=(\\w+)\\.([\\w-]+)`).exec(headers.cookie ?? '') ?? []
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(id, secret))]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return PEOPLE.find((person) => person.id === id) ?? null
}
