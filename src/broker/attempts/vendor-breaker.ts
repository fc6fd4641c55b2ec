import { limits } from '../../limits.ts'
import type { Context } from '../context.ts'

/** Keeps people from a vendor that does not answer. One process' own view; it keeps nothing. */
export interface VendorBreaker {
  readonly isOpen: (vendor: string) => boolean
  /** Whether a person may be sent there now. While it is open one in {@link limits.breakerProbeMs} may, to try it. */
  readonly maySend: (vendor: string) => boolean
  readonly noteAnswer: (vendor: string) => void
  readonly noteOutage: (vendor: string) => void
}

interface Breaker {
  /** When the vendor did not answer, the latest last. */
  readonly outages: number[]
  /** Null while it is closed. */
  nextProbeAt: number | null
}

/** Every vendor is trusted at first. There are as many entries as vendors at most. */
export function createVendorBreaker({ now }: Pick<Context, 'now'>): VendorBreaker {
  const breakers = new Map<string, Breaker>()
  const isOpen = (vendor: string) => (breakers.get(vendor)?.nextProbeAt ?? null) !== null
  return Object.freeze({
    isOpen,
    maySend: (vendor: string) => {
      const breaker = breakers.get(vendor)
      if (breaker === undefined || breaker.nextProbeAt === null) return true
      if (now() < breaker.nextProbeAt) return false
      breaker.nextProbeAt = now() + limits.breakerProbeMs
      return true
    },
    noteAnswer: (vendor: string) => void breakers.delete(vendor),
    noteOutage: (vendor: string) => {
      const breaker = breakers.get(vendor) ?? { outages: [], nextProbeAt: null }
      const since = now() - limits.breakerWindowMs
      const recent = [...breaker.outages.filter((at) => at > since), now()].slice(-limits.circuitOutages)
      const isTripped = recent.length >= limits.circuitOutages || breaker.nextProbeAt !== null
      const nextProbeAt = isTripped ? now() + limits.breakerProbeMs : null
      breakers.set(vendor, { outages: recent, nextProbeAt })
    },
  })
}
