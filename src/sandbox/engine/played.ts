import { playVendor } from '../switches/play-vendor.ts'
import type { SwitchBoard } from '../switches/switch-board.ts'
import type { Vendor } from '../vendor.ts'
import { endpointsOf } from './endpoints-of.ts'
import { createEndpointIndex, type EndpointIndex } from './routes.ts'

/** The endpoints of all vendors, as their switches are set now. */
export function createPlayed(vendors: readonly Vendor[], switches: SwitchBoard): () => EndpointIndex {
  let made: { readonly version: number; readonly index: EndpointIndex } | undefined
  const build = () =>
    createEndpointIndex(vendors.flatMap((vendor) => endpointsOf(playVendor(vendor, switches.of(vendor)))))
  return () => {
    const version = switches.version()
    if (made?.version !== version) made = { version, index: build() }
    return made.index
  }
}
