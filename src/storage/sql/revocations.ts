import { sql } from 'kysely'
import type { ApplicationId, ConnectionId } from '../../model/ids.ts'
import type { Revocation } from '../../model/revocation.ts'
import type { Revocations } from '../storage.ts'
import { revocationColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { given, pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'

type Lease = { readonly owner: string; readonly now: number; readonly until: number; readonly limit: number }
type Renewal = Pick<Revocation, 'id' | 'sealedTokens' | 'accessExpiresAt'> & { readonly owner: string }

const CHANGEABLE = ['status', 'nextTryAt', 'cause', 'finishedAt', 'accountId', 'sealedTokens'] as const

const byTurn = (one: Revocation, other: Revocation): number =>
  one.nextTryAt - other.nextTryAt || (one.id < other.id ? -1 : 1)

/** One statement: a job goes to one worker, and on PostgreSQL nobody waits for the jobs that another one is taking. */
const prepareLease = ({ build, dialect }: Queries) =>
  prepare('revocations.lease', ({ owner, now, until, limit }: Lease) => {
    const due = build
      .selectFrom('revocations')
      .select('id')
      .where('status', '=', sql.lit('pending'))
      .where('nextTryAt', '<=', now)
      .where((or) => or.or([or('leaseUntil', 'is', null), or('leaseUntil', '<=', now)]))
      .orderBy('nextTryAt')
      .orderBy('id')
      .limit(limit)
    return build
      .with('due', () => (dialect === 'postgres' ? due.forUpdate().skipLocked() : due))
      .updateTable('revocations')
      .set((column) => ({ leaseOwner: owner, leaseUntil: until, tries: column('tries', '+', sql.lit(1)) }))
      .where('id', 'in', (select) => select.selectFrom('due').select('due.id'))
      .returning(revocationColumns)
  })

function prepareAll(queries: Queries) {
  const { build } = queries
  return {
    enqueue: prepare('revocations.enqueue', (revocation: Revocation) =>
      build.insertInto('revocations').values(pick(revocation, revocationColumns)),
    ),
    lease: prepareLease(queries),
    keepTokens: prepare('revocations.keep_tokens', ({ id, owner, sealedTokens, accessExpiresAt }: Renewal) =>
      build
        .updateTable('revocations')
        .set({ sealedTokens, accessExpiresAt })
        .where('id', '=', id)
        .where('leaseOwner', '=', owner),
    ),
    open: prepare('revocations.open', (to: { id: string; owner: string; until: number }) =>
      build
        .updateTable('revocations')
        .set({ sendingUntil: to.until })
        .where('id', '=', to.id)
        .where('leaseOwner', '=', to.owner),
    ),
    listOf: prepare(
      'revocations.list_of',
      (of: { applicationId: ApplicationId; connectionId: ConnectionId }) =>
        build
          .selectFrom('revocations')
          .select(revocationColumns)
          .where('connectionId', '=', of.connectionId)
          .where('applicationId', '=', of.applicationId)
          .orderBy('createdAt')
          .orderBy('id'),
    ),
  }
}

/** The revocations of {@link Revocations}. */
export function createRevocations(queries: Queries): (executor: Executor) => Revocations {
  const statements = prepareAll(queries)
  return (executor) => ({
    async enqueue(revocation) {
      await executor.change(statements.enqueue, revocation)
    },
    async lease(owner, now, until, limit) {
      const taken = await executor.all(statements.lease, { owner, now, until, limit })
      return taken.toSorted(byTurn)
    },
    open: async (id, owner, until) => (await executor.change(statements.open, { id, owner, until })) === 1,
    async isOpen(applicationIds, vendor, accountId, now) {
      if (applicationIds.length === 0) return false
      const query = queries.build
        .selectFrom('revocations')
        .select('id')
        .where('vendor', '=', vendor)
        .where('accountId', '=', accountId)
        .where('sendingUntil', 'is not', null)
        .where('sendingUntil', '>', now)
        .where('applicationId', 'in', applicationIds)
        .limit(1)
      return (await executor.first(prepareOnce(query), {})) !== null
    },
    keepTokens: async (id, owner, tokens) =>
      (await executor.change(statements.keepTokens, { id, owner, ...tokens })) === 1,
    async settle(id, owner, change) {
      const query = queries.build
        .updateTable('revocations')
        .set({ ...given(change, CHANGEABLE), leaseOwner: null, leaseUntil: null, sendingUntil: null })
        .where('id', '=', id)
        .where('leaseOwner', '=', owner)
      return (await executor.change(prepareOnce(query), {})) === 1
    },
    async findMany(applicationId, ids) {
      if (ids.length === 0) return []
      const query = queries.build
        .selectFrom('revocations')
        .select(revocationColumns)
        .where('id', 'in', ids)
        .where('applicationId', '=', applicationId)
        .orderBy('createdAt')
        .orderBy('id')
      return executor.all(prepareOnce(query), {})
    },
    listOf: (applicationId, connectionId) => executor.all(statements.listOf, { applicationId, connectionId }),
  })
}
