/**
 * Vendors to try Springbar with: strict where the vendor is strict, odd where it is odd, breakable on request.
 *
 * @module sandbox — owns a stand-alone server that plays vendors over HTTP, each below its real host name. It owns
 * nothing of the service and the service nothing of it: the two meet over HTTP only. In production it is off.
 */

export type { CallFilter, RecordedCall } from './calls.ts'
export type { ConsentChoice, ConsentOutcome, SandboxControl, TokenView } from './control/control.ts'
export { createSandbox, type Sandbox, type SandboxOptions } from './create-sandbox.ts'
export { LIBRE_PASSWORD, LOG_IN_VENDORS } from './credentials/libre-link-up.ts'
export type { Oddities } from './definition/oddities.ts'
export { vendorFromDefinition } from './definition/vendor-from-definition.ts'
export type { EndedBy, Grant } from './engine/grants.ts'
export { signatureOf } from './engine/signature.ts'
export type { TokenState } from './engine/tokens.ts'
export type { Delivery } from './events/deliveries.ts'
export { publishedKeySet, signAsPublished } from './events/published-key.ts'
export type { Fault, FaultOrder } from './faults/fault.ts'
export type { WaitingFault } from './faults/faults.ts'
export type { OAuth1Vendor } from './oauth1/oauth1-vendor.ts'
export { oauth1VendorFor } from './oauth1/vendor-from-definition.ts'
export { OAUTH1_VENDORS } from './oauth1/vendors.ts'
export { type ServedSandbox, type ServeSandboxOptions, serveSandbox } from './serve-sandbox.ts'
export type { Operation, SandboxClient, Switches, Vendor } from './vendor.ts'
export { VENDORS, vendorFor } from './vendors/index.ts'
