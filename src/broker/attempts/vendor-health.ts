import type { Attempt } from '../../model/attempt.ts'
import type { Context } from '../context.ts'
import type { VendorCircuits } from '../tokens/vendor-circuits.ts'
import { createVendorBreaker } from './vendor-breaker.ts'

/** Which vendors have not been answering lately, as far as this process knows; said to people before they try. */
export interface VendorHealth {
  readonly isDown: (vendor: string) => boolean
  /** Whether somebody may be sent to the vendor now; while it is down one may, now and then, to try it. */
  readonly maySend: (vendor: string) => boolean
  /** Learns from an attempt that is back from its vendor. */
  readonly note: (attempt: Attempt) => void
}

/**
 * Learns from people's attempts, and from the renewals' view where there is one. The two stay apart: people can repeat
 * a request as often as they like, and must not make renewals rest.
 */
export function createVendorHealth(
  context: Pick<Context, 'now'>,
  renewals: Pick<VendorCircuits, 'resting'> | null,
): VendorHealth {
  const attempts = createVendorBreaker(context)
  return Object.freeze({
    isDown: (vendor: string) => attempts.isOpen(vendor) || renewals?.resting().includes(vendor) === true,
    maySend: attempts.maySend,
    note: ({ vendor, error, connected }: Attempt) => {
      if (vendor === null) return
      if (error === 'vendor_unavailable') attempts.noteOutage(vendor)
      // What it refuses, it has answered.
      else if (connected === true || error === 'vendor_error') attempts.noteAnswer(vendor)
    },
  })
}
