import { sql } from 'kysely'
import type { ApplicationId, ConnectionId } from '../../model/ids.ts'
import type { Renewal } from '../../model/renewal.ts'
import type { RenewalChange, Renewals } from '../storage.ts'
import { renewalColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { given, pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { RenewalRow } from './schema.ts'

const toRow = (renewal: Renewal): RenewalRow => ({ ...renewal, isOpen: Number(renewal.isOpen) })
const fromRow = (row: RenewalRow): Renewal => ({ ...row, isOpen: row.isOpen === 1 })

type Named = { readonly applicationId: ApplicationId; readonly connectionId: ConnectionId }
type Turn = { readonly owner: string; readonly now: number; readonly until: number }

const CHANGEABLE: readonly Exclude<keyof RenewalChange, 'isOpen'>[] = ['dueAt', 'tries', 'refusedAt', 'cause']

const byTurn = (one: Renewal, other: Renewal): number =>
  one.dueAt - other.dueAt || (one.connectionId < other.connectionId ? -1 : 1)

function prepareAll({ build }: Queries) {
  return {
    remove: prepare('renewals.remove', (of: Named) =>
      build
        .deleteFrom('renewals')
        .where('connectionId', '=', of.connectionId)
        .where('applicationId', '=', of.applicationId),
    ),
    insert: prepare('renewals.insert', (row: RenewalRow) =>
      build.insertInto('renewals').values(pick(row, renewalColumns)),
    ),
    find: prepare(
      'renewals.find',
      (of: Named) =>
        build
          .selectFrom('renewals')
          .select(renewalColumns)
          .where('connectionId', '=', of.connectionId)
          .where('applicationId', '=', of.applicationId),
      fromRow,
    ),
    take: prepare(
      'renewals.take',
      (of: Named & Turn) =>
        build
          .updateTable('renewals')
          .set({ leaseOwner: of.owner, leaseUntil: of.until })
          .where('connectionId', '=', of.connectionId)
          .where('applicationId', '=', of.applicationId)
          .where((or) => or.or([or('leaseUntil', 'is', null), or('leaseUntil', '<=', of.now)]))
          .returning(renewalColumns),
      fromRow,
    ),
    open: prepare('renewals.open', (of: { connectionId: ConnectionId; owner: string; until: number }) =>
      build
        .updateTable('renewals')
        .set({ isOpen: sql.lit(1), leaseUntil: of.until })
        .where('connectionId', '=', of.connectionId)
        .where('leaseOwner', '=', of.owner),
    ),
  }
}

/** One statement: a renewal goes to one worker, and on PostgreSQL nobody waits for those that another one is taking. */
function takeDue({ build, dialect }: Queries, turn: Turn, limit: number, exceptVendors: readonly string[]) {
  const due = build
    .selectFrom('renewals')
    .select('connectionId')
    .where('dueAt', '<=', turn.now)
    .where((or) => or.or([or('leaseUntil', 'is', null), or('leaseUntil', '<=', turn.now)]))
    .$if(exceptVendors.length > 0, (all) => all.where('vendor', 'not in', exceptVendors))
    .orderBy('dueAt')
    .limit(limit)
  return prepareOnce(
    build
      .with('due', () => (dialect === 'postgres' ? due.forUpdate().skipLocked() : due))
      .updateTable('renewals')
      .set({ leaseOwner: turn.owner, leaseUntil: turn.until })
      .where('connectionId', 'in', (select) => select.selectFrom('due').select('due.connectionId'))
      .returning(renewalColumns),
  )
}

/** The renewals of {@link Renewals}. */
export function createRenewals(queries: Queries): (executor: Executor) => Renewals {
  const statements = prepareAll(queries)
  return (executor) => ({
    async put(renewal) {
      await executor.change(statements.remove, renewal)
      await executor.change(statements.insert, toRow(renewal))
    },
    async remove(applicationId, connectionId) {
      await executor.change(statements.remove, { applicationId, connectionId })
    },
    find: (applicationId, connectionId) => executor.first(statements.find, { applicationId, connectionId }),
    take: (applicationId, connectionId, owner, now, until) =>
      executor.first(statements.take, { applicationId, connectionId, owner, now, until }),
    async takeDue(owner, now, until, limit, exceptVendors) {
      const taken = await executor.all(takeDue(queries, { owner, now, until }, limit, exceptVendors), {})
      return taken.map(fromRow).toSorted(byTurn)
    },
    async open(connectionId, owner, until) {
      return (await executor.change(statements.open, { connectionId, owner, until })) === 1
    },
    async settle(connectionId, owner, { isOpen, ...change }) {
      const query = queries.build
        .updateTable('renewals')
        .set({
          ...given(change, CHANGEABLE),
          ...(isOpen === undefined ? {} : { isOpen: Number(isOpen) }),
          leaseOwner: null,
          leaseUntil: null,
        })
        .where('connectionId', '=', connectionId)
        .where('leaseOwner', '=', owner)
      return (await executor.change(prepareOnce(query), {})) === 1
    },
  })
}
