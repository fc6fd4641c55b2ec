import { limits } from '../limits.ts'
import type { EndUser } from '../model/end-user.ts'
import { newHexId } from '../model/ids.ts'
import type { Context } from './context.ts'
import { newRevocation } from './new-revocation.ts'
import { writeAgain } from './write-again.ts'

/**
 * Erases the end users whose date has come: every row that names them, and at the vendors every grant. What stays is
 * the queued revocations, which name no person, one event and one audit line. Returns how many were erased.
 */
export async function eraseEndUsers(context: Context): Promise<number> {
  const due = await context.storage.read.endUsers.dueForDeletion(context.now(), limits.sweepBatch)
  for (const endUser of due) await erase(context, endUser)
  return due.length
}

async function erase(context: Context, { applicationId, id, alias }: EndUser): Promise<void> {
  const now = context.now()
  await writeAgain(context, async (tables) => {
    const connections = await tables.connections.listOf(applicationId, [id])
    const living = connections.filter((connection) => connection.status !== 'disconnected')
    if (!(await tables.endUsers.erase(applicationId, id))) return
    for (const connection of living) {
      await tables.revocations.enqueue(newRevocation(context, connection))
      await tables.events.append({
        id: newHexId(context.random),
        applicationId,
        type: 'notification.source.disconnect',
        endUserId: id,
        endUserAlias: alias,
        sourceId: connection.sourceId,
        connectionId: connection.id,
        detail: { disconnectedBy: 'erased' },
        createdAt: now,
      })
    }
    await tables.events.append({
      id: newHexId(context.random),
      applicationId,
      type: 'user.deleted',
      endUserId: id,
      endUserAlias: alias,
      sourceId: null,
      connectionId: null,
      detail: {},
      createdAt: now,
    })
    await tables.records.appendAudit({
      at: now,
      actor: 'system',
      applicationId,
      action: 'end-user.erase',
      object: id,
      result: 'ok',
      requestId: null,
    })
  })
  context.log.info('end user erased', { application: applicationId })
}
