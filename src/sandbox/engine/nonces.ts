import { createBoundedMap } from '../bounded-map.ts'
import type { SandboxClock } from '../clock.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { Refusal } from '../vendor.ts'

interface Nonce {
  readonly clientId: string
  readonly expiresAtMs: number
  readonly used: boolean
}

/** Nonces for signed calls: each works once. */
export interface Nonces {
  readonly add: (value: string, clientId: string, expiresAtMs: number) => void
  /** Uses a nonce up. Gives the reason when it cannot be used. */
  readonly use: (value: string, clientId: string) => Refusal | null
  readonly clear: () => void
}

/** Builds an empty store of nonces. */
export function createNonces(clock: SandboxClock): Nonces {
  const nonces = createBoundedMap<Nonce>(SANDBOX_LIMITS.nonces)
  return Object.freeze({
    add: (value: string, clientId: string, expiresAtMs: number) =>
      nonces.set(value, { clientId, expiresAtMs, used: false }),
    use: (value: string, clientId: string) => {
      const nonce = nonces.get(value)
      if (!nonce || nonce.clientId !== clientId) return 'nonce.unknown'
      if (nonce.used) return 'nonce.used'
      if (nonce.expiresAtMs <= clock.nowMs()) return 'nonce.expired'
      nonces.set(value, { ...nonce, used: true })
      return null
    },
    clear: () => nonces.clear(),
  })
}
