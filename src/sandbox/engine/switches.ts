import type { Switches, Vendor } from '../vendor.ts'

/** The switches of all vendors: what the vendor's file says, and what was changed since. */
export interface SwitchBoard {
  readonly of: (vendor: Vendor) => Switches
  readonly change: (vendor: Vendor, change: Partial<Switches>) => Switches
  readonly reset: () => void
}

/** Builds the board. `initial` changes are what a reset returns to. */
export function createSwitchBoard(initial: Readonly<Record<string, Partial<Switches>>>): SwitchBoard {
  const changes = new Map(Object.entries(initial))
  const of = (vendor: Vendor): Switches => ({ ...vendor.switches, ...changes.get(vendor.key) })
  return Object.freeze({
    of,
    change: (vendor: Vendor, change: Partial<Switches>) => {
      changes.set(vendor.key, { ...changes.get(vendor.key), ...change })
      return of(vendor)
    },
    reset: () => {
      changes.clear()
      for (const [key, change] of Object.entries(initial)) changes.set(key, change)
    },
  })
}
