import type { ApplicationId, EndUserId } from '../../model/ids.ts'
import type { Session } from '../../model/session.ts'
import type { Sessions } from '../storage.ts'
import { sessionColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { pick, prepare } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { SessionRow } from './schema.ts'

const toRow = (session: Session): SessionRow => ({
  ...session,
  allowedSources: session.allowedSources && JSON.stringify(session.allowedSources),
})

const fromRow = (row: SessionRow): Session => ({
  ...row,
  // Written by `toRow` only.
  allowedSources: row.allowedSources === null ? null : (JSON.parse(row.allowedSources) as number[]),
})

function prepareAll({ build }: Queries) {
  const living = build.updateTable('sessions').where('endedAt', 'is', null)
  return {
    insert: prepare('sessions.insert', (row: SessionRow) =>
      build.insertInto('sessions').values(pick(row, sessionColumns)),
    ),
    find: prepare(
      'sessions.find',
      ({ lookup }: { lookup: string }) =>
        build.selectFrom('sessions').select(sessionColumns).where('lookup', '=', lookup),
      fromRow,
    ),
    end: prepare('sessions.end', (of: { applicationId: ApplicationId; lookup: string; now: number }) =>
      living
        .set({ endedAt: of.now })
        .where('lookup', '=', of.lookup)
        .where('applicationId', '=', of.applicationId)
        .where('expiresAt', '>', of.now),
    ),
    endAllOf: prepare(
      'sessions.end_all_of',
      (of: { applicationId: ApplicationId; endUserId: EndUserId; now: number }) =>
        living
          .set({ endedAt: of.now })
          .where('endUserId', '=', of.endUserId)
          .where('applicationId', '=', of.applicationId)
          .where('expiresAt', '>', of.now),
    ),
    endAll: prepare('sessions.end_all', (of: { applicationId: ApplicationId; now: number; limit: number }) =>
      living.set({ endedAt: of.now }).where('lookup', 'in', (select) =>
        // By the index of ends: what lives is a day's worth, whatever is kept.
        select
          .selectFrom('sessions')
          .select('lookup')
          .where('expiresAt', '>', of.now)
          .where('applicationId', '=', of.applicationId)
          .where('endedAt', 'is', null)
          .where('createdAt', '<=', of.now)
          .limit(of.limit),
      ),
    ),
    deleteExpired: prepare('sessions.delete_expired', (old: { before: number; limit: number }) =>
      build
        .deleteFrom('sessions')
        .where('lookup', 'in', (select) =>
          select
            .selectFrom('sessions')
            .select('lookup')
            .where('expiresAt', '<', old.before)
            .orderBy('expiresAt')
            .limit(old.limit),
        ),
    ),
  }
}

/** The sessions of {@link Sessions}. */
export function createSessions(queries: Queries): (executor: Executor) => Sessions {
  const statements = prepareAll(queries)
  return (executor) => ({
    async insert(session) {
      await executor.change(statements.insert, toRow(session))
    },
    find: (lookup) => executor.first(statements.find, { lookup }),
    end: async (applicationId, lookup, now) =>
      (await executor.change(statements.end, { applicationId, lookup, now })) === 1,
    endAllOf: (applicationId, endUserId, now) =>
      executor.change(statements.endAllOf, { applicationId, endUserId, now }),
    endAll: (applicationId, now, limit) => executor.change(statements.endAll, { applicationId, now, limit }),
    deleteExpired: (before, limit) => executor.change(statements.deleteExpired, { before, limit }),
  })
}
