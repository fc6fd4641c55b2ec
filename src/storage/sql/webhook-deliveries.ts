import { sql } from 'kysely'
import type { ApplicationId } from '../../model/ids.ts'
import type { Delivery, DeliveryAttempt } from '../../model/webhook.ts'
import type { HeldLane, PendingDelivery, WebhookDeliveries } from '../webhook-storage.ts'
import { eventColumns, webhookDeliveryColumns } from './columns.ts'
import { eventFromRow } from './events.ts'
import type { Executor } from './executor.ts'
import { prepare } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { WebhookDeliveryRow } from './schema.ts'
import { createWebhookQueue } from './webhook-queue.ts'

const fromRow = (row: WebhookDeliveryRow): Delivery => ({
  ...row,
  attempts: JSON.parse(row.attempts) as DeliveryAttempt[], // written by `settle` only
})

type Lane = { readonly endpointId: string; readonly lane: string }
type Lease = {
  readonly endpointId: string
  readonly owner: string
  readonly now: number
  readonly until: number
  readonly limit: number
}
type Settled = HeldLane &
  Pick<WebhookDeliveryRow, 'sequence' | 'status' | 'tries' | 'attempts' | 'finishedAt'>
type Listed = {
  readonly applicationId: ApplicationId
  readonly endpointId: string
  readonly before: number
  readonly limit: number
}

/** One statement: a lane goes to one worker, and on PostgreSQL nobody waits for the lanes that another one is taking. */
const prepareLease = ({ build, dialect }: Queries) =>
  prepare('webhook_lanes.lease', ({ endpointId, owner, now, until, limit }: Lease) => {
    const due = build
      .selectFrom('webhookLanes')
      .select('lane')
      .where('endpointId', '=', endpointId)
      .where('nextTryAt', '<=', now)
      .where((or) => or.or([or('leaseUntil', 'is', null), or('leaseUntil', '<=', now)]))
      .orderBy('nextTryAt')
      .orderBy('lane')
      .limit(limit)
    return build
      .with('due', () => (dialect === 'postgres' ? due.forUpdate().skipLocked() : due))
      .updateTable('webhookLanes')
      .set({ leaseOwner: owner, leaseUntil: until })
      .where('endpointId', '=', endpointId)
      .where('lane', 'in', (select) => select.selectFrom('due').select('due.lane'))
      .returning(['endpointId', 'lane'])
  })

/**
 * What queues events for an endpoint writes to its row first, in the same unit. With this lock a lane that ends and an event
 * that is queued for it never miss each other: one of the two waits, and is run again when it looked too early.
 * Serializable transactions alone do not see it, since `on conflict do nothing` counts as no read.
 */
const prepareQueueLock = ({ build }: Queries) =>
  prepare('webhook_endpoints.lock_queue', ({ endpointId }: { endpointId: string }) =>
    build.selectFrom('webhookEndpoints').select('id').where('id', '=', endpointId).forShare(),
  )

function prepareLanes(queries: Queries) {
  const { build } = queries
  return {
    lease: prepareLease(queries),
    end: prepare('webhook_lanes.end', ({ endpointId, lane, owner }: HeldLane) =>
      build
        .deleteFrom('webhookLanes')
        .where('endpointId', '=', endpointId)
        .where('lane', '=', lane)
        .where('leaseOwner', '=', owner)
        .where((not) =>
          not.not(
            not.exists(
              not
                .selectFrom('webhookDeliveries')
                .select('sequence')
                .where('endpointId', '=', endpointId)
                .where('lane', '=', lane)
                .where('status', '=', sql.lit('pending')),
            ),
          ),
        ),
    ),
    giveBack: prepare('webhook_lanes.give_back', (held: HeldLane & { readonly nextTryAt: number }) =>
      build
        .updateTable('webhookLanes')
        .set({ leaseOwner: null, leaseUntil: null, nextTryAt: held.nextTryAt })
        .where('endpointId', '=', held.endpointId)
        .where('lane', '=', held.lane)
        .where('leaseOwner', '=', held.owner),
    ),
    hurry: prepare('webhook_lanes.hurry', ({ endpointId, now }: { endpointId: string; now: number }) =>
      build
        .updateTable('webhookLanes')
        .set({ nextTryAt: now })
        .where('endpointId', '=', endpointId)
        .where('nextTryAt', '>', now)
        .where((or) => or.or([or('leaseUntil', 'is', null), or('leaseUntil', '<=', now)])),
    ),
  }
}

