import { sql } from 'kysely'
import type { ApplicationId, ConnectionId } from '../../model/ids.ts'
import type { Subscription } from '../../model/subscription.ts'
import type { SubscriptionChange, Subscriptions } from '../inbound-storage.ts'
import { subscriptionColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { given, pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { SubscriptionRow } from './schema.ts'

const toRow = (one: Subscription): SubscriptionRow => ({ ...one, owner: one.connectionId ?? '' })
const fromRow = ({ owner: _, ...one }: SubscriptionRow): Subscription => one

type Owned = { readonly applicationId: ApplicationId; readonly vendor: string; readonly owner: string }
type Turn = { readonly owner: string; readonly now: number; readonly until: number; readonly limit: number }

const CHANGEABLE: readonly (keyof SubscriptionChange)[] = [
  'status',
  'remoteId',
  'generation',
  'expiresAt',
  'dueAt',
  'tries',
  'cause',
]

function prepareAll({ build, dialect }: Queries) {
  const all = build.selectFrom('notificationSubscriptions')
  return {
    want: prepare('notification_subscriptions.want', (row: SubscriptionRow) =>
      build
        .insertInto('notificationSubscriptions')
        .values(pick(row, subscriptionColumns))
        .onConflict((on) =>
          on
            .columns(['applicationId', 'vendor', 'owner', 'topic'])
            .doUpdateSet({ dueAt: row.dueAt })
            .where('notificationSubscriptions.status', '<>', sql.lit('active')),
        ),
    ),
    listOf: prepare(
      'notification_subscriptions.list_of',
      (of: Owned) =>
        all
          .select(subscriptionColumns)
          .where('applicationId', '=', of.applicationId)
          .where('vendor', '=', of.vendor)
          .where('owner', '=', of.owner)
          .orderBy('topic'),
      fromRow,
    ),
    tally: prepare(
      'notification_subscriptions.tally',
      ({ applicationId }: { readonly applicationId: ApplicationId }) =>
        all
          .select(['vendor', 'status'])
          .select((and) => [and.fn.countAll<number>().as('count'), and.fn.max('cause').as('cause')])
          .where('applicationId', '=', applicationId)
          .groupBy(['vendor', 'status']),
      ({ count, ...row }) => ({ ...row, count: Number(count) }),
    ),
    lease: prepare(
      'notification_subscriptions.lease',
      (of: Turn) => {
        const due = all
          .select('id')
          .where('dueAt', '<=', of.now)
          .where((or) => or.or([or('leaseUntil', 'is', null), or('leaseUntil', '<=', of.now)]))
          .orderBy('dueAt')
          .limit(of.limit)
        return build
          .with('due', () => (dialect === 'postgres' ? due.forUpdate().skipLocked() : due))
          .updateTable('notificationSubscriptions')
          .set({ leaseOwner: of.owner, leaseUntil: of.until })
          .where('id', 'in', (select) => select.selectFrom('due').select('due.id'))
          .returning(subscriptionColumns)
      },
      fromRow,
    ),
    hurry: prepare(
      'notification_subscriptions.hurry',
      (of: { readonly applicationId: ApplicationId; readonly vendor: string; readonly now: number }) =>
        build
          .updateTable('notificationSubscriptions')
          .set({ dueAt: of.now })
          .where('applicationId', '=', of.applicationId)
          .where('vendor', '=', of.vendor),
    ),
  }
}

function prepareRemovals({ build }: Queries) {
  return {
    removeAt: prepare('notification_subscriptions.remove_at', (of: Pick<Owned, 'applicationId' | 'vendor'>) =>
      build
        .deleteFrom('notificationSubscriptions')
        .where('applicationId', '=', of.applicationId)
        .where('vendor', '=', of.vendor)
        .where('owner', '=', sql.lit('')),
    ),
    removeOf: prepare(
      'notification_subscriptions.remove_of',
      (of: { readonly applicationId: ApplicationId; readonly connectionId: ConnectionId }) =>
        build
          .deleteFrom('notificationSubscriptions')
          .where('connectionId', '=', of.connectionId)
          .where('applicationId', '=', of.applicationId),
    ),
  }
}

/** The subscriptions of {@link Subscriptions}. */
export function createSubscriptions(queries: Queries): (executor: Executor) => Subscriptions {
  const statements = { ...prepareAll(queries), ...prepareRemovals(queries) }
  return (executor) => ({
    async want(subscription) {
      await executor.change(statements.want, toRow(subscription))
    },
    listOf: (applicationId, vendor, connectionId) =>
      executor.all(statements.listOf, { applicationId, vendor, owner: connectionId ?? '' }),
    tally: (applicationId) => executor.all(statements.tally, { applicationId }),
    lease: (owner, now, until, limit) => executor.all(statements.lease, { owner, now, until, limit }),
    async settle(id, owner, change) {
      const query = queries.build
        .updateTable('notificationSubscriptions')
        .set({ ...given(change, CHANGEABLE), leaseOwner: null, leaseUntil: null })
        .where('id', '=', id)
        .where('leaseOwner', '=', owner)
      return (await executor.change(prepareOnce(query), {})) === 1
    },
    async hurry(applicationId, vendor, now) {
      await executor.change(statements.hurry, { applicationId, vendor, now })
    },
    async removeAt(applicationId, vendor) {
      await executor.change(statements.removeAt, { applicationId, vendor })
    },
    async removeOf(applicationId, connectionId) {
      await executor.change(statements.removeOf, { applicationId, connectionId })
    },
  })
}
