import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely'
import type { WebhookEndpoint } from '../../model/webhook.ts'
import type { WebhookDeliveries } from '../webhook-storage.ts'
import { webhookDeliveryColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { Schema } from './schema.ts'

type Span = { readonly applicationId: string; readonly after: number; readonly limit: number }

/** Which events of an application are meant. */
type Which = (event: ExpressionBuilder<Schema, 'events'>) => ExpressionWrapper<Schema, 'events', SqlBool>

function prepareAll({ build }: Queries) {
  return {
    position: prepare('webhook_endpoints.position', ({ id }: { id: string }) =>
      build
        .selectFrom('webhookEndpoints')
        .select('position')
        .where('id', '=', id)
        .where('status', '=', sql.lit('enabled')),
    ),
    /** The events behind a place, up to a number of them: how many there are, and where the last of them stands. */
    span: prepare('events.span', ({ applicationId, after, limit }: Span) =>
      build
        .with('due', (next) =>
          next
            .selectFrom('events')
            .select('sequence')
            .where(sql.ref('application_id'), '=', applicationId)
            .where('sequence', '>', after)
            .orderBy('sequence')
            .limit(limit),
        )
        .selectFrom('due')
        .select((all) => [all.fn.max('sequence').as('last'), all.fn.countAll<number>().as('count')]),
    ),
    moveOn: prepare('webhook_endpoints.move_on', (to: { id: string; from: number; position: number }) =>
      build
        .updateTable('webhookEndpoints')
        .set({ position: to.position })
        .where('id', '=', to.id)
        .where('position', '=', to.from),
    ),
  }
}

/** Stores deliveries of these events; what is known already stays, or starts again. */
const insertDeliveries = (
  { build }: Queries,
  { id, applicationId }: WebhookEndpoint,
  which: Which,
  { now, again }: { readonly now: number; readonly again: boolean },
) =>
  prepareOnce(
    build
      .insertInto('webhookDeliveries')
      .columns(webhookDeliveryColumns)
      .expression((from) =>
        from
          .selectFrom('events')
          .select((event) => [
            event.val(id).as('endpointId'),
            'events.applicationId',
            'events.sequence',
            'events.id as eventId',
            'events.lane',
            event.val('pending').as('status'),
            event.val(0).as('tries'),
            event.val('[]').as('attempts'),
            event.val(now).as('createdAt'),
            event.val(null).as('finishedAt'),
          ])
          .where('events.applicationId', '=', applicationId)
          .where(which),
      )
      .onConflict((on) => {
        const known = on.columns(['endpointId', 'sequence'])
        return again
          ? known.doUpdateSet({ status: 'pending', tries: 0, finishedAt: null })
          : known.doNothing()
      }),
  )

/** Opens the lanes of these events; one that is open stays as it is, or is due at once. */
const insertLanes = (
  { build }: Queries,
  { id, applicationId }: WebhookEndpoint,
  which: Which,
  { now, again }: { readonly now: number; readonly again: boolean },
) =>
  prepareOnce(
    build
      .insertInto('webhookLanes')
      .columns(['endpointId', 'applicationId', 'lane', 'nextTryAt'])
      .expression((from) =>
        from
          .selectFrom('events')
          .select((event) => [
            event.val(id).as('endpointId'),
            'events.applicationId',
            'events.lane',
            event.val(now).as('nextTryAt'),
          ])
          .where('events.applicationId', '=', applicationId)
          .where(which)
          .groupBy(['events.applicationId', 'events.lane']),
      )
      .onConflict((on) => {
        const known = on.columns(['endpointId', 'lane'])
        return again ? known.doUpdateSet({ nextTryAt: now }) : known.doNothing()
      }),
  )

/** How deliveries come to be: what {@link WebhookDeliveries} says of `queue`, `replay` and `replayEvent`. */
export function createWebhookQueue(
  queries: Queries,
): (executor: Executor) => Pick<WebhookDeliveries, 'queue' | 'replay' | 'replayEvent'> {
  const statements = prepareAll(queries)
  const { build } = queries

  return (executor) => {
    const insert = async (endpoint: WebhookEndpoint, which: Which, now: number, again: boolean) => {
      const queued = await executor.change(insertDeliveries(queries, endpoint, which, { now, again }), {})
      if (queued > 0) await executor.change(insertLanes(queries, endpoint, which, { now, again }), {})
      return queued
    }
    return {
      async queue(endpoint, types, now, limit) {
        const { id, applicationId } = endpoint
        const place = await executor.first(statements.position, { id })
        if (place === null) return 0
        const after = place.position
        const span = await executor.first(statements.span, { applicationId, after, limit })
        if (span === null || span.last === null) return 0
        const { last } = span
        // First of all writes: whoever ends a lane waits for this row, or this waits for them.
        await executor.change(statements.moveOn, { id, from: after, position: last })
        if (types.length > 0)
          await insert(
            endpoint,
            (event) =>
              event.and([
                event('sequence', '>', after),
                event('sequence', '<=', last),
                event('type', 'in', types),
              ]),
            now,
            false,
          )
        return Number(span.count)
      },
      async replay(endpoint, types, now, { from, to, limit }) {
        if (types.length === 0) return { queued: 0, continueFrom: null }
        const found = await executor.all(
          prepareOnce(
            build
              .selectFrom('events')
              .select('createdAt')
              .where('applicationId', '=', endpoint.applicationId)
              .where('createdAt', '>=', from)
              .where('createdAt', '<', to)
              .where('type', 'in', types)
              .orderBy('createdAt')
              .limit(limit),
          ),
          {},
        )
        const lastAt = found.at(-1)?.createdAt
        if (lastAt === undefined) return { queued: 0, continueFrom: null }
        const queued = await insert(
          endpoint,
          (event) =>
            event.and([
              event('createdAt', '>=', from),
              event('createdAt', '<=', lastAt),
              event('type', 'in', types),
            ]),
          now,
          true,
        )
        return { queued, continueFrom: found.length === limit ? lastAt + 1 : null }
      },
      async replayEvent(endpoint, types, now, eventId) {
        if (types.length === 0) return false
        const isIt: Which = (event) => event.and([event('id', '=', eventId), event('type', 'in', types)])
        return (await insert(endpoint, isIt, now, true)) > 0
      },
    }
  }
}