function prepareDeliveries({ build }: Queries) {
  const pendingOf = ({ endpointId, lane, limit }: Lane & { readonly limit: number }) =>
    build
      .selectFrom('webhookDeliveries')
      .where('endpointId', '=', endpointId)
      .where('lane', '=', lane)
      .where('status', '=', sql.lit('pending'))
      .orderBy('sequence')
      .limit(limit)
  return {
    pending: prepare(
      'webhook_deliveries.pending',
      (of: Lane & { readonly limit: number }) => pendingOf(of).select(webhookDeliveryColumns),
      fromRow,
    ),
    pendingEvents: prepare(
      'webhook_deliveries.pending_events',
      (of: Lane & { readonly limit: number }) =>
        build
          .selectFrom('events')
          .select([...eventColumns, 'sequence'])
          .where('sequence', 'in', pendingOf(of).select('sequence')),
      eventFromRow,
    ),
    settle: prepare('webhook_deliveries.settle', (to: Settled) =>
      build
        .updateTable('webhookDeliveries')
        .set({ status: to.status, tries: to.tries, attempts: to.attempts, finishedAt: to.finishedAt })
        .where('endpointId', '=', to.endpointId)
        .where('sequence', '=', to.sequence)
        .where((held) =>
          held.exists(
            held
              .selectFrom('webhookLanes')
              .select('webhookLanes.lane')
              .where('webhookLanes.endpointId', '=', to.endpointId)
              .where('webhookLanes.lane', '=', to.lane)
              .where('leaseOwner', '=', to.owner),
          ),
        ),
    ),
  }
}

function prepareReading({ build }: Queries) {
  const newestOf = ({ applicationId, endpointId, before, limit }: Listed) =>
    build
      .selectFrom('webhookDeliveries')
      .select(webhookDeliveryColumns)
      .where('endpointId', '=', endpointId)
      .where('sequence', '<', before)
      .where('applicationId', '=', applicationId)
      .orderBy('sequence', 'desc')
      .limit(limit)
  return {
    list: prepare('webhook_deliveries.list', newestOf, fromRow),
    listOfStatus: prepare(
      'webhook_deliveries.list_of_status',
      (of: Listed & { readonly status: Delivery['status'] }) => newestOf(of).where('status', '=', of.status),
      fromRow,
    ),
    backlog: prepare('webhook_deliveries.backlog', () =>
      build
        .selectFrom('webhookDeliveries')
        .innerJoin('webhookEndpoints', 'webhookEndpoints.id', 'webhookDeliveries.endpointId')
        .select((all) => [
          all.fn.countAll<number>().as('pending'),
          all.fn.min('webhookDeliveries.createdAt').as('oldestAt'),
        ])
        .where('webhookDeliveries.status', '=', sql.lit('pending'))
        .where('webhookEndpoints.status', '=', sql.lit('enabled')),
    ),
    deleteFinished: prepare('webhook_deliveries.delete_finished', (old: { before: number; limit: number }) =>
      build
        .deleteFrom('webhookDeliveries')
        .where((tuple) =>
          tuple(
            tuple.refTuple('endpointId', 'sequence'),
            'in',
            tuple
              .selectFrom('webhookDeliveries')
              .select(['endpointId', 'sequence'])
              .where('finishedAt', '<', old.before)
              .orderBy('finishedAt')
              .limit(old.limit)
              .$asTuple('endpointId', 'sequence'),
          ),
        ),
    ),
  }
}

/** The deliveries of {@link WebhookDeliveries}. */
export function createWebhookDeliveries(queries: Queries): (executor: Executor) => WebhookDeliveries {
  const statements = { ...prepareLanes(queries), ...prepareDeliveries(queries), ...prepareReading(queries) }
  // SQLite has one writer at a time.
  const lockQueue = queries.dialect === 'postgres' ? prepareQueueLock(queries) : null
  const createQueue = createWebhookQueue(queries)
  return (executor) => ({
    ...createQueue(executor),
    async lease(endpointId, owner, now, until, limit) {
      const lanes = await executor.all(statements.lease, { endpointId, owner, now, until, limit })
      return lanes.map(({ lane }) => ({ endpointId, lane, owner }))
    },
    async pending(endpointId, lane, limit): Promise<readonly PendingDelivery[]> {
      const of = { endpointId, lane, limit }
      const deliveries = await executor.all(statements.pending, of)
      const events = new Map(
        (await executor.all(statements.pendingEvents, of)).map((event) => [event.sequence, event]),
      )
      return deliveries.map((delivery) => ({ ...delivery, event: events.get(delivery.sequence) ?? null }))
    },
    settle: async (held, sequence, { status, tries, attempts, finishedAt }) =>
      (await executor.change(statements.settle, {
        ...held,
        sequence,
        status,
        tries,
        attempts: JSON.stringify(attempts),
        finishedAt,
      })) === 1,
    async release(held, nextTryAt) {
      if (lockQueue !== null) await executor.all(lockQueue, { endpointId: held.endpointId })
      if ((await executor.change(statements.end, held)) === 0)
        await executor.change(statements.giveBack, { ...held, nextTryAt })
    },
    async hurry(endpointId, now) {
      await executor.change(statements.hurry, { endpointId, now })
    },
    list: (applicationId, endpointId, { status, before, limit }) =>
      status === null
        ? executor.all(statements.list, { applicationId, endpointId, before, limit })
        : executor.all(statements.listOfStatus, { applicationId, endpointId, before, limit, status }),
    backlog: async () => {
      const waiting = await executor.first(statements.backlog, {})
      return { pending: Number(waiting?.pending ?? 0), oldestAt: waiting?.oldestAt ?? null }
    },
    deleteFinished: (before, limit) => executor.change(statements.deleteFinished, { before, limit }),
  })
}
