import type { Hono } from 'hono'
import type { CallFilter, RecordedCall } from '../calls.ts'
import type { Grant } from '../engine/grants.ts'
import type { Token, TokenState } from '../engine/tokens.ts'
import { type FaultOrder, faultOrderSchema } from '../faults/fault.ts'
import type { WaitingFault } from '../faults/faults.ts'
import type { SandboxBindings } from '../handle-call.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { Switches, Vendor } from '../vendor.ts'
import type { World } from '../world.ts'

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
  /** The person removes the application at the vendor. False when there was nothing to remove. */
  readonly revokeGrant: (id: string) => boolean
  /** What the vendor knows about a token; null when it never gave it out. */
  readonly token: (value: string) => TokenView | null
  /** Epoch milliseconds of the sandbox's clock. */
  readonly nowMs: () => number
  /** Moves the clock forward. Throws a RangeError for a step that is negative or too far. */
  readonly advance: (byMs: number) => void
  readonly switches: (vendor: string) => Switches
  readonly setSwitches: (vendor: string, change: Partial<Switches>) => Switches
  /** Plays the person on the consent page of an authorization URL, the vendor's real one or the sandbox's. */
  readonly consent: (authorizationUrl: string, choice?: ConsentChoice) => Promise<ConsentOutcome>
  /** Back to the start: no grants, tokens, faults or calls, the clock and the switches as they were. */
  readonly reset: () => void
}

function vendorOf(world: World, key: string): Vendor {
  const vendor = world.vendors.find((candidate) => candidate.key === key)
  if (!vendor) throw new RangeError(`The sandbox does not play a vendor "${key}".`)
  return vendor
}

function addFault(world: World, order: FaultOrder): WaitingFault {
  const checked = faultOrderSchema.parse(order)
  if (!world.oauth1Vendors.some(({ key }) => key === checked.vendor)) vendorOf(world, checked.vendor)
  if (world.faults.list().length >= SANDBOX_LIMITS.faults)
    throw new RangeError('Too many faults wait already.')
  return world.faults.add(checked)
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

function reset(world: World) {
  const { codes, grants, tokens, nonces, oauth1, faults, calls } = world
  for (const store of [codes, grants, tokens, nonces, oauth1, faults, calls]) store.clear()
  world.switches.reset()
  world.clock.reset()
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
    revokeGrant: (id: string) => world.grants.end(id, 'person'),
    token: (value: string) => viewToken(world, value),
    nowMs: world.clock.nowMs,
    advance: (byMs: number) => {
      if (!(byMs >= 0 && byMs <= SANDBOX_LIMITS.clockStepMs))
        throw new RangeError('The step is out of range.')
      world.clock.advance(byMs)
    },
    switches: (vendor: string) => world.switches.of(vendorOf(world, vendor)),
    setSwitches: (vendor: string, change: Partial<Switches>) =>
      world.switches.change(vendorOf(world, vendor), change),
    consent: (authorizationUrl: string, choice: ConsentChoice = {}) =>
      consent(world, app, authorizationUrl, choice),
    reset: () => reset(world),
  })
}
