import type { Hono } from 'hono'
import type { CallFilter, RecordedCall } from '../calls.ts'
import type { Grant } from '../engine/grants.ts'
import type { Token, TokenState } from '../engine/tokens.ts'
import type { Delivery } from '../events/deliveries.ts'
import type { Registration } from '../events/event-desk.ts'
import type { Concerned } from '../events/write-event.ts'
import { type FaultOrder, faultOrderSchema } from '../faults/fault.ts'
import type { WaitingFault } from '../faults/faults.ts'
import type { SandboxBindings } from '../handle-call.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import { ownSwitches, requireOwn } from '../switches/applies.ts'
import type { AnyVendor, EventKind, SandboxClient, Switches, Vendor } from '../vendor.ts'
import { everyVendor, type World } from '../world.ts'
import { backToNormal, pressButton } from './buttons.ts'
import { changePermissions, deleteAccount, endRefreshTokens, revokeGrant } from './person.ts'

/** What a person does on the consent page. Left out: the first account, every scope, no trouble. */
export interface ConsentChoice {
  readonly decision?: 'allow' | 'cancel'
  /** Key of a demo account. */
  readonly account?: string
  readonly scopes?: readonly string[]
  /** Key of one of the troubles on the page. */
  readonly trouble?: string
  readonly cancelDescription?: 'vendor' | 'with' | 'without'
}

/** Where the consent page sent the browser. */
export interface ConsentOutcome {
  readonly status: number
  /** Null when the person stays on a page of the vendor. */
  readonly location: string | null
}

/** A token as the vendor sees it. */
export interface TokenView extends Pick<Token, 'vendor' | 'kind' | 'clientId' | 'grantId' | 'scopes'> {
  readonly state: TokenState
}

/** Something that a vendor tells by itself. */
export interface EventOrder {
  readonly vendor: string
  readonly kind: EventKind
  /** Keys of the people concerned, each with the latest grant; everybody with a living grant when missing. */
  readonly accounts?: readonly string[] | undefined
  /** Whether it also concerns a person whom nobody connected. */
  readonly unknownPerson?: boolean | undefined
}

/** The sandbox from behind: what tests see and set. The HTTP control API offers the same. */
export interface SandboxControl {
  readonly calls: (filter?: CallFilter) => readonly RecordedCall[]
  readonly clearCalls: () => void
  /** Throws a ZodError for an order that is malformed, a RangeError for an unknown vendor or too many faults. */
  readonly addFault: (order: FaultOrder) => WaitingFault
  readonly faults: () => readonly WaitingFault[]
  readonly clearFaults: () => void
  /** All grants, ended ones too, oldest first. */
  readonly grants: () => readonly Grant[]
  /** The person removes the application at the vendor, which tells it. False when there was nothing to remove. */
  readonly revokeGrant: (id: string) => boolean
  /** The person deletes the account: every grant ends. Gives how many did. */
  readonly deleteAccount: (vendor: string, account: string) => number
  /** The person allows something else from now on. Unknown scopes are left out. False when there is no such living grant. */
  readonly changePermissions: (id: string, scopes: readonly string[]) => boolean
  /** The refresh tokens of a grant stop working, without a reason. */
  readonly endRefreshTokens: (id: string) => boolean
  /** Tries a notification URL as the vendor does and keeps it. Throws a RangeError for a target that is not allowed. */
  readonly registerNotifications: (
    vendor: string,
    registration: Registration,
  ) => Promise<{ readonly accepted: boolean; readonly subscriptionId: string; readonly secret: string }>
  readonly forgetNotifications: (vendor: string) => void
  /** Tells an event, or holds it where the switch `events` says so. Resolves with what was sent or held. */
  readonly tellEvent: (order: EventOrder) => Promise<readonly Delivery[]>
  readonly releaseEvents: (order?: 'in-order' | 'reversed') => Promise<readonly Delivery[]>
  readonly deliveries: () => readonly Delivery[]
  /** Resolves when nothing is being sent any more. */
  readonly idle: () => Promise<void>
  /** Presses one of the buttons of the vendor's page. */
  readonly press: (vendor: string, button: string, account?: string) => Promise<void>
  /** One vendor back to normal: its switches as they were, its faults gone. */
  readonly backToNormal: (vendor: string) => void
  /** What the vendor knows about a token; null when it never gave it out. */
  readonly token: (value: string) => TokenView | null
  /** Epoch milliseconds of the sandbox's clock. */
  readonly nowMs: () => number
  /** Moves the clock forward. Throws a RangeError for a step that is negative or too far. */
  readonly advance: (byMs: number) => void
  readonly switches: (vendor: string) => Switches
  readonly clients: () => readonly SandboxClient[]
  /** Registers a client at a vendor, or replaces it. Throws a RangeError for an unknown vendor or too many clients. */
  readonly addClient: (client: SandboxClient) => void
  /** Throws a RangeError for a switch that does nothing at this vendor, with the reason. */
  readonly setSwitches: (vendor: string, change: Partial<Switches>) => Switches
  /** The switches that do something at this vendor, with their values. */
  readonly ownSwitches: (vendor: string) => Partial<Switches>
  /** Plays the person on the consent page of an authorization URL, the vendor's real one or the sandbox's. */
  readonly consent: (authorizationUrl: string, choice?: ConsentChoice) => Promise<ConsentOutcome>
  /** Back to the start: no grants, tokens, faults or calls, the clock and the switches as they were. */
  readonly reset: () => void
}

