import { sql } from 'kysely'
import type { EventType } from '../../model/event.ts'
import type { ApplicationId } from '../../model/ids.ts'
import type { WebhookEndpoint, WebhookSecret } from '../../model/webhook.ts'
import type { WebhookEndpointChange, WebhookEndpoints } from '../webhook-storage.ts'
import { webhookEndpointColumns, webhookSecretColumns } from './columns.ts'
import { conflict, type Executor } from './executor.ts'
import { given, pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { WebhookEndpointRow } from './schema.ts'

const toRow = (endpoint: WebhookEndpoint): WebhookEndpointRow => ({
  ...endpoint,
  types: endpoint.types && JSON.stringify(endpoint.types),
})

const fromRow = (row: WebhookEndpointRow): WebhookEndpoint => ({
  ...row,
  // Written by this file only.
  types: row.types === null ? null : (JSON.parse(row.types) as EventType[]),
})

const CHANGEABLE: readonly (keyof WebhookEndpointChange)[] = [
  'url',
  'types',
  'timestampType',
  'format',
  'managedBy',
  'status',
  'disabledReason',
  'failingSince',
  'pausedUntil',
  'updatedAt',
]

type Owned = { readonly applicationId: ApplicationId; readonly id: string }

const prepareBusy = ({ build }: Queries) =>
  prepare(
    'webhook_endpoints.busy',
    ({ now }: { now: number }) =>
      build
        .selectFrom('webhookEndpoints as endpoint')
        .select(webhookEndpointColumns)
        .where('status', '=', sql.lit('enabled'))
        .where((and) =>
          and.or([
            and.exists(
              and
                .selectFrom('events')
                .select('events.sequence')
                .whereRef('events.applicationId', '=', 'endpoint.applicationId')
                .whereRef('events.sequence', '>', 'endpoint.position'),
            ),
            and.and([
              and.or([and('pausedUntil', 'is', null), and('pausedUntil', '<=', now)]),
              and.exists(
                and
                  .selectFrom('webhookLanes as due')
                  .select('due.lane')
                  .whereRef('due.endpointId', '=', 'endpoint.id')
                  .where('due.nextTryAt', '<=', now)
                  .where((or) => or.or([or('due.leaseUntil', 'is', null), or('due.leaseUntil', '<=', now)])),
              ),
            ]),
          ]),
        ),
    fromRow,
  )

function prepareAll(queries: Queries) {
  const { build } = queries
  const living = build
    .selectFrom('webhookEndpoints')
    .select(webhookEndpointColumns)
    .where('status', '<>', sql.lit('removed'))
  return {
    insert: prepare('webhook_endpoints.insert', (row: WebhookEndpointRow) =>
      build
        .insertInto('webhookEndpoints')
        .values({
          ...pick(row, webhookEndpointColumns),
          position: (from) =>
            from
              .selectFrom('events')
              .select((all) => all.fn.coalesce(all.fn.max('sequence'), sql.lit(0)).as('end'))
              .where('applicationId', '=', row.applicationId),
        })
        .onConflict((on) => on.doNothing()),
    ),
    find: prepare(
      'webhook_endpoints.find',
      ({ applicationId, id }: Owned) =>
        living.where('id', '=', id).where('applicationId', '=', applicationId),
      fromRow,
    ),
    findByUrl: prepare(
      'webhook_endpoints.find_by_url',
      ({ applicationId, url }: { applicationId: ApplicationId; url: string }) =>
        living.where('applicationId', '=', applicationId).where('url', '=', url),
      fromRow,
    ),
    list: prepare(
      'webhook_endpoints.list',
      ({ applicationId }: { applicationId: ApplicationId }) =>
        living.where('applicationId', '=', applicationId).orderBy('createdAt').orderBy('id'),
      fromRow,
    ),
    countDisabled: prepare('webhook_endpoints.count_disabled', () =>
      build
        .selectFrom('webhookEndpoints')
        .select((all) => ['disabledReason', all.fn.countAll<number>().as('count')])
        .where('status', '=', sql.lit('disabled'))
        .groupBy('disabledReason'),
    ),
    listConfigured: prepare(
      'webhook_endpoints.list_configured',
      () =>
        build
          .selectFrom('webhookEndpoints')
          .select(webhookEndpointColumns)
          .where('status', 'in', [sql.lit<'enabled'>('enabled'), sql.lit<'disabled'>('disabled')])
          .where('managedBy', '=', sql.lit('configuration'))
          .orderBy('createdAt')
          .orderBy('id'),
      fromRow,
    ),
    busy: prepareBusy(queries),
    ...prepareRemoval(queries),
    ...prepareSecrets(queries),
  }
}

function prepareRemoval({ build }: Queries) {
  return {
    remove: prepare('webhook_endpoints.remove', ({ applicationId, id }: Owned) =>
      build
        .updateTable('webhookEndpoints')
        .set({ status: 'removed' })
        .where('id', '=', id)
        .where('applicationId', '=', applicationId)
        .where('status', '<>', sql.lit('removed')),
    ),
    removeSecrets: prepare('webhook_secrets.remove_all', ({ id }: { id: string }) =>
      build.deleteFrom('webhookSecrets').where('endpointId', '=', id),
    ),
    removeLanes: prepare('webhook_lanes.remove_all', ({ id }: { id: string }) =>
      build.deleteFrom('webhookLanes').where('endpointId', '=', id),
    ),
    removed: prepare('webhook_endpoints.removed', () =>
      build
        .selectFrom('webhookEndpoints')
        .select('id')
        .where('status', '=', sql.lit('removed'))
        .limit(sql.lit(1)),
    ),
    purgeDeliveries: prepare('webhook_deliveries.purge', ({ id, limit }: { id: string; limit: number }) =>
      build
        .deleteFrom('webhookDeliveries')
        .where('endpointId', '=', id)
        .where('sequence', 'in', (some) =>
          some.selectFrom('webhookDeliveries').select('sequence').where('endpointId', '=', id).limit(limit),
        ),
    ),
    purge: prepare('webhook_endpoints.purge', ({ id }: { id: string }) =>
      build.deleteFrom('webhookEndpoints').where('id', '=', id),
    ),
  }
}

function prepareSecrets({ build }: Queries) {
  type One = { readonly endpointId: string; readonly id: string }
  return {
    addSecret: prepare('webhook_secrets.add', (secret: WebhookSecret) =>
      build.insertInto('webhookSecrets').values(pick(secret, webhookSecretColumns)),
    ),
    resealSecret: prepare('webhook_secrets.reseal', (of: One & { readonly sealedSecret: string }) =>
      build
        .updateTable('webhookSecrets')
        .set({ sealedSecret: of.sealedSecret })
        .where('endpointId', '=', of.endpointId)
        .where('id', '=', of.id),
    ),
    removeSecret: prepare('webhook_secrets.remove', ({ endpointId, id }: One) =>
      build.deleteFrom('webhookSecrets').where('endpointId', '=', endpointId).where('id', '=', id),
    ),
    secretsOf: prepare('webhook_secrets.list_of', ({ endpointId }: { endpointId: string }) =>
      build
        .selectFrom('webhookSecrets')
        .select(webhookSecretColumns)
        .where('endpointId', '=', endpointId)
        .orderBy('createdAt')
        .orderBy('id'),
    ),
  }
}

/** The endpoints of {@link WebhookEndpoints}. */
export function createWebhookEndpoints(queries: Queries): (executor: Executor) => WebhookEndpoints {
  const statements = prepareAll(queries)
  return (executor) => ({
    async insert(endpoint) {
      if ((await executor.change(statements.insert, toRow(endpoint))) === 0) throw conflict()
    },
    find: (applicationId, id) => executor.first(statements.find, { applicationId, id }),
    findByUrl: (applicationId, url) => executor.first(statements.findByUrl, { applicationId, url }),
    list: (applicationId) => executor.all(statements.list, { applicationId }),
    listConfigured: () => executor.all(statements.listConfigured, {}),
    countDisabled: async () => {
      const counts = await executor.all(statements.countDisabled, {})
      return new Map(
        counts.flatMap(({ disabledReason, count }) =>
          disabledReason === null ? [] : [[disabledReason, Number(count)] as const],
        ),
      )
    },
    busy: (now) => executor.all(statements.busy, { now }),
    async update(applicationId, id, change) {
      const { types, ...rest } = given(change, CHANGEABLE)
      const query = queries.build
        .updateTable('webhookEndpoints')
        .set({ ...rest, ...(types !== undefined && { types: types && JSON.stringify(types) }) })
        .where('id', '=', id)
        .where('applicationId', '=', applicationId)
        .where('status', '<>', sql.lit('removed'))
      const run = change.url === undefined ? executor.change : executor.changeOrConflict
      return (await run(prepareOnce(query), {})) === 1
    },
    async remove(applicationId, id) {
      if ((await executor.change(statements.remove, { applicationId, id })) === 0) return false
      await executor.change(statements.removeSecrets, { id })
      return true
    },
    async purge(limit) {
      const removed = await executor.first(statements.removed, {})
      if (removed === null) return 0
      const deliveries = await executor.change(statements.purgeDeliveries, { id: removed.id, limit })
      if (deliveries === limit) return deliveries
      await executor.change(statements.removeLanes, removed)
      return deliveries + (await executor.change(statements.purge, removed))
    },
    async addSecret(secret) {
      await executor.change(statements.addSecret, secret)
    },
    resealSecret: async (endpointId, id, sealedSecret) =>
      (await executor.change(statements.resealSecret, { endpointId, id, sealedSecret })) === 1,
    removeSecret: async (endpointId, id) =>
      (await executor.change(statements.removeSecret, { endpointId, id })) === 1,
    secretsOf: (endpointId) => executor.all(statements.secretsOf, { endpointId }),
  })
}
