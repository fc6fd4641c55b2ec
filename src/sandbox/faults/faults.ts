import { createBoundedMap } from '../bounded-map.ts'
import type { RandomText } from '../random-text.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { Operation } from '../vendor.ts'
import type { CheckedFaultOrder } from './fault.ts'

/** A fault that waits for its call. */
export interface WaitingFault extends CheckedFaultOrder {
  readonly id: string
  /** Strikes only the call that carries this code; null: any call. */
  readonly code: string | null
}

/** The faults that wait, oldest first. */
export interface Faults {
  readonly add: (order: CheckedFaultOrder, code?: string) => WaitingFault
  /** Takes the fault that strikes this call, if there is one, and counts it down. */
  readonly take: (vendor: string, operation: Operation, code: string | null) => WaitingFault | undefined
  readonly list: () => readonly WaitingFault[]
  readonly delete: (id: string) => void
  readonly clear: () => void
}

/** Builds an empty store of faults. */
export function createFaults(text: RandomText): Faults {
  const faults = createBoundedMap<WaitingFault>(SANDBOX_LIMITS.faults)
  return Object.freeze({
    add: (order: CheckedFaultOrder, code?: string) => {
      const waiting = Object.freeze({ ...order, id: text.id(), code: code ?? null })
      faults.set(waiting.id, waiting)
      return waiting
    },
    take: (vendor: string, operation: Operation, code: string | null) => {
      const found = faults
        .values()
        .find(
          (fault) =>
            fault.vendor === vendor &&
            fault.operation === operation &&
            (fault.code === null || fault.code === code),
        )
      if (!found) return undefined
      if (found.times === 1) faults.delete(found.id)
      else faults.set(found.id, Object.freeze({ ...found, times: found.times - 1 }))
      return found
    },
    list: () => faults.values(),
    delete: (id: string) => void faults.delete(id),
    clear: () => faults.clear(),
  })
}
