import { sql } from 'kysely'
import type { ApplicationId } from '../../model/ids.ts'
import type { InboundNotification, NotificationAddress } from '../../model/inbound.ts'
import type { InboundChange, InboundNotifications, NotificationAddresses } from '../inbound-storage.ts'
import { inboundColumns, notificationAddressColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { given, pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { InboundRow } from './schema.ts'

const toRow = (one: InboundNotification): InboundRow => ({ ...one, isAuthentic: Number(one.isAuthentic) })
const fromRow = (row: InboundRow): InboundNotification => ({ ...row, isAuthentic: row.isAuthentic === 1 })

type Turn = { readonly owner: string; readonly now: number; readonly until: number; readonly limit: number }

const CHANGEABLE: readonly (keyof InboundChange)[] = [
  'status',
  'nextTryAt',
  'cause',
  'finishedAt',
  'sealedBody',
]

const byAge = (one: InboundNotification, other: InboundNotification): number =>
  one.receivedAt - other.receivedAt || (one.id < other.id ? -1 : 1)

function prepareAll({ build, dialect }: Queries) {
  return {
    insert: prepare('inbound_notifications.insert', (row: InboundRow) =>
      build
        .insertInto('inboundNotifications')
        .values(pick(row, inboundColumns))
        .onConflict((on) => on.doNothing()),
    ),
    find: prepare(
      'inbound_notifications.find',
      (of: { readonly applicationId: ApplicationId; readonly id: string }) =>
        build
          .selectFrom('inboundNotifications')
          .select(inboundColumns)
          .where('id', '=', of.id)
          .where('applicationId', '=', of.applicationId),
      fromRow,
    ),
    lease: prepare(
      'inbound_notifications.lease',
      (of: Turn) => {
        const due = build
          .selectFrom('inboundNotifications')
          .select('id')
          .where('status', '=', sql.lit('pending'))
          .where('nextTryAt', '<=', of.now)
          .where((or) => or.or([or('leaseUntil', 'is', null), or('leaseUntil', '<=', of.now)]))
          .orderBy('nextTryAt')
          .limit(of.limit)
        return build
          .with('due', () => (dialect === 'postgres' ? due.forUpdate().skipLocked() : due))
          .updateTable('inboundNotifications')
          .set((old) => ({
            leaseOwner: of.owner,
            leaseUntil: of.until,
            tries: old('tries', '+', sql.lit(1)),
          }))
          .where('id', 'in', (select) => select.selectFrom('due').select('due.id'))
          .returning(inboundColumns)
      },
      fromRow,
    ),
    deleteOld: prepare(
      'inbound_notifications.delete_old',
      (of: { readonly before: number; readonly limit: number }) =>
        build
          .deleteFrom('inboundNotifications')
          .where('id', 'in', (select) =>
            select
              .selectFrom('inboundNotifications')
              .select('id')
              .where('receivedAt', '<', of.before)
              .limit(of.limit),
          ),
    ),
  }
}

/** The notifications of {@link InboundNotifications}. */
export function createInboundNotifications(queries: Queries): (executor: Executor) => InboundNotifications {
  const statements = prepareAll(queries)
  return (executor) => ({
    insert: async (notification) => (await executor.change(statements.insert, toRow(notification))) === 1,
    find: (applicationId, id) => executor.first(statements.find, { applicationId, id }),
    async lease(owner, now, until, limit) {
      return (await executor.all(statements.lease, { owner, now, until, limit })).toSorted(byAge)
    },
    async settle(id, owner, change) {
      const query = queries.build
        .updateTable('inboundNotifications')
        .set({ ...given(change, CHANGEABLE), leaseOwner: null, leaseUntil: null })
        .where('id', '=', id)
        .where('leaseOwner', '=', owner)
      return (await executor.change(prepareOnce(query), {})) === 1
    },
    deleteOld: (before, limit) => executor.change(statements.deleteOld, { before, limit }),
  })
}

/** The addresses of {@link NotificationAddresses}. */
export function createNotificationAddresses({
  build,
}: Queries): (executor: Executor) => NotificationAddresses {
  type Named = { readonly applicationId: ApplicationId; readonly vendor: string }
  const ofApplication = build.selectFrom('notificationAddresses').select(notificationAddressColumns)
  const find = prepare('notification_addresses.find', (of: Named) =>
    ofApplication.where('applicationId', '=', of.applicationId).where('vendor', '=', of.vendor),
  )
  const listOf = prepare(
    'notification_addresses.list_of',
    ({ applicationId }: { readonly applicationId: ApplicationId }) =>
      ofApplication.where('applicationId', '=', applicationId).orderBy('vendor'),
  )
  const put = prepare('notification_addresses.put', (address: NotificationAddress) =>
    build
      .insertInto('notificationAddresses')
      .values(pick(address, notificationAddressColumns))
      .onConflict((on) =>
        on.columns(['applicationId', 'vendor']).doUpdateSet({
          generation: address.generation,
          changedAt: address.changedAt,
          sealedSecret: address.sealedSecret,
        }),
      ),
  )
  return (executor) => ({
    find: (applicationId, vendor) => executor.first(find, { applicationId, vendor }),
    listOf: (applicationId) => executor.all(listOf, { applicationId }),
    async put(address) {
      await executor.change(put, address)
    },
  })
}
