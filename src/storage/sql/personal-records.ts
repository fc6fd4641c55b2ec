import { sql } from 'kysely'
import type { ApplicationId, EndUserId } from '../../model/ids.ts'
import type { EndUsers, PersonalRecords } from '../storage.ts'
import {
  attemptColumns,
  deviceColumns,
  eventColumns,
  heldGrantColumns,
  historyColumns,
  pairingColumns,
  renewalColumns,
  revocationColumns,
  sessionColumns,
  subscriptionColumns,
} from './columns.ts'
import type { Executor } from './executor.ts'
import { prepare } from './prepared.ts'
import type { Queries } from './queries.ts'

type Person = { readonly applicationId: ApplicationId; readonly id: EndUserId }

/**
 * What stays behind: credentials and their digests, what is sealed, and how the service takes turns. None of it tells
 * anything about a person.
 */
const NOT_TOLD: ReadonlySet<string> = new Set([
  'applicationId',
  'codeHash',
  'handle',
  'leaseOwner',
  'leaseUntil',
  'lookup',
  'owner',
  'proofHash',
  'sealed',
  'sealedRequestToken',
  'sealedTokens',
  'sendingUntil',
  'sessionLookup',
  'stateHash',
  'tokenHash',
])
/** Columns that hold JSON. */
const JSON_COLUMNS: ReadonlySet<string> = new Set(['allowedSources', 'detail'])
/** A vendor's words stand sealed in an event's detail. */
const SEALED_MEMBER = 'sealedBody'

const told = <Column extends string>(columns: readonly Column[]): readonly Column[] =>
  columns.filter((column) => !NOT_TOLD.has(column))

/** What names the person. */
function prepareByPerson({ build }: Queries) {
  /** In the words of the index over attempts that have begun. */
  const begun = ({ applicationId, id }: Person) =>
    build
      .selectFrom('attempts')
      .where('endUserId', '=', id)
      .where('status', '<>', sql.lit('created'))
      .where('applicationId', '=', applicationId)
  return {
    sessions: prepare('personal.sessions', ({ applicationId, id }: Person) =>
      build
        .selectFrom('sessions')
        .select(told(sessionColumns))
        .where('endUserId', '=', id)
        .where('applicationId', '=', applicationId)
        .orderBy('createdAt'),
    ),
    attempts: prepare('personal.attempts', (person: Person) =>
      begun(person).select(told(attemptColumns)).orderBy('id'),
    ),
    openAttempts: prepare('personal.open_attempts', ({ applicationId, id }: Person) =>
      build
        .selectFrom('attempts')
        .select(told(attemptColumns))
        .where('status', '=', sql.lit('created'))
        .where('expiresAt', '>', sql.lit(0))
        .where('endUserId', '=', id)
        .where('applicationId', '=', applicationId),
    ),
    heldGrants: prepare('personal.held_grants', ({ applicationId, id }: Person) =>
      build
        .selectFrom('heldGrants')
        .select(told(heldGrantColumns))
        .where('sealed', 'is not', null)
        .where('endUserId', '=', id)
        .where('applicationId', '=', applicationId),
    ),
    pairings: prepare('personal.pairings', (person: Person) =>
      build
        .selectFrom('pairings')
        .select(told(pairingColumns))
        .where('attemptId', 'in', begun(person).select('id')),
    ),
    events: prepare('personal.events', ({ applicationId, id }: Person) =>
      build
        .selectFrom('events')
        .select(told(eventColumns))
        .where('endUserId', '=', id)
        .where('applicationId', '=', applicationId)
        .orderBy('sequence'),
    ),
  }
}

/** What names one of the person's connections. */
function prepareByConnection({ build }: Queries) {
  const own = ({ applicationId, id }: Person) =>
    build
      .selectFrom('connections')
      .select('id')
      .where('endUserId', '=', id)
      .where('applicationId', '=', applicationId)
  return {
    devices: prepare('personal.devices', (person: Person) =>
      build.selectFrom('devices').select(told(deviceColumns)).where('connectionId', 'in', own(person)),
    ),
    history: prepare('personal.history', (person: Person) =>
      build
        .selectFrom('history')
        .select(told(historyColumns))
        .where('connectionId', 'in', own(person))
        .orderBy('sequence'),
    ),
    renewals: prepare('personal.renewals', (person: Person) =>
      build.selectFrom('renewals').select(told(renewalColumns)).where('connectionId', 'in', own(person)),
    ),
    revocations: prepare('personal.revocations', (person: Person) =>
      build
        .selectFrom('revocations')
        .select(told(revocationColumns))
        .where('connectionId', 'in', own(person)),
    ),
    notificationSubscriptions: prepare('personal.notification_subscriptions', (person: Person) =>
      build
        .selectFrom('notificationSubscriptions')
        .select(told(subscriptionColumns))
        .where('applicationId', '=', person.applicationId)
        .where('connectionId', 'in', own(person)),
    ),
  }
}

/** What is stored about a person beside profile and connections; what {@link EndUsers.recordsOf} promises. */
export function createPersonalRecords(queries: Queries): (executor: Executor) => EndUsers['recordsOf'] {
  const { openAttempts, ...byPerson } = prepareByPerson(queries)
  const statements = { ...byPerson, ...prepareByConnection(queries) }
  return (executor) => async (applicationId, id) => {
    const person = { applicationId, id }
    const records: Record<string, PersonalRecords[string]> = {}
    // One after the other: a transaction has one connection.
    for (const [name, statement] of Object.entries(statements)) {
      const more = name === 'attempts' ? await executor.all(openAttempts, person) : []
      const found: readonly object[] = await executor.all<Person, object>(statement, person)
      records[name] = [...found, ...more].map(readable)
    }
    return records
  }
}

function readable(row: object): PersonalRecords[string][number] {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [
      name,
      JSON_COLUMNS.has(name) && typeof value === 'string' ? parsed(value) : value,
    ]),
  )
}

const parsed = (text: string): unknown =>
  // `allowedSources` is a list; the details of history are words.
  /^[[{]/.test(text)
    ? JSON.parse(text, (name, value: unknown) => (name === SEALED_MEMBER ? undefined : value))
    : text
