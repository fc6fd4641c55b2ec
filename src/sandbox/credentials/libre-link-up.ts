/**
 * A double of LibreLinkUp's log-in, as open clients describe it (docs/sources/notes/freestyle-libre.md).
 *
 * @module sandbox/credentials — owns vendors that have no consent page and take a person's own log-in. What happens is
 * decided by the account, so that a person can try each end on the form itself.
 */
import { createHash } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { createBoundedMap } from '../bounded-map.ts'
import type { SandboxClock } from '../clock.ts'
import type { SandboxBindings } from '../handle-call.ts'
import { readBody } from '../handle-call.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'

/** The password of every account. */
export const LIBRE_PASSWORD = 'sandbox'

/** Accounts with an end of their own. Every other name at `example.com` just logs in. */
export const LIBRE_ACCOUNTS = Object.freeze({
  'terms@example.com': 'New terms of use wait to be accepted',
  'privacy@example.com': 'A new privacy policy waits to be accepted',
  'mfa@example.com': 'A code is asked for',
  'locked@example.com': 'The account is locked',
  'down@example.com': 'The service is down',
  'odd@example.com': 'The answer is a page, not JSON',
  'lost@example.com': 'The region sends the account on, again and again',
})

/** The region in which all accounts live. */
const REGION = 'eu'
const TICKET_DAYS = 180
const DAY_SECONDS = 86_400
/** As the vendor does it: three failures within a minute lock an account for five. */
const LOCK = Object.freeze({ failures: 3, intervalSeconds: 60, lockSeconds: 300 })

interface Failures {
  readonly at: readonly number[]
  readonly lockedUntil: number
}

/** Answers the vendor's log-in at its global host and in its regions. */
export function addLibreLinkUp(app: Hono<{ Bindings: SandboxBindings }>, clock: SandboxClock): void {
  const failures = createBoundedMap<Failures>(SANDBOX_LIMITS.grants)
  const answer = async (c: Context, region: string | null): Promise<Response> => {
    // Without these two the real one answers 403 (since 2025-10-08 for versions below 4.16).
    if (!c.req.header('product') || !isRecent(c.req.header('version') ?? ''))
      return c.json({ message: 'Forbidden' }, 403)
    const sent = readCredentials(await readBody(c.req.raw, SANDBOX_LIMITS.bodyBytes))
    if (sent === null) return c.json({ status: 1, error: { message: 'badRequest' } }, 400)
    const { email, password } = sent
    if (email === 'down@example.com') return c.text('Service Unavailable', 503)
    if (email === 'odd@example.com') return c.html('<!doctype html><title>Maintenance</title>')
    if (region === null) return c.json({ status: 0, data: { redirect: true, region: REGION } })
    if (email === 'lost@example.com') return c.json({ status: 0, data: { redirect: true, region: 'us' } })
    if (region !== REGION) return c.json({ status: 911 })
    return logIn(c, { email, password, now: clock.nowMs(), failures })
  }
  app.post('/api.libreview.io/llu/auth/login', (c) => answer(c, null))
  app.post('/:host{api-[a-z0-9]+\\.libreview\\.io}/llu/auth/login', (c) =>
    answer(c, /^api-([a-z0-9]+)\./.exec(c.req.param('host'))?.[1] ?? ''),
  )
}

function logIn(
  c: Context,
  {
    email,
    password,
    now,
    failures,
  }: {
    readonly email: string
    readonly password: string
    readonly now: number
    readonly failures: ReturnType<typeof createBoundedMap<Failures>>
  },
): Response {
  const before = failures.get(email) ?? { at: [], lockedUntil: 0 }
  if (email === 'locked@example.com' || now < before.lockedUntil) return c.json(LOCKED)
  if (!email.endsWith('@example.com') || password !== LIBRE_PASSWORD) {
    const at = [...before.at.filter((one) => now - one < LOCK.intervalSeconds * 1000), now]
    const isLocked = at.length >= LOCK.failures
    failures.set(email, { at: isLocked ? [] : at, lockedUntil: isLocked ? now + LOCK.lockSeconds * 1000 : 0 })
    return c.json({ status: 2, error: { message: 'notAuthenticated' } })
  }
  failures.set(email, { at: [], lockedUntil: 0 })
  const type = STEPS[email]
  const user = { id: accountIdOf(email), country: 'DE', accountType: 'pat' }
  const expires = Math.floor(now / 1000)
  if (type !== undefined)
    return c.json({
      status: 4,
      data: {
        step: { type, componentName: type === 'sendCode' ? 'EnterCode' : 'AcceptDocument' },
        user: { country: user.country, accountType: user.accountType },
        authTicket: { token: tokenFor(email, now), expires: expires + 3_600, duration: 3_600_000 },
      },
    })
  return c.json({
    status: 0,
    data: {
      user,
      authTicket: {
        token: tokenFor(email, now),
        expires: expires + TICKET_DAYS * DAY_SECONDS,
        duration: TICKET_DAYS * DAY_SECONDS * 1000,
      },
    },
  })
}

const LOCKED = Object.freeze({
  status: 429,
  data: {
    code: 60,
    data: { failures: LOCK.failures, interval: LOCK.intervalSeconds, lockout: LOCK.lockSeconds },
    message: 'locked',
  },
})

/** The step that waits, by account. The name of the last one is ours: the vendor's is not known. */
const STEPS: Readonly<Record<string, string>> = Object.freeze({
  'terms@example.com': 'tou',
  'privacy@example.com': 'pp',
  'mfa@example.com': 'sendCode',
})

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The account's id, a UUID as the vendor's are. */
const accountIdOf = (email: string): string =>
  digest(`libre account ${email}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')

/** Looks like the vendor's: three parts with dots between. Another one at each log-in. */
const tokenFor = (email: string, now: number): string => {
  const part = (text: string) => Buffer.from(digest(text)).toString('base64url').slice(0, 40)
  return `eyJhbGciOiJIUzI1NiJ9.${part(`libre payload ${email} ${now}`)}.${part(`libre signature ${email} ${now}`)}`
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 4 || (major === 4 && minor >= 16)
}

function readCredentials(body: string | null): { readonly email: string; readonly password: string } | null {
  try {
    const { email, password }: Record<string, unknown> = Object(JSON.parse(body ?? ''))
    return typeof email === 'string' && typeof password === 'string'
      ? { email: email.toLowerCase(), password }
      : null
  } catch {
    return null
  }
}
