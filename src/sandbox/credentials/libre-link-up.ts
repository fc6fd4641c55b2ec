/**
 * A double of LibreLinkUp's log-in, as open clients describe it (docs/sources/notes/freestyle-libre.md).
 *
 * @module sandbox/credentials — owns vendors that have no consent page and take a person's own log-in. What happens is
 * decided by the account, so that a person can try each end on the form itself.
 */
import { createHash } from 'node:crypto'
import type { Hono } from 'hono'
import { createBoundedMap } from '../bounded-map.ts'
import { toResponse } from '../engine/answer.ts'
import { applyFault } from '../faults/apply-fault.ts'
import { conditionFault } from '../faults/condition.ts'
import { readRequest, type SandboxBindings, type SandboxContext } from '../handle-call.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { Answer, AnyVendor, Switches } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { LIBRE_PASSWORD } from './libre-accounts.ts'

export { LIBRE_ACCOUNTS, LIBRE_PASSWORD } from './libre-accounts.ts'

/** The vendor of the log-in: it has no consent page, so no client, scopes or people with grants. */
const LIBRE_LINK_UP: AnyVendor = Object.freeze({
  key: 'freestyle-libre',
  name: 'LibreLinkUp',
  documentation: {
    url: 'https://github.com/timoschlueter/nightscout-librelink-up',
    checkedOn: '2026-11-22',
    doubts: [
      'Not documented by the vendor: all of it is what open clients have found out.',
      'The name of the step that asks for a code is not known; it is ours here.',
    ],
  },
  accounts: [],
  scopes: [],
  refusals: { default: { status: 401, body: { message: 'notAuthenticated' } } },
  switches: {},
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

/** Every vendor with a log-in of the person's own that the sandbox plays. */
export const LOG_IN_VENDORS: readonly AnyVendor[] = Object.freeze([LIBRE_LINK_UP])

type FailuresOf = ReturnType<typeof createBoundedMap<Failures>>

/** Answers the vendor's log-in at its global host and in its regions. */
export function addLibreLinkUp(app: Hono<{ Bindings: SandboxBindings }>, world: World): void {
  const failures = createBoundedMap<Failures>(SANDBOX_LIMITS.grants)
  const answer = async (c: SandboxContext, region: string | null): Promise<Response> => {
    const request = await readRequest(c, new URL(c.req.url), {})
    if (typeof request === 'number') return new Response(null, { status: request })
    const number = world.calls.begin(LIBRE_LINK_UP.key, 'log_in', request)
    const fault =
      world.faults.take(LIBRE_LINK_UP.key, 'log_in', null) ?? conditionFault(world, LIBRE_LINK_UP, 'log_in')
    const carryOut = async () => answerLogIn(world, request, region, failures)
    const { resetConnection } = c.env ?? {} // a call within the process has no bindings at all
    const response = fault
      ? await applyFault(fault, { world, vendor: LIBRE_LINK_UP, request, carryOut, resetConnection })
      : toResponse(await carryOut())
    world.calls.end(number, response.status, fault?.fault.kind ?? null)
    return response
  }
  app.post('/api.libreview.io/llu/auth/login', (c) => answer(c, null))
  app.post('/:host{api-[a-z0-9]+\\.libreview\\.io}/llu/auth/login', (c) =>
    answer(c, /^api-([a-z0-9]+)\./.exec(c.req.param('host'))?.[1] ?? ''),
  )
}

const json = (body: Answer['body'], status = 200): Answer => ({ status, body })

function answerLogIn(
  world: World,
  request: VendorRequest,
  region: string | null,
  failures: FailuresOf,
): Answer {
  // Without these two the real one answers 403 (since 2025-10-08 for versions below 4.16).
  if (!request.header('product') || !isRecent(request.header('version') ?? ''))
    return json({ message: 'Forbidden' }, 403)
  const [email, password] = [request.form.get('email')?.toLowerCase(), request.form.get('password')]
  if (request.bodyFormat !== 'json' || email === undefined || password === null)
    return json({ status: 1, error: { message: 'badRequest' } }, 400)
  if (email === 'down@example.com') return { status: 503, body: null, text: 'Service Unavailable' }
  if (email === 'odd@example.com')
    return { status: 200, body: null, html: '<!doctype html><title>Maintenance</title>' }
  const { logIn: switched } = world.switches.of(LIBRE_LINK_UP)
  if (region === null)
    return json({
      status: 0,
      data: { redirect: true, region: switched === 'odd-region' ? 'eu.evil' : REGION },
    })
  if (email === 'lost@example.com' || switched === 'endless-regions')
    return json({ status: 0, data: { redirect: true, region: 'us' } })
  if (region !== REGION) return json({ status: 911 })
  return logIn({ email, password, now: world.clock.nowMs(), failures, switched })
}

function logIn({
  email,
  password,
  now,
  failures,
  switched,
}: {
  readonly email: string
  readonly password: string
  readonly now: number
  readonly failures: FailuresOf
  readonly switched: Switches['logIn']
}): Answer {
  const before = failures.get(email) ?? { at: [], lockedUntil: 0 }
  if (email === 'locked@example.com' || switched === 'locked' || now < before.lockedUntil) return json(LOCKED)
  if (switched === 'wrong-password') return json(WRONG)
  if (switched === 'unknown-status') return json({ status: 77 })
  if (!email.endsWith('@example.com') || password !== LIBRE_PASSWORD) {
    const at = [...before.at.filter((one) => now - one < LOCK.intervalSeconds * 1000), now]
    const isLocked = at.length >= LOCK.failures
    failures.set(email, { at: isLocked ? [] : at, lockedUntil: isLocked ? now + LOCK.lockSeconds * 1000 : 0 })
    return json(WRONG)
  }
  failures.set(email, { at: [], lockedUntil: 0 })
  const type = STEP_OF_SWITCH[switched] ?? STEPS[email]
  const user = { id: accountIdOf(email), country: 'DE', accountType: 'pat' }
  const expires = Math.floor(now / 1000)
  if (type !== undefined)
    return json({
      status: 4,
      data: {
        step: { type, componentName: type === 'sendCode' ? 'EnterCode' : 'AcceptDocument' },
        user: { country: user.country, accountType: user.accountType },
        authTicket: { token: tokenFor(email, now), expires: expires + 3_600, duration: 3_600_000 },
      },
    })
  return json({
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

const WRONG = Object.freeze({ status: 2, error: { message: 'notAuthenticated' } })

/** The steps that wait for everybody, by switch. */
const STEP_OF_SWITCH: Readonly<Partial<Record<Switches['logIn'], string>>> = Object.freeze({
  terms: 'tou',
  privacy: 'pp',
  'extra-step': 'sendCode',
})

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
