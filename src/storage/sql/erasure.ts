import { sql } from 'kysely'
import type { ApplicationId, EndUserId } from '../../model/ids.ts'
import type { EndUsers } from '../storage.ts'
import type { Executor } from './executor.ts'
import { prepare } from './prepared.ts'
import type { Queries } from './queries.ts'

type Person = { readonly applicationId: ApplicationId; readonly id: EndUserId }

function prepareAll({ build }: Queries) {
  return {
    sessions: prepare('erase.sessions', (person: Person) =>
      build
        .deleteFrom('sessions')
        .where('endUserId', '=', person.id)
        .where('applicationId', '=', person.applicationId),
    ),
    connections: prepare('erase.connections', (person: Person) =>
      build
        .deleteFrom('connections')
        .where('endUserId', '=', person.id)
        .where('applicationId', '=', person.applicationId),
    ),
    /** What else belongs to an end user goes with them, by foreign key. */
    endUser: prepare('erase.end_user', (person: Person) =>
      build
        .deleteFrom('endUsers')
        .where('id', '=', person.id)
        .where('applicationId', '=', person.applicationId),
    ),
    /** Attempts that have begun are found by end user; see the migration for why the others are not. */
    attempts: prepare('erase.attempts', (person: Person) =>
      build
        .deleteFrom('attempts')
        .where('endUserId', '=', person.id)
        .where('status', '<>', sql.lit('created'))
        .where('applicationId', '=', person.applicationId),
    ),
    /** There are as many of these as people started in the last quarter of an hour. */
    openAttempts: prepare('erase.open_attempts', (person: Person) =>
      build
        .deleteFrom('attempts')
        .where('status', '=', sql.lit('created'))
        .where('expiresAt', '>', sql.lit(0))
        .where('endUserId', '=', person.id)
        .where('applicationId', '=', person.applicationId),
    ),
    /** Deliveries of the person's events, made or not: the answers to them may quote anything. */
    deliveries: prepare('erase.deliveries', (person: Person) =>
      build
        .deleteFrom('webhookDeliveries')
        .where('endpointId', 'in', (of) =>
          of.selectFrom('webhookEndpoints').select('id').where('applicationId', '=', person.applicationId),
        )
        .where('sequence', 'in', (of) =>
          of
            .selectFrom('events')
            .select('sequence')
            .where('endUserId', '=', person.id)
            .where('applicationId', '=', person.applicationId),
        ),
    ),
    events: prepare('erase.events', (person: Person) =>
      build
        .deleteFrom('events')
        .where('endUserId', '=', person.id)
        .where('applicationId', '=', person.applicationId),
    ),
    /** Answers kept for repeated requests may quote the end user. */
    answers: prepare('erase.answers', (quote: { applicationId: ApplicationId; quoting: string }) =>
      build
        .deleteFrom('idempotencyKeys')
        .where('applicationId', '=', quote.applicationId)
        .where('body', 'like', quote.quoting),
    ),
  }
}

/** Removes an end user and whatever names them; what {@link EndUsers.erase} promises. */
export function createErasure(queries: Queries): (executor: Executor) => EndUsers['erase'] {
  const statements = prepareAll(queries)
  return (executor) => async (applicationId, id) => {
    const person = { applicationId, id }
    const sessions = await executor.change(statements.sessions, person)
    const connections = await executor.change(statements.connections, person)
    if ((await executor.change(statements.endUser, person)) === 0) return null
    const begun = await executor.change(statements.attempts, person)
    const open = await executor.change(statements.openAttempts, person)
    await executor.change(statements.deliveries, person)
    const events = await executor.change(statements.events, person)
    await executor.change(statements.answers, { applicationId, quoting: `%${id}%` })
    return { sessions, attempts: begun + open, connections, events }
  }
}
