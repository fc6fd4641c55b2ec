import { Hono } from 'hono'
import { createCalls } from './calls.ts'
import { createClock } from './clock.ts'
import { createControl, type SandboxControl } from './control/control.ts'
import { addControlApi } from './control/control-api.ts'
import { addLibreLinkUp, LOG_IN_VENDORS } from './credentials/libre-link-up.ts'
import { createCodes } from './engine/codes.ts'
import { createGrants } from './engine/grants.ts'
import { createMarks } from './engine/marks.ts'
import { createNonces } from './engine/nonces.ts'
import { createTokens } from './engine/tokens.ts'
import { createEventDesk } from './events/event-desk.ts'
import type { SandboxFetch } from './events/outbox.ts'
import { createFaults } from './faults/faults.ts'
import { createCallHandler, type SandboxBindings } from './handle-call.ts'
import { createOAuth1Handler } from './oauth1/handle-oauth1-call.ts'
import { createOAuth1State } from './oauth1/oauth1-state.ts'
import type { OAuth1Vendor } from './oauth1/oauth1-vendor.ts'
import { OAUTH1_VENDORS } from './oauth1/vendors.ts'
import { addPages } from './pages/add-pages.ts'
import { addPhone, type PhoneOptions } from './phone/phone.ts'
import { createRandomText } from './random-text.ts'
import { createSwitchBoard } from './switches/switch-board.ts'
import type { SandboxClient, Switches, Vendor } from './vendor.ts'
import { VENDORS } from './vendors/index.ts'
import type { World } from './world.ts'

/** What a sandbox is made of. Time and chance come from outside, so that a test can repeat everything. */
export interface SandboxOptions {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** That many random bytes. */
  readonly random: (byteLength: number) => Uint8Array
  /** The registrations at the vendors. */
  readonly clients: readonly SandboxClient[]
  /** Origin for the examples on the home page; that of the request when missing. */
  readonly publicOrigin?: string
  /** Changed switches to begin with, by vendor key. The try-out sets `allowLocalhost` for Withings. */
  readonly switches?: Readonly<Record<string, Partial<Switches>>>
  /** The vendors to play; all of them when missing. */
  readonly vendors?: readonly Vendor[]
  /** The vendors with OAuth 1.0a to play; all of them when missing. */
  readonly oauth1Vendors?: readonly OAuth1Vendor[]
  /** Sends notifications; the platform's `fetch` when missing. */
  readonly fetch?: SandboxFetch
  /** Origins, beside this machine, that notifications may be sent to. */
  readonly notificationOrigins?: readonly string[]
  /** The service that the sandbox's phone is paired with; no phone when missing. */
  readonly phone?: PhoneOptions
  /** Waits, and stops waiting when the signal aborts. Real timers when missing. */
  readonly delay?: (delayMs: number, signal: AbortSignal) => Promise<void>
}

/** A sandbox: an app for web-standard requests, and what is behind it. */
export interface Sandbox {
  readonly app: Hono<{ Bindings: SandboxBindings }>
  readonly control: SandboxControl
  /** Lets go of every call that waits. */
  readonly close: () => void
}

function waitWithTimer(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, delayMs)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}

function checkClients(vendors: readonly Pick<Vendor, 'key'>[], clients: readonly SandboxClient[]) {
  for (const client of clients) {
    if (!vendors.some((vendor) => vendor.key === client.vendor)) {
      throw new RangeError(
        `The client "${client.clientId}" belongs to "${client.vendor}", which is not played here.`,
      )
    }
  }
}

function createWorld(options: SandboxOptions, closing: AbortSignal): World {
  const vendors = options.vendors ?? VENDORS
  const oauth1Vendors = options.oauth1Vendors ?? OAUTH1_VENDORS
  checkClients([...vendors, ...oauth1Vendors], options.clients)
  const clients = [...options.clients]
  const clock = createClock(options.now)
  const text = createRandomText(options.random)
  const grants = createGrants(clock, text)
  const switches = createSwitchBoard(options.switches ?? {})
  const events = createEventDesk({
    clock,
    text,
    switches,
    clients,
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    allowedOrigins: options.notificationOrigins ?? [],
    closing,
  })
  return Object.freeze({
    vendors,
    oauth1Vendors,
    logInVendors: LOG_IN_VENDORS,
    clients,
    registerClient: (client: SandboxClient) => {
      const at = clients.findIndex((one) => one.vendor === client.vendor && one.clientId === client.clientId)
      if (at === -1) clients.push(client)
      else clients[at] = client
    },
    forgetRegisteredClients: () => void clients.splice(0, clients.length, ...options.clients),
    clock,
    text,
    grants,
    switches,
    events,
    marks: createMarks(),
    codes: createCodes(),
    tokens: createTokens(clock, grants),
    nonces: createNonces(clock),
    oauth1: createOAuth1State(),
    faults: createFaults(text),
    calls: createCalls(clock),
    delay: options.delay ?? waitWithTimer,
    closing,
  })
}

/**
 * Builds a sandbox that plays the vendors below their real host names: `https://HOST/PATH` is answered at `/HOST/PATH`.
 * Throws a RangeError for a client of a vendor that is not played.
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const closing = new AbortController()
  const world = createWorld(options, closing.signal)
  const app = new Hono<{ Bindings: SandboxBindings }>()
  const control = createControl(world, app)
  addPages(app, world, { publicOrigin: options.publicOrigin, hasPhone: options.phone !== undefined })
  addControlApi(app, control, world)
  addLibreLinkUp(app, world)
  if (options.phone !== undefined)
    addPhone(app, options.phone, {
      text: world.text,
      fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    })
  app.use('*', createOAuth1Handler(world, options.publicOrigin))
  app.all('*', createCallHandler(world))
  return Object.freeze({ app, control, close: () => closing.abort() })
}
