import type { Tallies } from '../storage.ts'
import type { Executor } from './executor.ts'
import { prepare } from './prepared.ts'
import type { Queries } from './queries.ts'

type Count = { readonly key: string; readonly now: number; readonly endsAt: number }

function prepareAll({ build }: Queries) {
  return {
    count: prepare('tallies.count', ({ key, now, endsAt }: Count) =>
      build
        .insertInto('tallies')
        .values({ key, count: 1, endsAt })
        .onConflict((on) =>
          on.column('key').doUpdateSet((row) => ({
            count: row
              .case()
              .when('tallies.endsAt', '<=', now)
              .then(row.lit(1))
              .else(row('tallies.count', '+', row.lit(1)))
              .end(),
            endsAt: row
              .case()
              .when('tallies.endsAt', '<=', now)
              .then(row.ref('excluded.endsAt'))
              .else(row.ref('tallies.endsAt'))
              .end(),
          })),
        )
        .returning('count'),
    ),
    read: prepare('tallies.read', ({ key, now }: { key: string; now: number }) =>
      build.selectFrom('tallies').select('count').where('key', '=', key).where('endsAt', '>', now),
    ),
    deleteEnded: prepare('tallies.delete_ended', (old: { before: number; limit: number }) =>
      build
        .deleteFrom('tallies')
        .where('key', 'in', (select) =>
          select
            .selectFrom('tallies')
            .select('key')
            .where('endsAt', '<', old.before)
            .orderBy('endsAt')
            .limit(old.limit),
        ),
    ),
  }
}

/** What is counted, of {@link Tallies}. */
export function createTallies(queries: Queries): (executor: Executor) => Tallies {
  const statements = prepareAll(queries)
  return (executor) => ({
    count: async (key, now, endsAt) =>
      (await executor.first(statements.count, { key, now, endsAt }))?.count ?? 1,
    read: async (key, now) => (await executor.first(statements.read, { key, now }))?.count ?? 0,
    deleteEnded: (before, limit) => executor.change(statements.deleteEnded, { before, limit }),
  })
}
