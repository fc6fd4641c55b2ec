/**
 * One store over two engines.
 *
 * @module storage/sql — owns the tables, their migrations and every statement, each built with Kysely and compiled
 * once. An engine (`sqlite.ts`, `postgres.ts`) owns its connections and what a transaction is there, and gives the
 * store an `Executor`. Nothing in this folder decides what happens to a person; it keeps what the interface
 * `storage.ts` promises.
 */
import type { Tables } from '../storage.ts'
import { createAppearancePreviews, createAppearances } from './appearances.ts'
import { createAttempts } from './attempts.ts'
import { createAuditLog } from './audit.ts'
import { createClients } from './clients.ts'
import { createConnections } from './connections.ts'
import { createDeletions } from './deletions.ts'
import { createEndUsers } from './end-users.ts'
import { createEvents } from './events.ts'
import type { Executor } from './executor.ts'
import { createHeldGrants } from './held-grants.ts'
import { createHistory } from './history.ts'
import { createInboundNotifications, createNotificationAddresses } from './inbound.ts'
import { createDevices, createPairings } from './pairings.ts'
import { createQueries, type Dialect } from './queries.ts'
import { createRecords } from './records.ts'
import { createRedirectUris } from './redirect-uris.ts'
import { createRenewals } from './renewals.ts'
import { createRevocations } from './revocations.ts'
import { createSealedValues } from './sealed-values.ts'
import { createSessions } from './sessions.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTallies } from './tallies.ts'
import { createWebhookDeliveries } from './webhook-deliveries.ts'
import { createWebhookEndpoints } from './webhook-endpoints.ts'

/** Compiles every statement for a dialect. */
function createNouns(dialect: Dialect) {
  const queries = createQueries(dialect)
  return {
    endUsers: createEndUsers(queries),
    sessions: createSessions(queries),
    attempts: createAttempts(queries),
    heldGrants: createHeldGrants(queries),
    connections: createConnections(queries),
    events: createEvents(queries),
    revocations: createRevocations(queries),
    renewals: createRenewals(queries),
    history: createHistory(queries),
    inboundNotifications: createInboundNotifications(queries),
    notificationAddresses: createNotificationAddresses(queries),
    subscriptions: createSubscriptions(queries),
    redirectUris: createRedirectUris(queries),
    clients: createClients(queries),
    appearances: createAppearances(queries),
    appearancePreviews: createAppearancePreviews(queries),
    webhookEndpoints: createWebhookEndpoints(queries),
    webhookDeliveries: createWebhookDeliveries(queries),
    pairings: createPairings(queries),
    devices: createDevices(queries),
    tallies: createTallies(queries),
    deletions: createDeletions(queries),
    sealedValues: createSealedValues(queries),
    audit: createAuditLog(queries),
    records: createRecords(queries),
  }
}

/** Compiles every statement for a dialect. The function it gives binds them to a connection or a unit of work. */
export function createStore(dialect: Dialect): (executor: Executor) => Tables {
  const nouns = createNouns(dialect)
  // A unit of work uses one or two nouns, so each is bound when it is asked for. The getters are shared: eight closures made for
  // each unit would be a tenth of what a connect costs.
  const bound = {
    get endUsers() {
      return nouns.endUsers(executorOf(this))
    },
    get sessions() {
      return nouns.sessions(executorOf(this))
    },
    get attempts() {
      return nouns.attempts(executorOf(this))
    },
    get heldGrants() {
      return nouns.heldGrants(executorOf(this))
    },
    get connections() {
      return nouns.connections(executorOf(this))
    },
    get events() {
      return nouns.events(executorOf(this))
    },
    get history() {
      return nouns.history(executorOf(this))
    },
    get renewals() {
      return nouns.renewals(executorOf(this))
    },
    get revocations() {
      return nouns.revocations(executorOf(this))
    },
    get inboundNotifications() {
      return nouns.inboundNotifications(executorOf(this))
    },
    get subscriptions() {
      return nouns.subscriptions(executorOf(this))
    },
    get notificationAddresses() {
      return nouns.notificationAddresses(executorOf(this))
    },
    get redirectUris() {
      return nouns.redirectUris(executorOf(this))
    },
    get clients() {
      return nouns.clients(executorOf(this))
    },
    get appearances() {
      return nouns.appearances(executorOf(this))
    },
    get appearancePreviews() {
      return nouns.appearancePreviews(executorOf(this))
    },
    get webhookEndpoints() {
      return nouns.webhookEndpoints(executorOf(this))
    },
    get webhookDeliveries() {
      return nouns.webhookDeliveries(executorOf(this))
    },
    get pairings() {
      return nouns.pairings(executorOf(this))
    },
    get devices() {
      return nouns.devices(executorOf(this))
    },
    get tallies() {
      return nouns.tallies(executorOf(this))
    },
    get deletions() {
      return nouns.deletions(executorOf(this))
    },
    get sealedValues() {
      return nouns.sealedValues(executorOf(this))
    },
    get audit() {
      return nouns.audit(executorOf(this))
    },
    get records() {
      return nouns.records(executorOf(this))
    },
  } satisfies Tables
  // What inherits from `bound` has its getters, which a type of `__proto__` cannot say.
  return (executor) => ({ __proto__: bound, [EXECUTOR]: executor }) as unknown as Tables
}

const EXECUTOR = Symbol('executor')

/** The executor of the tables that a getter is asked through. */
const executorOf = (tables: object): Executor => (tables as { readonly [EXECUTOR]: Executor })[EXECUTOR]

/** The same tables with each noun bound beforehand, for an executor that lives as long as its database is open. */
export const bindAll = (tables: Tables): Tables => ({
  endUsers: tables.endUsers,
  sessions: tables.sessions,
  attempts: tables.attempts,
  heldGrants: tables.heldGrants,
  connections: tables.connections,
  events: tables.events,
  renewals: tables.renewals,
  history: tables.history,
  revocations: tables.revocations,
  inboundNotifications: tables.inboundNotifications,
  notificationAddresses: tables.notificationAddresses,
  subscriptions: tables.subscriptions,
  redirectUris: tables.redirectUris,
  clients: tables.clients,
  appearances: tables.appearances,
  appearancePreviews: tables.appearancePreviews,
  webhookEndpoints: tables.webhookEndpoints,
  webhookDeliveries: tables.webhookDeliveries,
  pairings: tables.pairings,
  devices: tables.devices,
  tallies: tables.tallies,
  deletions: tables.deletions,
  sealedValues: tables.sealedValues,
  audit: tables.audit,
  records: tables.records,
})
