import type { AnyVendor } from '../vendor.ts'
import { DEFAULT_SWITCHES, type Switches } from './switches.ts'

/** The switches of all vendors: what the vendor's file says, and what was changed since. */
export interface SwitchBoard {
  readonly of: (vendor: AnyVendor) => Switches
  readonly change: (vendor: AnyVendor, change: Partial<Switches>) => Switches
  /** Back to the start, for one vendor or for all. */
  readonly reset: (vendor?: AnyVendor) => void
  /** Another number after every change, so that what was made out of the switches can be kept until then. */
  readonly version: () => number
}

/** Builds the board. `initial` changes are what a reset returns to. */
export function createSwitchBoard(initial: Readonly<Record<string, Partial<Switches>>>): SwitchBoard {
  const changes = new Map(Object.entries(initial))
  let version = 0
  const of = (vendor: AnyVendor): Switches =>
    Object.freeze({ ...DEFAULT_SWITCHES, ...vendor.switches, ...changes.get(vendor.key) })
  return Object.freeze({
    of,
    version: () => version,
    change: (vendor: AnyVendor, change: Partial<Switches>) => {
      version += 1
      changes.set(vendor.key, { ...changes.get(vendor.key), ...change })
      return of(vendor)
    },
    reset: (vendor?: AnyVendor) => {
      version += 1
      const keys = vendor ? [vendor.key] : [...changes.keys()]
      for (const key of keys) {
        const start = initial[key]
        if (start === undefined) changes.delete(key)
        else changes.set(key, start)
      }
    },
  })
}
