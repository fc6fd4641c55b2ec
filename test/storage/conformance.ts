/**
 * @module test/storage/conformance
 * What the interface `storage.ts` promises, as tests that every engine has to pass. They write and read through the
 * interface, through two opened storages at once where callers race, and look at the rows behind its back.
 */
import { describe } from 'node:test'
import { appearanceRules } from './conformance/appearances.ts'
import { auditRules } from './conformance/audit.ts'
import { clientRules } from './conformance/clients.ts'
import { connectionRules, eventRules } from './conformance/connections-and-events.ts'
import { endUserRules } from './conformance/end-users.ts'
import { heldGrantRules } from './conformance/held-grants.ts'
import { historyRules } from './conformance/history.ts'
import { inboundRules } from './conformance/inbound.ts'
import { migrationRules } from './conformance/migrations.ts'
import { pairingRules } from './conformance/pairings.ts'
import { renewalRules } from './conformance/renewals.ts'
import { recordRules, revocationRules } from './conformance/revocations-and-records.ts'
import { scopeRules } from './conformance/scope.ts'
import { sealedValueRules } from './conformance/sealed-values.ts'
import { attemptRules, sessionRules } from './conformance/sessions-and-attempts.ts'
import { subscriptionRules } from './conformance/subscriptions.ts'
import { unitRules } from './conformance/units.ts'
import { webhookDeliveryRules } from './conformance/webhook-deliveries.ts'
import { webhookEndpointRules } from './conformance/webhook-endpoints.ts'
import { type Engine, useStorage } from './support.ts'

/** Registers all tests of the interface for an engine. */
export function conformance(engine: Engine): void {
  describe(`storage on ${engine.name}`, () => {
    const opened = useStorage(engine)
    migrationRules(engine)
    unitRules(engine, opened)
    endUserRules(opened)
    sessionRules(opened)
    attemptRules(opened)
    heldGrantRules(opened)
    connectionRules(opened)
    eventRules(opened)
    historyRules(opened)
    renewalRules(opened)
    revocationRules(opened)
    inboundRules(opened)
    subscriptionRules(opened)
    recordRules(opened)
    auditRules(opened)
    clientRules(opened)
    sealedValueRules(opened)
    appearanceRules(opened)
    webhookEndpointRules(opened)
    webhookDeliveryRules(opened)
    pairingRules(opened)
    scopeRules(opened)
  })
}
