import type { Attempt } from '../model/attempt.ts'
import type { Context } from './context.ts'
import { createVendorCircuits, type VendorCircuits } from './vendor-circuits.ts'

/** Which vendors have not been answering lately, as far as this process knows; said to people before they try. */
export interface VendorHealth {
  readonly isDown: (vendor: string) => boolean
  /** Learns from an attempt that is back from its vendor. */
  readonly note: (attempt: Attempt) => void
}

/**
 * Learns from people's attempts, and from the renewals' view where there is one. The two stay apart: people can repeat
 * a request as often as they like, and must not make renewals rest.
 */
export function createVendorHealth(
  context: Pick<Context, 'now' | 'random'>,
  renewals: Pick<VendorCircuits, 'resting'> | null,
): VendorHealth {
  const attempts = createVendorCircuits(context)
  return Object.freeze({
    isDown: (vendor: string) => [attempts, renewals].some((one) => one?.resting().includes(vendor) === true),
    note: ({ vendor, error, connected }: Attempt) => {
      if (vendor === null) return
      if (error === 'vendor_unavailable') attempts.noteOutage(vendor, 0)
      else if (connected === true) attempts.noteAnswer(vendor)
    },
  })
}
