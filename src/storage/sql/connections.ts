import { sql } from 'kysely'
import type { Connection } from '../../model/connection.ts'
import { type ApplicationId, asConnectionId, type ConnectionId, type EndUserId } from '../../model/ids.ts'
import type { ConnectionChange, Connections } from '../storage.ts'
import { connectionColumns } from './columns.ts'
import { conflict, type Executor } from './executor.ts'
import { given, pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { ConnectionRow } from './schema.ts'

const toRow = (connection: Connection): ConnectionRow => ({
  ...connection,
  grantedScopes: JSON.stringify(connection.grantedScopes),
  missingScopes: JSON.stringify(connection.missingScopes),
})

const fromRow = (row: ConnectionRow): Connection => ({
  ...row,
  // Written by this file only.
  grantedScopes: JSON.parse(row.grantedScopes) as string[],
  missingScopes: JSON.parse(row.missingScopes) as string[],
})

const CHANGEABLE: readonly (keyof ConnectionChange)[] = [
  'vendor',
  'accountId',
  'status',
  'disconnectedBy',
  'reauthReason',
  'grantedScopes',
  'missingScopes',
  'sealedTokens',
  'accessExpiresAt',
  'refreshExpiresAt',
  'connectedAt',
  'updatedAt',
  'disconnectedAt',
]

/** A place before that of every connection. */
const BEGINNING: Pick<Connection, 'connectedAt' | 'id'> = { connectedAt: 0, id: asConnectionId('') }

type Owned = {
  readonly applicationId: ApplicationId
  readonly endUserId: EndUserId
  readonly sourceId: number
}
type Account = { readonly applicationId: ApplicationId; readonly vendor: string; readonly accountId: string }

const allOf = ({ build }: Queries) => build.selectFrom('connections').select(connectionColumns)

/** In the words of the partial index that makes a vendor account unique among the living. */
const livingOnes = (queries: Queries) => allOf(queries).where('status', '<>', sql.lit('disconnected'))

function prepareAll(queries: Queries) {
  const { build } = queries
  const connections = allOf(queries)
  const living = livingOnes(queries)
  return {
    insert: prepare('connections.insert', (row: ConnectionRow) =>
      build
        .insertInto('connections')
        .values(pick(row, connectionColumns))
        .onConflict((on) => on.doNothing()),
    ),
    find: prepare(
      'connections.find',
      ({ applicationId, id }: { applicationId: ApplicationId; id: ConnectionId }) =>
        connections.where('id', '=', id).where('applicationId', '=', applicationId),
      fromRow,
    ),
    livingOf: prepare(
      'connections.living_of',
      (of: Owned) =>
        living
          .where('endUserId', '=', of.endUserId)
          .where('sourceId', '=', of.sourceId)
          .where('applicationId', '=', of.applicationId)
          .orderBy('connectedAt')
          .orderBy('id'),
      fromRow,
    ),
    ownersOf: prepare(
      'connections.owners_of',
      (of: Account) =>
        living
          .where('applicationId', '=', of.applicationId)
          .where('vendor', '=', of.vendor)
          .where('accountId', '=', of.accountId)
          .orderBy('connectedAt')
          .orderBy('id'),
      fromRow,
    ),
    ...preparePages(queries),
  }
}

/** What is read in pages. */
function preparePages(queries: Queries) {
  const connections = allOf(queries)
  const living = livingOnes(queries)
  return {
    pageOf: prepare(
      'connections.page_of',
      (of: {
        readonly applicationId: ApplicationId
        readonly endUserId: EndUserId
        readonly connectedAt: number
        readonly id: ConnectionId
        readonly limit: number
      }) =>
        connections
          .where('endUserId', '=', of.endUserId)
          .where('applicationId', '=', of.applicationId)
          .where('connectedAt', '>=', of.connectedAt)
          .where((or) => or.or([or('connectedAt', '>', of.connectedAt), or('id', '>', of.id)]))
          .orderBy('connectedAt')
          .orderBy('id')
          .limit(of.limit),
      fromRow,
    ),
    livingAt: prepare(
      'connections.living_at',
      (of: {
        readonly applicationId: ApplicationId
        readonly vendor: string
        readonly accountId: string
        readonly shareKey: string
        readonly limit: number
      }) =>
        living
          .where('applicationId', '=', of.applicationId)
          .where('vendor', '=', of.vendor)
          .where('accountId', '>=', of.accountId)
          .where((or) => or.or([or('accountId', '>', of.accountId), or('shareKey', '>', of.shareKey)]))
          .orderBy('accountId')
          .orderBy('shareKey')
          .limit(of.limit),
      fromRow,
    ),
  }
}

/** One statement: it changes the row that the caller read, or none. */
function update(
  { build }: Queries,
  applicationId: ApplicationId,
  id: ConnectionId,
  version: number,
  change: ConnectionChange,
) {
  const { grantedScopes, missingScopes, ...rest } = given(change, CHANGEABLE)
  return prepareOnce(
    build
      .updateTable('connections')
      .set({
        ...rest,
        ...(grantedScopes && { grantedScopes: JSON.stringify(grantedScopes) }),
        ...(missingScopes && { missingScopes: JSON.stringify(missingScopes) }),
        version: version + 1,
      })
      .where('id', '=', id)
      .where('applicationId', '=', applicationId)
      .where('version', '=', version),
  )
}

/** Whether the change may give a living connection a vendor account that another one holds. */
const mayCollide = ({ status, vendor, accountId }: ConnectionChange): boolean =>
  vendor !== undefined || accountId !== undefined || (status !== undefined && status !== 'disconnected')

/** The connections of {@link Connections}. */
export function createConnections(queries: Queries): (executor: Executor) => Connections {
  const statements = prepareAll(queries)
  return (executor) => ({
    async insert(connection) {
      if ((await executor.change(statements.insert, toRow(connection))) === 0) throw conflict()
    },
    find: (applicationId, id) => executor.first(statements.find, { applicationId, id }),
    async listOf(applicationId, endUserIds) {
      if (endUserIds.length === 0) return []
      const query = queries.build
        .selectFrom('connections')
        .select(connectionColumns)
        .where('endUserId', 'in', endUserIds)
        .where('applicationId', '=', applicationId)
        .orderBy('connectedAt')
        .orderBy('id')
      return (await executor.all(prepareOnce(query), {})).map(fromRow)
    },
    pageOf(applicationId, endUserId, after, limit) {
      const { connectedAt, id } = after ?? BEGINNING
      return executor.all(statements.pageOf, { applicationId, endUserId, connectedAt, id, limit })
    },
    livingOf: (applicationId, endUserId, sourceId) =>
      executor.all(statements.livingOf, { applicationId, endUserId, sourceId }),
    ownersOf: (applicationId, vendor, accountId) =>
      executor.all(statements.ownersOf, { applicationId, vendor, accountId }),
    findOwner: (applicationId, vendor, accountId) =>
      executor.first(statements.ownersOf, { applicationId, vendor, accountId }),
    livingAt: (applicationId, vendor, after, limit) =>
      executor.all(statements.livingAt, {
        applicationId,
        vendor,
        accountId: after?.accountId ?? '',
        shareKey: after?.shareKey ?? '',
        limit,
      }),
    async update(applicationId, id, version, change) {
      const run = mayCollide(change) ? executor.changeOrConflict : executor.change
      return (await run(update(queries, applicationId, id, version, change), {})) === 1
    },
  })
}
