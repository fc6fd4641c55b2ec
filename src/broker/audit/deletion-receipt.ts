import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { Deletion, ErasedRows } from '../../model/deletion.ts'
import type { EndUser } from '../../model/end-user.ts'
import type { EndUserId } from '../../model/ids.ts'
import type { Revocation } from '../../model/revocation.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Context } from '../context.ts'

/** A receipt, and how the ends of the grants at the vendors are going. */
export interface DeletionWithRevocations {
  readonly deletion: Deletion
  readonly revocations: readonly Revocation[]
}

/** An end user by a keyed digest, where it outlives them: in receipts and in the audit log. */
export const subjectHashOf = ({ vault }: Pick<Context, 'vault'>, id: EndUserId): string =>
  vault.ofRandom('deletion', id)

/** Begins the receipt inside the unit that queues the deletion. A date that is moved keeps who asked first, and when. */
export async function noteDeletionAsked(
  context: Context,
  tables: Tables,
  { applicationId, id, deleteAt }: Pick<EndUser, 'applicationId' | 'id'> & { readonly deleteAt: number },
): Promise<void> {
  const subjectHash = subjectHashOf(context, id)
  const known = await tables.deletions.find(applicationId, subjectHash)
  await tables.deletions.put({
    ...(known ?? newDeletion(applicationId, subjectHash, context.now())),
    deleteAt,
  })
}

/** Completes the receipt inside the unit that erases the end user. */
export async function noteErased(
  context: Context,
  tables: Tables,
  { applicationId, id, deleteAt }: EndUser,
  { erased, revocationIds }: { readonly erased: ErasedRows; readonly revocationIds: readonly string[] },
): Promise<void> {
  const subjectHash = subjectHashOf(context, id)
  const now = context.now()
  const known = await tables.deletions.find(applicationId, subjectHash)
  await tables.deletions.put({
    // One that was queued before there were receipts has none.
    ...(known ?? newDeletion(applicationId, subjectHash, deleteAt ?? now)),
    erasedAt: now,
    erased,
    revocationIds,
  })
}

const newDeletion = (
  applicationId: EndUser['applicationId'],
  subjectHash: string,
  requestedAt: number,
): Deletion => ({
  applicationId,
  subjectHash,
  requestedBy: 'application',
  requestedAt,
  deleteAt: requestedAt,
  erasedAt: null,
  erased: null,
  revocationIds: [],
})

/** The receipt of an end user's deletion, queued or carried out. Throws `not_found` when none was asked for. */
export async function readDeletion(
  context: Context,
  application: Application,
  id: EndUserId,
): Promise<DeletionWithRevocations> {
  const { deletions, revocations } = context.storage.read
  const deletion = await deletions.find(application.id, subjectHashOf(context, id))
  if (deletion === null) throw new SpringbarError('not_found', 'No deletion of this end user was asked for.')
  return { deletion, revocations: await revocations.findMany(application.id, deletion.revocationIds) }
}
