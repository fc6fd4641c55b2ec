import type { Calls } from './calls.ts'
import type { SandboxClock } from './clock.ts'
import type { Codes } from './engine/codes.ts'
import type { Grants } from './engine/grants.ts'
import type { Marks } from './engine/marks.ts'
import type { Nonces } from './engine/nonces.ts'
import type { Tokens } from './engine/tokens.ts'
import type { EventDesk } from './events/event-desk.ts'
import type { Faults } from './faults/faults.ts'
import type { OAuth1State } from './oauth1/oauth1-state.ts'
import type { OAuth1Vendor } from './oauth1/oauth1-vendor.ts'
import type { RandomText } from './random-text.ts'
import type { SwitchBoard } from './switches/switch-board.ts'
import type { AnyVendor, SandboxClient, Vendor } from './vendor.ts'

/** Everything that one sandbox holds: its effects, its state and its vendors. Passed to every part of the engine. */
export interface World {
  readonly vendors: readonly Vendor[]
  readonly oauth1Vendors: readonly OAuth1Vendor[]
  /** Those with a log-in of the person's own instead of a consent page. */
  readonly logInVendors: readonly AnyVendor[]
  readonly clients: readonly SandboxClient[]
  /** Adds a client, or replaces the one of the same vendor and id. */
  readonly registerClient: (client: SandboxClient) => void
  /** Only the clients that the sandbox was made with are left. */
  readonly forgetRegisteredClients: () => void
  readonly clock: SandboxClock
  readonly text: RandomText
  readonly switches: SwitchBoard
  readonly codes: Codes
  readonly grants: Grants
  readonly tokens: Tokens
  readonly nonces: Nonces
  readonly oauth1: OAuth1State
  readonly marks: Marks
  readonly events: EventDesk
  readonly faults: Faults
  readonly calls: Calls
  /** Resolves after that long, or earlier when the signal aborts. */
  readonly delay: (delayMs: number, signal: AbortSignal) => Promise<void>
  /** Aborts when the sandbox is closed. */
  readonly closing: AbortSignal
}

/** Every vendor, whatever it speaks. */
export const everyVendor = (world: World): readonly AnyVendor[] => [
  ...world.vendors,
  ...world.oauth1Vendors,
  ...world.logInVendors,
]

/** The client that the vendor knows under this id. */
export const findClient = (world: World, vendor: AnyVendor, clientId: string) =>
  world.clients.find((client) => client.vendor === vendor.key && client.clientId === clientId)