/** The vendor with this key. Throws a RangeError when it is not played. */
function vendorOf(world: World, key: string): Vendor {
  const vendor = world.vendors.find((candidate) => candidate.key === key)
  if (!vendor) throw new RangeError(`The sandbox does not play a vendor "${key}".`)
  return vendor
}

/** The vendor with this key, whatever it speaks. Throws a RangeError when it is not played. */
function anyVendorOf(world: World, key: string): AnyVendor {
  return everyVendor(world).find((candidate) => candidate.key === key) ?? vendorOf(world, key)
}

function addFault(world: World, order: FaultOrder): WaitingFault {
  const checked = faultOrderSchema.parse(order)
  anyVendorOf(world, checked.vendor)
  if (world.faults.list().length >= SANDBOX_LIMITS.faults)
    throw new RangeError('Too many faults wait already.')
  return world.faults.add(checked)
}

function addClient(world: World, client: SandboxClient) {
  anyVendorOf(world, client.vendor)
  if (world.clients.length >= SANDBOX_LIMITS.clients)
    throw new RangeError('There are too many clients already.')
  world.registerClient(client)
}

function viewToken(world: World, value: string): TokenView | null {
  const token = world.tokens.find(value)
  if (!token) return null
  const { vendor, kind, clientId, grantId, scopes } = token
  return { vendor, kind, clientId, grantId, scopes, state: world.tokens.state(value) }
}

/** Every vendor's consent page, whatever its protocol. */
const consentPages = (world: World) => [
  ...world.vendors.map(({ authorization: { urls }, accounts, scopes }) => ({ urls, accounts, scopes })),
  ...world.oauth1Vendors.map(({ authorizationUrl, accounts, scopes }) => ({
    urls: [authorizationUrl],
    accounts,
    scopes,
  })),
]

/** The sandbox's path of a vendor URL: its host becomes the first segment, unless it is there already. */
function pathOf(world: World, authorizationUrl: string): string {
  const url = new URL(authorizationUrl)
  const known = consentPages(world).some((page) => page.urls.includes(url.pathname.slice(1)))
  return known ? `${url.pathname}${url.search}` : `/${url.host}${url.pathname}${url.search}`
}

