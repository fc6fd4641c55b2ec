import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application } from '../../model/application.ts'
import type { EndUserId } from '../../model/ids.ts'
import { auditByApplication } from '../audit/append-audit.ts'
import { noteDeletionAsked, subjectHashOf } from '../audit/deletion-receipt.ts'
import type { Context } from '../context.ts'
import { foreignEndUser } from '../require-end-user.ts'

/**
 * Queues the erasure of an end user, ends their sessions and refuses new ones from now on. Reading works until the
 * date. Throws `invalid_end_user`, and `invalid_request` for a date too far away.
 */
export async function queueEndUserDeletion(
  context: Context,
  application: Application,
  id: EndUserId,
  deleteAt: number | null,
): Promise<{ readonly deleteAt: number }> {
  const now = context.now()
  const at = Math.max(now, deleteAt ?? now + limits.deletionDelayMs)
  if (at > now + limits.deletionDelayMaxMs)
    throw new SpringbarError('invalid_request', 'The deletion date is more than a year away.')
  await context.storage.write(async (tables) => {
    if (!(await tables.endUsers.queueDeletion(application.id, id, at))) throw foreignEndUser()
    await noteDeletionAsked(context, tables, { applicationId: application.id, id, deleteAt: at })
    await tables.sessions.endAllOf(application.id, id, now)
    await auditByApplication(
      context,
      tables,
      application,
      'end-user.queue-deletion',
      subjectHashOf(context, id),
    )
  })
  return { deleteAt: at }
}
