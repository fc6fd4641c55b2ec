import { createBoundedMap } from './bounded-map.ts'
import type { SandboxClock } from './clock.ts'
import { SANDBOX_LIMITS } from './sandbox-limits.ts'
import type { Operation } from './vendor.ts'
import type { VendorRequest } from './vendor-request.ts'

/** A call that reached a vendor. All values are fake, so they are kept as they came. */
export interface RecordedCall {
  readonly number: number
  readonly atMs: number
  readonly vendor: string
  readonly operation: Operation
  readonly method: string
  /** Host and path as in the vendor's real URL. */
  readonly url: string
  /** Query and form; the form wins. The first value of each name. */
  readonly parameters: Readonly<Record<string, string>>
  readonly authorization: string | null
  /** HTTP status of the answer; null while there is none. */
  readonly status: number | null
  /** Kind of the fault that struck. */
  readonly fault: string | null
}

/** Which calls are wanted; what is missing matches everything. */
export interface CallFilter {
  readonly vendor?: string | undefined
  readonly operation?: Operation | undefined
}

/** What was called, for tests that count. */
export interface Calls {
  readonly begin: (vendor: string, operation: Operation, request: VendorRequest) => number
  readonly end: (number: number, status: number | null, fault: string | null) => void
  /** Oldest first. */
  readonly list: (filter?: CallFilter) => readonly RecordedCall[]
  readonly clear: () => void
}

function parametersOf(request: VendorRequest): Record<string, string> {
  const pairs = [...request.form, ...request.query].slice(0, SANDBOX_LIMITS.recordedParameters)
  return Object.fromEntries(
    pairs.reverse().map(([name, value]) => [name, value.slice(0, SANDBOX_LIMITS.recordedValueCharacters)]),
  )
}

/** Builds an empty record. */
export function createCalls(clock: SandboxClock): Calls {
  const calls = createBoundedMap<RecordedCall>(SANDBOX_LIMITS.recordedCalls)
  let count = 0
  return Object.freeze({
    begin: (vendor: string, operation: Operation, request: VendorRequest) => {
      count += 1
      calls.set(String(count), {
        number: count,
        atMs: clock.nowMs(),
        vendor,
        operation,
        method: request.method,
        url: request.url,
        parameters: parametersOf(request),
        authorization: request.authorization,
        status: null,
        fault: null,
      })
      return count
    },
    end: (number: number, status: number | null, fault: string | null) => {
      const call = calls.get(String(number))
      if (call) calls.set(String(number), Object.freeze({ ...call, status, fault }))
    },
    list: (filter: CallFilter = {}) =>
      calls
        .values()
        .filter(
          (call) =>
            (filter.vendor === undefined || call.vendor === filter.vendor) &&
            (filter.operation === undefined || call.operation === filter.operation),
        ),
    clear: () => calls.clear(),
  })
}
