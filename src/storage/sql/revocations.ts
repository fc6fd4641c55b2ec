import { sql } from 'kysely'
import type { ApplicationId, ConnectionId } from '../../model/ids.ts'
import type { Revocation } from '../../model/revocation.ts'
import type { Revocations } from '../storage.ts'
import { revocationColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { given, pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'

type Lease = { readonly owner: string; readonly now: number; readonly until: number; readonly limit: number }
type Sending = {
  readonly id: string
  readonly owner: string
  readonly accountDigest: string
  readonly until: number
}
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
    open: prepare('revocations.open', (to: Sending) =>
      build
        .updateTable('revocations')
        .set({ sendingUntil: to.until, accountDigest: to.accountDigest })
        .where('id', '=', to.id)
        .where('leaseOwner', '=', to.owner),
    ),
    sentFor: prepare(
      'revocations.sent_for',
      (of: { accountDigest: string; since: number }) =>
        build
          .selectFrom('revocations')
          .select(['id', 'sendingUntil'])
          .where('accountDigest', '=', of.accountDigest)
          .where('sendingUntil', '>', of.since)
          .orderBy('id'),
      ({ id, sendingUntil }) => ({ id, sendingUntil: Number(sendingUntil) }),
    ),
    forgetSent: prepare('revocations.forget_sent', (old: { before: number; limit: number }) =>
      build
        .updateTable('revocations')
        .set({ sendingUntil: null, accountDigest: null })
        .where('id', 'in', (of) =>
          of
            .selectFrom('revocations')
            .select('id')
            .where('sendingUntil', 'is not', null)
            .where('sendingUntil', '<', old.before)
            .orderBy('sendingUntil')
            .limit(old.limit),
        ),
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
    open: async (id, owner, accountDigest, until) =>
      (await executor.change(statements.open, { id, owner, accountDigest, until })) === 1,
    sentFor: (accountDigest, since) => executor.all(statements.sentFor, { accountDigest, since }),
    forgetSent: (before, limit) => executor.change(statements.forgetSent, { before, limit }),
    keepTokens: async (id, owner, tokens) =>
      (await executor.change(statements.keepTokens, { id, owner, ...tokens })) === 1,
    async settle(id, owner, now, change) {
      const query = queries.build
        .updateTable('revocations')
        .set({ ...given(change, CHANGEABLE), leaseOwner: null, leaseUntil: null })
        // What was under way until now stays known; what was over before keeps its time.
        .set((row) => ({
          sendingUntil: row
            .case()
            .when('sendingUntil', '>', now)
            .then(now)
            .else(row.ref('sendingUntil'))
            .end(),
        }))
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
