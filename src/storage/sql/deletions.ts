import type { Deletion, ErasedRows } from '../../model/deletion.ts'
import type { ApplicationId } from '../../model/ids.ts'
import type { Deletions } from '../storage.ts'
import { deletionColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { pick, prepare } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { DeletionRow } from './schema.ts'

const toRow = (deletion: Deletion): DeletionRow => ({
  ...deletion,
  erased: deletion.erased && JSON.stringify(deletion.erased),
  revocationIds: JSON.stringify(deletion.revocationIds),
})

const fromRow = (row: DeletionRow): Deletion => ({
  ...row,
  // Both are written by this file only.
  erased: row.erased === null ? null : (JSON.parse(row.erased) as ErasedRows),
  revocationIds: JSON.parse(row.revocationIds) as string[],
})

const CHANGEABLE = ['requestedBy', 'requestedAt', 'deleteAt', 'erasedAt', 'erased', 'revocationIds'] as const

function prepareAll({ build }: Queries) {
  return {
    put: prepare('deletions.put', (row: DeletionRow) =>
      build
        .insertInto('deletions')
        .values(pick(row, deletionColumns))
        .onConflict((on) => on.columns(['applicationId', 'subjectHash']).doUpdateSet(pick(row, CHANGEABLE))),
    ),
    find: prepare(
      'deletions.find',
      (of: { applicationId: ApplicationId; subjectHash: string }) =>
        build
          .selectFrom('deletions')
          .select(deletionColumns)
          .where('applicationId', '=', of.applicationId)
          .where('subjectHash', '=', of.subjectHash),
      fromRow,
    ),
  }
}

/** The receipts of {@link Deletions}. */
export function createDeletions(queries: Queries): (executor: Executor) => Deletions {
  const statements = prepareAll(queries)
  return (executor) => ({
    async put(deletion) {
      await executor.change(statements.put, toRow(deletion))
    },
    find: (applicationId, subjectHash) => executor.first(statements.find, { applicationId, subjectHash }),
  })
}
