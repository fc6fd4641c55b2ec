/**
 * One store over two engines.
 *
 * @module storage/sql — owns the tables, their migrations and every statement, each built with Kysely and compiled
 * once. An engine (`sqlite.ts`, `postgres.ts`) owns its connections and what a transaction is there, and gives the
 * store an `Executor`. Nothing in this folder decides what happens to a person; it keeps what the interface
 * `storage.ts` promises.
 */
import type { Tables } from '../storage.ts'
import { createAttempts } from './attempts.ts'
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
import { createSessions } from './sessions.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTallies } from './tallies.ts'
import { createWebhookDeliveries } from './webhook-deliveries.ts'
import { createWebhookEndpoints } from './webhook-endpoints.ts'

/** Compiles every statement for a dialect. The function it gives binds them to a connection or a unit of work. */
export function createStore(dialect: Dialect): (executor: Executor) => Tables {
  const queries = createQueries(dialect)
  const endUsers = createEndUsers(queries)
  const sessions = createSessions(queries)
  const attempts = createAttempts(queries)
  const heldGrants = createHeldGrants(queries)
  const connections = createConnections(queries)
  const events = createEvents(queries)
  const revocations = createRevocations(queries)
  const renewals = createRenewals(queries)
  const history = createHistory(queries)
  const inboundNotifications = createInboundNotifications(queries)
  const notificationAddresses = createNotificationAddresses(queries)
  const subscriptions = createSubscriptions(queries)
  const redirectUris = createRedirectUris(queries)
  const clients = createClients(queries)
  const webhookEndpoints = createWebhookEndpoints(queries)
  const webhookDeliveries = createWebhookDeliveries(queries)
  const pairings = createPairings(queries)
  const devices = createDevices(queries)
  const tallies = createTallies(queries)
  const deletions = createDeletions(queries)
  const records = createRecords(queries)
  // A unit of work uses one or two nouns, so each is bound when it is asked for. The getters are shared: eight closures made for
  // each unit would be a tenth of what a connect costs.
  const bound = {
    get endUsers() {
      return endUsers(executorOf(this))
    },
    get sessions() {
      return sessions(executorOf(this))
    },
    get attempts() {
      return attempts(executorOf(this))
    },
    get heldGrants() {
      return heldGrants(executorOf(this))
    },
    get connections() {
      return connections(executorOf(this))
    },
    get events() {
      return events(executorOf(this))
    },
    get history() {
      return history(executorOf(this))
    },
    get renewals() {
      return renewals(executorOf(this))
    },
    get revocations() {
      return revocations(executorOf(this))
    },
    get inboundNotifications() {
      return inboundNotifications(executorOf(this))
    },
    get subscriptions() {
      return subscriptions(executorOf(this))
    },
    get notificationAddresses() {
      return notificationAddresses(executorOf(this))
    },
    get redirectUris() {
      return redirectUris(executorOf(this))
    },
    get clients() {
      return clients(executorOf(this))
    },
    get webhookEndpoints() {
      return webhookEndpoints(executorOf(this))
    },
    get webhookDeliveries() {
      return webhookDeliveries(executorOf(this))
    },
    get pairings() {
      return pairings(executorOf(this))
    },
    get devices() {
      return devices(executorOf(this))
    },
    get tallies() {
      return tallies(executorOf(this))
    },
    get deletions() {
      return deletions(executorOf(this))
    },
    get records() {
      return records(executorOf(this))
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
  webhookEndpoints: tables.webhookEndpoints,
  webhookDeliveries: tables.webhookDeliveries,
  pairings: tables.pairings,
  devices: tables.devices,
  tallies: tables.tallies,
  deletions: tables.deletions,
  records: tables.records,
})
