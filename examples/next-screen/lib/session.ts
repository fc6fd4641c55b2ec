import 'server-only'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { cookies } from 'next/headers'
import { publicUrl } from '@/lib/springbar.ts'

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
const COOKIE = 'tidewell-next'
const isSecure = publicUrl.startsWith('https:')

const sign = (id: string): string => {
  const secret = process.env.SESSION_SECRET || (isSecure ? '' : 'to-try-it-on-this-machine')
  if (secret === '') throw new Error('Set SESSION_SECRET.')
  return createHmac('sha256', secret).update(id).digest('base64url')
}

/** Who is signed in, or null. */
export async function readPerson(): Promise<Person | null> {
  const [id = '', signature = ''] = ((await cookies()).get(COOKIE)?.value ?? '').split('.')
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(id))]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return PEOPLE.find((person) => person.id === id) ?? null
}

/** Signs somebody in, or out with null. For actions alone: pages cannot set cookies. */
export async function keepPerson(person: Person | null): Promise<void> {
  const jar = await cookies()
  if (person === null) jar.delete(COOKIE)
  else
    jar.set(COOKIE, `${person.id}.${sign(person.id)}`, {
      httpOnly: true,
      // Not strict: the way back from a vendor is a navigation that starts on another site.
      sameSite: 'lax',
      secure: isSecure,
    })
}