async function consent(
  world: World,
  app: Hono<{ Bindings: SandboxBindings }>,
  authorizationUrl: string,
  choice: ConsentChoice,
): Promise<ConsentOutcome> {
  const path = pathOf(world, authorizationUrl)
  const vendor = consentPages(world).find(({ urls }) => urls.some((url) => path.startsWith(`/${url}?`)))
  const form = new URLSearchParams({
    decision: choice.decision ?? 'allow',
    account: choice.account ?? vendor?.accounts[0]?.key ?? '',
    trouble: choice.trouble ?? 'none',
    cancelDescription: choice.cancelDescription ?? 'vendor',
  })
  const scopes = choice.scopes ?? vendor?.scopes.map((scope) => scope.value) ?? []
  for (const scope of scopes) form.append('scope', scope)
  const response = await app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
  return { status: response.status, location: response.headers.get('location') }
}

/** Whom an event is about. */
function concernedBy(world: World, order: EventOrder): readonly Concerned[] {
  const grants = world.grants.list().filter((grant) => grant.vendor === order.vendor)
  const accounts = order.accounts ?? grants.filter((grant) => !grant.ended).map((grant) => grant.account)
  const latest = [...new Set(accounts)].flatMap(
    (account) => grants.findLast((grant) => grant.account === account) ?? [],
  )
  return order.unknownPerson ? [...latest, null] : latest
}

function reset(world: World) {
  const { codes, grants, tokens, nonces, oauth1, faults, calls, marks, events } = world
  for (const store of [codes, grants, tokens, nonces, oauth1, faults, calls, marks, events]) store.clear()
  world.switches.reset()
  world.clock.reset()
  world.forgetRegisteredClients()
}

/** Builds the control of a sandbox. */
export function createControl(world: World, app: Hono<{ Bindings: SandboxBindings }>): SandboxControl {
  return Object.freeze({
    calls: world.calls.list,
    clearCalls: world.calls.clear,
    addFault: (order: FaultOrder) => addFault(world, order),
    faults: world.faults.list,
    clearFaults: world.faults.clear,
    grants: world.grants.list,
    revokeGrant: (id: string) => revokeGrant(world, id),
    deleteAccount: (vendor: string, account: string) =>
      deleteAccount(world, anyVendorOf(world, vendor), account),
    changePermissions: (id: string, scopes: readonly string[]) => changePermissions(world, id, scopes),
    endRefreshTokens: (id: string) => endRefreshTokens(world, id),
    registerNotifications: async (vendor: string, registration: Registration) => {
      const { accepted, target } = await world.events.register(vendorOf(world, vendor), registration)
      return { accepted, subscriptionId: target.subscriptionId, secret: target.secret }
    },
    forgetNotifications: (vendor: string) => world.events.forgetTargets(vendorOf(world, vendor)),
    tellEvent: (order: EventOrder) =>
      world.events.tell(vendorOf(world, order.vendor), order.kind, concernedBy(world, order)),
    releaseEvents: (order: 'in-order' | 'reversed' = 'in-order') => world.events.release(order),
    deliveries: world.events.deliveries,
    idle: world.events.idle,
    press: (vendor: string, button: string, account?: string) =>
      pressButton(world, anyVendorOf(world, vendor), button, account),
    backToNormal: (vendor: string) => backToNormal(world, anyVendorOf(world, vendor)),
    token: (value: string) => viewToken(world, value),
    nowMs: world.clock.nowMs,
    advance: (byMs: number) => {
      if (!(byMs >= 0 && byMs <= SANDBOX_LIMITS.clockStepMs))
        throw new RangeError('The step is out of range.')
      world.clock.advance(byMs)
    },
    switches: (vendor: string) => world.switches.of(anyVendorOf(world, vendor)),
    clients: () => world.clients,
    addClient: (client: SandboxClient) => addClient(world, client),
    setSwitches: (key: string, change: Partial<Switches>) => {
      const vendor = anyVendorOf(world, key)
      requireOwn(world, vendor, change)
      return world.switches.change(vendor, change)
    },
    ownSwitches: (key: string) => ownSwitches(world, anyVendorOf(world, key)),
    consent: (authorizationUrl: string, choice: ConsentChoice = {}) =>
      consent(world, app, authorizationUrl, choice),
    reset: () => reset(world),
  })
}
