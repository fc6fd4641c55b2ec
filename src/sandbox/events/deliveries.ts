import { createBoundedMap } from '../bounded-map.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'

/** A request of a vendor to a notification URL: an event, or a part of a handshake. */
export interface Delivery {
  readonly number: number
  readonly vendor: string
  /** The event's kind, or `handshake`. */
  readonly kind: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** On the sandbox's clock. */
  readonly atMs: number
  /** Waits to be released. */
  readonly held: boolean
  /** HTTP status of the answer; null while there is none. */
  readonly status: number | null
  /** Why there is no answer. */
  readonly failure: string | null
}

/** What was sent to notification URLs, and what waits to be sent. */
export interface Deliveries {
  readonly add: (delivery: Omit<Delivery, 'number' | 'status' | 'failure'>) => Delivery
  readonly update: (number: number, change: Partial<Delivery>) => Delivery | undefined
  /** Oldest first. */
  readonly list: () => readonly Delivery[]
  readonly clear: () => void
}

/** Builds an empty record. */
export function createDeliveries(): Deliveries {
  const deliveries = createBoundedMap<Delivery>(SANDBOX_LIMITS.deliveries)
  let count = 0
  return Object.freeze({
    add: (given: Omit<Delivery, 'number' | 'status' | 'failure'>) => {
      count += 1
      const delivery = Object.freeze({ ...given, number: count, status: null, failure: null })
      deliveries.set(String(count), delivery)
      return delivery
    },
    update: (number: number, change: Partial<Delivery>) => {
      const before = deliveries.get(String(number))
      if (!before) return undefined
      const after = Object.freeze({ ...before, ...change })
      deliveries.set(String(number), after)
      return after
    },
    list: () => deliveries.values(),
    clear: () => deliveries.clear(),
  })
}
