import type { AuditChain, AuditLine, ChainedEntry } from '../../model/audit.ts'
import { type ApplicationId, asApplicationId } from '../../model/ids.ts'
import type { AuditLog, AuditQuery } from '../audit-storage.ts'
import { columnsOf } from './columns.ts'
import type { Executor } from './executor.ts'
import { pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { AuditChainRow, AuditRow } from './schema.ts'

const auditChainColumns = columnsOf<AuditChainRow>({
  applicationId: true,
  unchained: true,
  length: true,
  digest: true,
  seal: true,
})

const auditColumns = columnsOf<Omit<AuditRow, 'sequence'>>({
  at: true,
  actor: true,
  applicationId: true,
  action: true,
  object: true,
  result: true,
  requestId: true,
  chainNumber: true,
  digest: true,
})

/** The service's own chain stands under an empty name. */
const nameOf = (applicationId: ApplicationId | null): string => applicationId ?? ''

const fromRow = (row: AuditChainRow): AuditChain => ({
  ...row,
  applicationId: row.applicationId === '' ? null : asApplicationId(row.applicationId),
})

interface Name {
  readonly applicationId: string
}

interface Place {
  readonly applicationId: ApplicationId
  readonly after: number
  readonly limit: number
}

function prepareAll({ build }: Queries) {
  const lines = build
    .selectFrom('auditEntries')
    .select([...auditColumns, 'sequence'])
    .orderBy('sequence')
  const chains = build.selectFrom('auditChains').select(auditChainColumns)
  const past = build
    .selectFrom('auditEntries')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('chainNumber', 'is', null)
  return {
    // Writes what is there, so that on PostgreSQL the row is this transaction's until its end.
    take: prepare(
      'audit_chains.take',
      ({ applicationId }: Name) =>
        build
          .updateTable('auditChains')
          .set((row) => ({ length: row.ref('length') }))
          .where('applicationId', '=', applicationId)
          .returning(auditChainColumns),
      fromRow,
    ),
    begin: prepare('audit_chains.begin', (row: AuditChainRow) =>
      build
        .insertInto('auditChains')
        .values(pick(row, auditChainColumns))
        .onConflict((on) => on.column('applicationId').doNothing()),
    ),
    move: prepare('audit_chains.move', ({ applicationId, length, digest, seal }: AuditChainRow) =>
      build
        .updateTable('auditChains')
        .set({ length, digest, seal })
        .where('applicationId', '=', applicationId),
    ),
    countPastOf: prepare('audit_entries.count_past_of', (of: { applicationId: ApplicationId }) =>
      past.where('applicationId', '=', of.applicationId),
    ),
    countPastOfService: prepare('audit_entries.count_past_of_service', () =>
      past.where('applicationId', 'is', null),
    ),
    append: prepare('audit_entries.append', (entry: ChainedEntry) =>
      build.insertInto('auditEntries').values(pick(entry, auditColumns)),
    ),
    find: prepare(
      'audit_chains.find',
      ({ applicationId }: Name) => chains.where('applicationId', '=', applicationId),
      fromRow,
    ),
    all: prepare(
      'audit_chains.all',
      () => chains.where('applicationId', '>=', '').orderBy('applicationId'),
      fromRow,
    ),
    listOf: prepare('audit_entries.list_of', ({ applicationId, after, limit }: Place) =>
      lines.where('applicationId', '=', applicationId).where('sequence', '>', after).limit(limit),
    ),
    listOfService: prepare(
      'audit_entries.list_of_service',
      ({ after, limit }: Omit<Place, 'applicationId'>) =>
        lines.where('applicationId', 'is', null).where('sequence', '>', after).limit(limit),
    ),
  }
}

/** From the end of an index, so that a limit is reached without a look at older lines. */
function latest({ build }: Queries, { applicationId, since, objects, limit }: AuditQuery) {
  let query = build
    .selectFrom('auditEntries')
    .select([...auditColumns, 'sequence'])
    .where('sequence', '>', 0)
    .orderBy('sequence', 'desc')
    .limit(limit)
  if (applicationId !== undefined) query = query.where('applicationId', '=', applicationId)
  if (since !== undefined) query = query.where('at', '>=', since)
  if (objects !== undefined) query = query.where('object', 'in', objects)
  return prepareOnce<AuditLine>(query)
}

/** The audit log of {@link AuditLog}. */
export function createAuditLog(queries: Queries): (executor: Executor) => AuditLog {
  const statements = prepareAll(queries)
  return (executor) => ({
    async takeChain(applicationId) {
      const name = { applicationId: nameOf(applicationId) }
      const known = await executor.first(statements.take, name)
      if (known !== null) return known
      const past =
        applicationId === null
          ? await executor.first(statements.countPastOfService, {})
          : await executor.first(statements.countPastOf, { applicationId })
      const fresh = { unchained: Number(past?.count ?? 0), length: 0, digest: '', seal: '' }
      await executor.change(statements.begin, { ...name, ...fresh })
      return { applicationId, ...fresh }
    },
    async append(entry, end) {
      await executor.change(statements.append, entry)
      await executor.change(statements.move, { ...end, applicationId: nameOf(end.applicationId) })
    },
    findChain: (applicationId) => executor.first(statements.find, { applicationId: nameOf(applicationId) }),
    chains: () => executor.all(statements.all, {}),
    list: (applicationId, after, limit) =>
      applicationId === null
        ? executor.all(statements.listOfService, { after, limit })
        : executor.all(statements.listOf, { applicationId, after, limit }),
    latest: (query) => executor.all(latest(queries, query), {}),
  })
}
