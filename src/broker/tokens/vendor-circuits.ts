import { limits } from '../../limits.ts'
import type { Context } from '../context.ts'
import { renewalBackoffMs } from './renewal-schedule.ts'

/** Which vendors rest, because they did not answer several times in a row. One process' own view; it keeps nothing. */
export interface VendorCircuits {
  /** Those that are not asked at all now. */
  readonly resting: () => readonly string[]
  /** Whether a vendor is being tried again: one request is enough then. */
  readonly isOnTrial: (vendor: string) => boolean
  readonly noteAnswer: (vendor: string) => void
  readonly noteOutage: (vendor: string, retryAfterMs: number) => void
}

interface Circuit {
  outages: number
  restsUntil: number
}

/** Every vendor is trusted at first. */
export function createVendorCircuits(context: Pick<Context, 'now' | 'random'>): VendorCircuits {
  const circuits = new Map<string, Circuit>()
  const isTripped = (circuit: Circuit | undefined) => (circuit?.outages ?? 0) >= limits.circuitOutages
  return Object.freeze({
    resting: () =>
      [...circuits].filter(([, { restsUntil }]) => restsUntil > context.now()).map(([vendor]) => vendor),
    isOnTrial: (vendor: string) => isTripped(circuits.get(vendor)),
    noteAnswer: (vendor: string) => void circuits.delete(vendor),
    noteOutage: (vendor: string, retryAfterMs: number) => {
      const circuit = circuits.get(vendor) ?? { outages: 0, restsUntil: 0 }
      circuit.outages++
      const beyond = circuit.outages - limits.circuitOutages
      if (beyond >= 0)
        circuit.restsUntil = context.now() + Math.max(retryAfterMs, renewalBackoffMs(context, beyond + 3))
      circuits.set(vendor, circuit)
    },
  })
}
