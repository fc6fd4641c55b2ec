import type { ApplicationId } from '../../model/ids.ts'
import type { StoredClient } from '../../model/stored-client.ts'
import type { Clients } from '../storage.ts'
import { clientColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { ClientRow } from './schema.ts'

type ByVendor = { readonly applicationId: ApplicationId; readonly vendor: string }

const toRow = (client: StoredClient): ClientRow => ({
  ...client,
  scopes: client.scopes && JSON.stringify(client.scopes),
})

const fromRow = (row: ClientRow): StoredClient => ({
  ...row,
  // Written by `toRow` only.
  scopes: row.scopes === null ? null : (JSON.parse(row.scopes) as string[]),
})

function prepareAll({ build }: Queries) {
  return {
    put: prepare('clients.put', (row: ClientRow) => {
      const { clientId, scopes, sealedSecrets, updatedAt } = row
      return build
        .insertInto('clients')
        .values(pick(row, clientColumns))
        .onConflict((on) =>
          on.columns(['applicationId', 'vendor']).doUpdateSet({ clientId, scopes, sealedSecrets, updatedAt }),
        )
    }),
    remove: prepare('clients.remove', ({ applicationId, vendor }: ByVendor) =>
      build.deleteFrom('clients').where('applicationId', '=', applicationId).where('vendor', '=', vendor),
    ),
    find: prepare(
      'clients.find',
      ({ applicationId, vendor }: ByVendor) =>
        build
          .selectFrom('clients')
          .select(clientColumns)
          .where('applicationId', '=', applicationId)
          .where('vendor', '=', vendor),
      fromRow,
    ),
  }
}

/** The clients of {@link Clients}. */
export function createClients(queries: Queries): (executor: Executor) => Clients {
  const statements = prepareAll(queries)
  const { build } = queries
  return (executor) => ({
    put: async (client) => {
      await executor.change(statements.put, toRow(client))
    },
    remove: async (applicationId, vendor) =>
      (await executor.change(statements.remove, { applicationId, vendor })) === 1,
    find: (applicationId, vendor) => executor.first(statements.find, { applicationId, vendor }),
    async listOf(applicationIds) {
      if (applicationIds.length === 0) return []
      const query = build
        .selectFrom('clients')
        .select(clientColumns)
        .where('applicationId', 'in', applicationIds)
        .orderBy('applicationId')
        .orderBy('vendor')
      return (await executor.all(prepareOnce(query), {})).map(fromRow)
    },
  })
}
