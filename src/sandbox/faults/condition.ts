import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { AnyVendor, Operation } from '../vendor.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'
import type { WaitingFault } from './faults.ts'

const RUBBISH: ReadonlySet<Operation> = new Set(['request_token', 'token', 'refresh', 'log_in'])

function faultOf(condition: string, operation: Operation): Fault | null {
  if (condition === 'down') return { kind: 'html', status: 503 }
  // The consent page comes at once, so that the person is not the one who waits.
  if (condition === 'slow' && operation !== 'authorize')
    return { kind: 'delay', delayMs: SANDBOX_LIMITS.slowVendorMs }
  if (condition === 'rubbish' && RUBBISH.has(operation)) return { kind: 'html', status: 200 }
  return null
}

/** The fault that a vendor's condition means for a call: it strikes every one until the vendor is back to normal. */
export function conditionFault(
  world: World,
  vendor: AnyVendor,
  operation: Operation,
): WaitingFault | undefined {
  const fault = faultOf(world.switches.of(vendor).condition, operation)
  if (!fault) return undefined
  return { id: '', vendor: vendor.key, operation, times: 1, carryOut: false, fault, code: null }
}
