import type { Client } from '../model/application.ts'
import { secret } from '../model/secret.ts'
import type { AnyAuthorization, NativeSource } from '../model/source.ts'
import type { PairingService } from './pairing-service.ts'

/** What a check needs of the outside. */
export interface CheckEffects {
  /** The platform's: the sandbox is reached over real HTTP. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly random: (byteLength: number) => Uint8Array
  /** A service that phones can be paired with; whoever plays a bench closes it. */
  readonly openService: (source: NativeSource) => Promise<PairingService>
}

/** Where the imagined service of a bench is. */
export const REDIRECT_ORIGIN = 'https://connect.example.org'
/** The instant at which every bench begins, in epoch milliseconds. */
export const START = Date.UTC(2026, 10, 22, 12)
/** The one connection of a bench. */
export const CONNECTION_ID = '0123456789abcdef0123456789abcdef'
/** The state that every trip of a bench has. */
export const STATE = 'state-'.padEnd(53, 's')
/** How long an answer is waited for that will come, on however busy a machine. */
export const PATIENCE_MS = 30_000

/** A registration with everything that the definition asks for, and with characters that must be encoded. */
export function clientFor({ vendor, registration }: AnyAuthorization): Client {
  const fields = registration?.clientFields ?? []
  return {
    vendor,
    clientId: `id +1-${vendor}`,
    clientSecret: secret('s3cret:+/ &é'),
    scopes: null,
    extras: new Map(fields.map(({ name }) => [name, secret(`value-of-${name}`)])),
    managedBy: 'configuration',
  }
}
