import { sql } from 'kysely'
import type { Event, EventDetail } from '../../model/event.ts'
import { type ApplicationId, asEndUserId } from '../../model/ids.ts'
import type { Events, StoredEvent } from '../storage.ts'
import { eventColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { pick, prepare } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { EventRow, FeedHorizonRow } from './schema.ts'

type NewEventRow = Omit<EventRow, 'sequence'>

const toRow = (event: Event): NewEventRow => ({
  ...event,
  endUserId: event.endUserId ?? '',
  detail: JSON.stringify(event.detail),
})

/** An event out of its row. */
export const eventFromRow = (row: NewEventRow & { readonly sequence: number }): StoredEvent => ({
  ...row,
  endUserId: row.endUserId === '' ? null : asEndUserId(row.endUserId),
  detail: JSON.parse(row.detail) as EventDetail, // written by `toRow` only
})

/** Tells the locks of event feeds from other advisory locks in the same PostgreSQL database. */
const FEED_LOCK = 0x5b_0001

/**
 * Held from before an event draws its number until its commit, so that within an application the order of numbers
 * is the order of commits and a reader never sees 8 before 7 exists. See docs/adr/0001.
 */
const prepareFeedLock = ({ build }: Queries) =>
  prepare('events.lock_feed', ({ applicationId }: { applicationId: ApplicationId }) =>
    build.selectNoFrom(
      sql`pg_advisory_xact_lock(${sql.lit(FEED_LOCK)}, hashtext(${applicationId}))`.as('locked'),
    ),
  )

function prepareAll({ build }: Queries) {
  return {
    append: prepare('events.append', (row: NewEventRow) =>
      build.insertInto('events').values(pick(row, eventColumns)),
    ),
    list: prepare(
      'events.list',
      (of: { applicationId: ApplicationId; after: number; limit: number }) =>
        build
          .selectFrom('events')
          .select([...eventColumns, 'sequence'])
          .where('applicationId', '=', of.applicationId)
          .where('sequence', '>', of.after)
          .orderBy('sequence')
          .limit(of.limit),
      eventFromRow,
    ),
    idAt: prepare(
      'events.id_at',
      ({ sequence }: { sequence: number }) =>
        build.selectFrom('events').select('id').where('sequence', '=', sequence),
      ({ id }) => id,
    ),
    horizon: prepare(
      'feed_horizons.find',
      ({ applicationId }: { applicationId: ApplicationId }) =>
        build.selectFrom('feedHorizons').select('sequence').where('applicationId', '=', applicationId),
      ({ sequence }) => sequence,
    ),
    // From the beginning of the primary key, so that nothing else is looked at, however many events there are.
    expired: prepare('events.expired', (of: { before: number; limit: number }) =>
      build
        .with('due', (oldest) =>
          oldest
            .selectFrom('events')
            .select(['applicationId', 'sequence', 'createdAt'])
            .where('sequence', '>', sql.lit(0))
            .orderBy('sequence')
            .limit(of.limit),
        )
        .selectFrom('due')
        .select(['applicationId', 'sequence'])
        .where('createdAt', '<', of.before)
        .orderBy('sequence'),
    ),
    forget: prepare('events.forget', (of: FeedHorizonRow) =>
      build
        .deleteFrom('events')
        .where('applicationId', '=', of.applicationId)
        .where('sequence', '<=', of.sequence),
    ),
    moveHorizon: prepare('feed_horizons.move', (to: FeedHorizonRow) =>
      build
        .insertInto('feedHorizons')
        .values({ applicationId: to.applicationId, sequence: to.sequence })
        .onConflict((on) =>
          on
            .column('applicationId')
            .doUpdateSet({ sequence: to.sequence })
            .where('feedHorizons.sequence', '<', to.sequence),
        ),
    ),
  }
}

/** The events of {@link Events}. */
export function createEvents(queries: Queries): (executor: Executor) => Events {
  const statements = prepareAll(queries)
  // SQLite has one writer at a time, so its numbers are in the order of commits by themselves.
  const lockFeed = queries.dialect === 'postgres' ? prepareFeedLock(queries) : null
  return (executor) => ({
    async append(event) {
      const { applicationId } = event
      if (lockFeed !== null) await executor.all(lockFeed, { applicationId })
      await executor.change(statements.append, toRow(event))
    },
    list: (applicationId, after, limit) => executor.all(statements.list, { applicationId, after, limit }),
    idAt: (sequence) => executor.first(statements.idAt, { sequence }),
    horizon: async (applicationId) => (await executor.first(statements.horizon, { applicationId })) ?? 0,
    expired: (before, limit) => executor.all(statements.expired, { before, limit }),
    async forget(applicationId, through) {
      const place = { applicationId, sequence: through }
      const removed = await executor.change(statements.forget, place)
      if (removed > 0) await executor.change(statements.moveHorizon, place)
      return removed
    },
  })
}
