import { sql } from 'kysely'
import type { Attempt, AttemptStatus } from '../../model/attempt.ts'
import type { ApplicationId, AttemptId, EndUserId } from '../../model/ids.ts'
import type { AttemptChange, Attempts } from '../storage.ts'
import { attemptColumns } from './columns.ts'
import { conflict, type Executor } from './executor.ts'
import { given, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { AttemptRow } from './schema.ts'

const toRow = (attempt: Attempt): AttemptRow => ({
  ...attempt,
  connected: attempt.connected === null ? null : Number(attempt.connected),
})

const fromRow = (row: AttemptRow): Attempt => ({
  ...row,
  connected: row.connected === null ? null : row.connected === 1,
})

const CHANGEABLE: readonly (keyof AttemptChange)[] = [
  'status',
  'connected',
  'error',
  'cause',
  'connectionId',
  'returnedAt',
  'finishedAt',
]

/**
 * Stores an attempt while its end user exists, in one statement: a foreign key would need an index on every attempt
 * by end user, which costs the connect page a third of its writes, and this keeps applications apart as well.
 */
const prepareInsert = ({ build, dialect }: Queries) =>
  prepare('attempts.insert', (row: AttemptRow) =>
    build
      .insertInto('attempts')
      .columns(attemptColumns)
      .expression((from) => {
        const owner = from
          .selectFrom('endUsers')
          .select((value) => attemptColumns.map((column) => value.val(row[column]).as(column)))
          .where('id', '=', row.endUserId)
          .where('applicationId', '=', row.applicationId)
        // Waits for an erasure of the end user that is under way, and makes a later one wait.
        return dialect === 'postgres' ? owner.forKeyShare() : owner
      }),
  )

function prepareAll(queries: Queries) {
  const { build } = queries
  const attempts = build.selectFrom('attempts').select(attemptColumns)
  return {
    insert: prepareInsert(queries),
    find: prepare('attempts.find', ({ id }: { id: AttemptId }) => attempts.where('id', '=', id), fromRow),
    findByState: prepare(
      'attempts.find_by_state',
      (by: { from: AttemptId; below: AttemptId; stateHash: string }) =>
        attempts.where('id', '>=', by.from).where('id', '<', by.below).where('stateHash', '=', by.stateHash),
      fromRow,
    ),
    findByReference: prepare(
      'attempts.find_by_reference',
      (by: { applicationId: ApplicationId; from: AttemptId; below: AttemptId }) =>
        attempts
          .where('id', '>=', by.from)
          .where('id', '<', by.below)
          .where('applicationId', '=', by.applicationId)
          .orderBy('id')
          .limit(sql.lit(1)),
      fromRow,
    ),
    latestOf: prepare(
      'attempts.latest_of',
      (of: { applicationId: ApplicationId; endUserId: EndUserId; after: number; limit: number }) =>
        attempts
          .where('endUserId', '=', of.endUserId)
          // What the index by end user leaves out.
          .where('status', '<>', sql.lit('created'))
          .where('applicationId', '=', of.applicationId)
          .where('createdAt', '>', of.after)
          .orderBy('id', 'desc')
          .limit(of.limit),
      fromRow,
    ),
    pageOf: prepare(
      'attempts.page_of',
      (of: { applicationId: ApplicationId; endUserId: EndUserId; below: AttemptId; limit: number }) =>
        attempts
          .where('endUserId', '=', of.endUserId)
          .where('status', '<>', sql.lit('created'))
          .where('applicationId', '=', of.applicationId)
          .where('id', '<', of.below)
          .orderBy('id', 'desc')
          .limit(of.limit),
      fromRow,
    ),
  }
}

/** What nobody finished, and what is old. */
function prepareCleaning({ build }: Queries) {
  const attempts = build.selectFrom('attempts').select(attemptColumns)
  return {
    overdueCreated: prepare(
      'attempts.overdue_created',
      (over: { before: number; limit: number }) =>
        attempts
          .where('status', '=', sql.lit('created'))
          .where('expiresAt', '<', over.before)
          .orderBy('expiresAt')
          .limit(over.limit),
      fromRow,
    ),
    overdueExchanging: prepare(
      'attempts.overdue_exchanging',
      (over: { before: number; limit: number }) =>
        attempts
          .where('status', '=', sql.lit('exchanging'))
          .where('returnedAt', '<', over.before)
          .orderBy('returnedAt')
          .limit(over.limit),
      fromRow,
    ),
    deleteFinished: prepare('attempts.delete_finished', (old: { before: number; limit: number }) =>
      build.deleteFrom('attempts').where('id', 'in', (select) =>
        select
          .selectFrom('attempts')
          .select('id')
          .where('status', 'in', [sql.lit<'done'>('done'), sql.lit<'failed'>('failed')])
          .where('createdAt', '<', old.before)
          .orderBy('createdAt')
          .limit(old.limit),
      ),
    ),
  }
}

/** `~` sorts behind every character of an id. */
const BEHIND_ALL = '~'

/** The range of the ids that begin with a reference. */
const idsOf = (reference: string) => ({
  from: reference as AttemptId, // a reference is the beginning of an id
  below: `${reference}${BEHIND_ALL}` as AttemptId, // as above
})

/** One statement: of all callers with the same `from`, one gets a row. */
function transition({ build }: Queries, id: AttemptId, from: AttemptStatus, change: AttemptChange) {
  const { connected, ...rest } = given(change, CHANGEABLE)
  const ends = change.status === 'done' || change.status === 'failed'
  const set = {
    ...rest,
    ...(connected === undefined ? {} : { connected: connected === null ? null : Number(connected) }),
    ...(ends ? { sealedRequestToken: null } : {}),
  }
  return prepareOnce(
    build
      .updateTable('attempts')
      .set(set)
      .where('id', '=', id)
      .where('status', '=', from)
      .returning(attemptColumns),
  )
}

/** The attempts of {@link Attempts}. */
export function createAttempts(queries: Queries): (executor: Executor) => Attempts {
  const statements = { ...prepareAll(queries), ...prepareCleaning(queries) }
  return (executor) => ({
    async insert(attempt) {
      if ((await executor.change(statements.insert, toRow(attempt))) === 0) throw conflict()
    },
    find: (id) => executor.first(statements.find, { id }),
    findByState: (reference, stateHash) =>
      executor.first(statements.findByState, { ...idsOf(reference), stateHash }),
    findByReference: (applicationId, reference) =>
      executor.first(statements.findByReference, { ...idsOf(reference), applicationId }),
    latestOf: (applicationId, endUserId, after, limit) =>
      executor.all(statements.latestOf, { applicationId, endUserId, after, limit }),
    pageOf: (applicationId, endUserId, before, limit) =>
      executor.all(statements.pageOf, {
        applicationId,
        endUserId,
        below: (before ?? BEHIND_ALL) as AttemptId, // the beginning of one, or what sorts behind all of them
        limit,
      }),
    async transition(id, from, change) {
      const row = await executor.first(transition(queries, id, from, change), {})
      return row && fromRow(row)
    },
    overdue: (status, before, limit) =>
      executor.all(status === 'created' ? statements.overdueCreated : statements.overdueExchanging, {
        before,
        limit,
      }),
    deleteFinished: (before, limit) => executor.change(statements.deleteFinished, { before, limit }),
  })
}
