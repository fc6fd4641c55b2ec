import type { NativeSource } from '../model/source.ts'
import { serveSandbox } from '../sandbox/index.ts'
import { type CheckEffects, START } from './effects.ts'
import type { PairingService, SeenConnection } from './pairing-service.ts'

/** What the page of the sandbox's phone shows after something was done on it. */
export interface Screen {
  /** Where the phone is now; null while it is not paired. */
  readonly phone: string | null
  readonly text: string
}

/** A service that shows codes, and phones that bring them. */
export interface PhoneBench {
  readonly source: NativeSource
  readonly service: PairingService
  /** A phone brings a code; everything is allowed there unless something else is said. */
  readonly pair: (code: string, allowed?: readonly string[]) => Promise<Screen>
  /** A paired phone reports what is allowed, or that it was disconnected there. */
  readonly report: (
    phone: string,
    does: 'report' | 'disconnect',
    allowed?: readonly string[],
  ) => Promise<Screen>
  readonly connectionOf: (endUserId: string) => Promise<SeenConnection>
  readonly close: () => Promise<void>
}

/** What the sandbox's phone can allow. */
export const ALLOWED: readonly string[] = ['READ_STEPS', 'READ_HEART_RATE', 'READ_SLEEP']

/** Opens a service and a sandbox with its phone. */
export async function openPhoneBench(
  { fetch, random, openService }: CheckEffects,
  source: NativeSource,
): Promise<PhoneBench> {
  const service = await openService(source)
  const { url: serviceUrl, applicationId } = service
  const sandbox = await serveSandbox({
    port: 0,
    now: () => START,
    random,
    vendors: [],
    oauth1Vendors: [],
    clients: [],
    fetch,
    phone: { serviceUrl, applicationId },
  })
  const press = async (path: string, fields: readonly (readonly [string, string])[]): Promise<Screen> => {
    const body = new URLSearchParams(fields.map(([name, value]) => [name, value]))
    const answer = await fetch(`${sandbox.url}${path}`, { method: 'POST', body, redirect: 'manual' })
    const location = answer.headers.get('location')
    if (location === null) return { phone: null, text: await answer.text() }
    return { phone: location, text: await (await fetch(`${sandbox.url}${location}`, {})).text() }
  }
  const boxes = (allowed: readonly string[]) => allowed.map((name) => ['allow', name] as const)
  return Object.freeze({
    source,
    service,
    pair: (code: string, allowed = ALLOWED) => press('/phone', [['code', code], ...boxes(allowed)]),
    report: (phone: string, does: 'report' | 'disconnect', allowed = ALLOWED) =>
      press(phone, [['do', does], ...boxes(allowed)]),
    connectionOf: async (endUserId: string) => {
      const [connection, ...others] = await service.connectionsOf(endUserId)
      if (connection === undefined || others.length > 0)
        throw new Error(`there are ${others.length + (connection === undefined ? 0 : 1)} connections`)
      return connection
    },
    close: async () => {
      await sandbox.close()
      await service.close()
    },
  })
}
