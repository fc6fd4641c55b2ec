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
import { createConnections } from './connections.ts'
import { createEndUsers } from './end-users.ts'
import { createEvents } from './events.ts'
import type { Executor } from './executor.ts'
import { createQueries, type Dialect } from './queries.ts'
import { createRecords } from './records.ts'
import { createRedirectUris } from './redirect-uris.ts'
import { createRevocations } from './revocations.ts'
import { createSessions } from './sessions.ts'

/** Compiles every statement for a dialect. The function it gives binds them to a connection or a unit of work. */
export function createStore(dialect: Dialect): (executor: Executor) => Tables {
  const queries = createQueries(dialect)
  const endUsers = createEndUsers(queries)
  const sessions = createSessions(queries)
  const attempts = createAttempts(queries)
  const connections = createConnections(queries)
  const events = createEvents(queries)
  const revocations = createRevocations(queries)
  const redirectUris = createRedirectUris(queries)
  const records = createRecords(queries)
  // A unit of work uses one or two nouns, so each is bound when it is asked for.
  return (executor) => ({
    get endUsers() {
      return endUsers(executor)
    },
    get sessions() {
      return sessions(executor)
    },
    get attempts() {
      return attempts(executor)
    },
    get connections() {
      return connections(executor)
    },
    get events() {
      return events(executor)
    },
    get revocations() {
      return revocations(executor)
    },
    get redirectUris() {
      return redirectUris(executor)
    },
    get records() {
      return records(executor)
    },
  })
}
