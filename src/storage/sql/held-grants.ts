import { sql } from 'kysely'
import type { HeldGrant } from '../../model/held-grant.ts'
import type { ApplicationId, AttemptId, EndUserId } from '../../model/ids.ts'
import type { HeldGrants } from '../storage.ts'
import { heldGrantColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { pick, prepare } from './prepared.ts'
import type { Queries } from './queries.ts'

type Account = { readonly applicationId: ApplicationId; readonly vendor: string; readonly accountId: string }

function prepareAll({ build }: Queries) {
  const held = build.selectFrom('heldGrants').select(heldGrantColumns)
  /** In the words of the partial indexes over the few that are not settled. */
  const living = held.where('sealed', 'is not', null)
  return {
    insert: prepare('held_grants.insert', (row: HeldGrant) =>
      build.insertInto('heldGrants').values(pick(row, heldGrantColumns)),
    ),
    find: prepare('held_grants.find', ({ id }: { id: AttemptId }) => held.where('attemptId', '=', id)),
    release: prepare('held_grants.release', (to: { id: AttemptId; now: number; until: number }) =>
      build
        .updateTable('heldGrants')
        .set({ releasedAt: to.now, expiresAt: to.until })
        .where('attemptId', '=', to.id)
        .where('releasedAt', 'is', null)
        .where('sealed', 'is not', null)
        .where('expiresAt', '>', to.now)
        .returning(heldGrantColumns),
    ),
    settle: prepare('held_grants.settle', ({ id }: { id: AttemptId }) =>
      build
        .updateTable('heldGrants')
        .set({ sealed: null, accountId: null })
        .where('attemptId', '=', id)
        .where('sealed', 'is not', null),
    ),
    livingOf: prepare('held_grants.living_of', (of: { applicationId: ApplicationId; endUserId: EndUserId }) =>
      living
        .where('endUserId', '=', of.endUserId)
        .where('applicationId', '=', of.applicationId)
        .orderBy('createdAt')
        .orderBy('attemptId'),
    ),
    ofAccount: prepare('held_grants.of_account', (of: Account) =>
      living
        .where('applicationId', '=', of.applicationId)
        .where('vendor', '=', of.vendor)
        .where('accountId', '=', of.accountId)
        .limit(sql.lit(1)),
    ),
    overdue: prepare('held_grants.overdue', (over: { now: number; limit: number }) =>
      living.where('expiresAt', '<=', over.now).orderBy('expiresAt').limit(over.limit),
    ),
    deleteSettled: prepare('held_grants.delete_settled', (old: { before: number; limit: number }) =>
      build
        .deleteFrom('heldGrants')
        .where('attemptId', 'in', (select) =>
          select
            .selectFrom('heldGrants')
            .select('attemptId')
            .where('sealed', 'is', null)
            .where('createdAt', '<', old.before)
            .orderBy('createdAt')
            .limit(old.limit),
        ),
    ),
  }
}

/** The held grants of {@link HeldGrants}. */
export function createHeldGrants(queries: Queries): (executor: Executor) => HeldGrants {
  const statements = prepareAll(queries)
  return (executor) => ({
    async insert(held) {
      await executor.change(statements.insert, held)
    },
    find: (id) => executor.first(statements.find, { id }),
    release: (id, now, until) => executor.first(statements.release, { id, now, until }),
    settle: async (id) => (await executor.change(statements.settle, { id })) === 1,
    livingOf: (applicationId, endUserId) => executor.all(statements.livingOf, { applicationId, endUserId }),
    holdsAccount: async (applicationId, vendor, accountId) =>
      (await executor.first(statements.ofAccount, { applicationId, vendor, accountId })) !== null,
    overdue: (now, limit) => executor.all(statements.overdue, { now, limit }),
    deleteSettled: (before, limit) => executor.change(statements.deleteSettled, { before, limit }),
  })
}
