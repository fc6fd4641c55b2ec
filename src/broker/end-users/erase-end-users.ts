import { limits } from '../../limits.ts'
import type { EndUser } from '../../model/end-user.ts'
import type { Tables } from '../../storage/storage.ts'
import { throwAway } from '../attempts/drop-held-grant.ts'
import { appendAudit } from '../audit/append-audit.ts'
import { noteErased, subjectHashOf } from '../audit/deletion-receipt.ts'
import type { Context } from '../context.ts'
import { erasureEvent, eventOfConnection } from '../events/new-event.ts'
import { newRevocation } from '../revocations/new-revocation.ts'
import { writeAgain } from '../write-again.ts'

/**
 * Erases the end users whose date has come: every row that names them, and at the vendors every grant. What stays is
 * the queued revocations and a receipt, which name no person, one event and one audit line. Returns how many were erased.
 */
export async function eraseEndUsers(context: Context): Promise<number> {
  const due = await context.storage.read.endUsers.dueForDeletion(context.now(), limits.sweepBatch)
  for (const endUser of due) await erase(context, endUser)
  return due.length
}

async function erase(context: Context, endUser: EndUser): Promise<void> {
  const { applicationId, id, alias } = endUser
  const now = context.now()
  await writeAgain(context, async (tables) => {
    const connections = await tables.connections.listOf(applicationId, [id])
    const revocationIds = await throwAwayHeld(context, tables, applicationId, id)
    for (const connection of connections)
      for (const { id: job, status } of await tables.revocations.listOf(applicationId, connection.id))
        if (status === 'pending') revocationIds.push(job)
    const living = connections.filter((connection) => connection.status !== 'disconnected')
    const erased = await tables.endUsers.erase(applicationId, id)
    if (erased === null) return
    for (const connection of living) {
      if (connection.sealedTokens !== null) {
        const revocation = newRevocation(context, connection)
        await tables.revocations.enqueue(revocation)
        revocationIds.push(revocation.id)
      }
      await tables.events.append(
        eventOfConnection(context, 'notification.source.disconnect', connection, alias, {
          disconnectedBy: 'erased',
        }),
      )
    }
    await noteErased(context, tables, endUser, { erased, revocationIds })
    await tables.events.append(erasureEvent(context, endUser))
    await appendAudit(context, tables, {
      at: now,
      actor: 'system',
      applicationId,
      action: 'end-user.erase',
      object: subjectHashOf(context, id),
      result: 'ok',
      requestId: null,
    })
  })
  context.log.info('end user erased', { application: applicationId })
}

/**
 * What is held for somebody who is erased becomes no connection; its tokens are revoked like those of one. Gives the ids of
 * the revocations.
 */
async function throwAwayHeld(
  context: Context,
  tables: Tables,
  applicationId: EndUser['applicationId'],
  id: EndUser['id'],
): Promise<string[]> {
  const revocationIds: string[] = []
  for (const held of await tables.heldGrants.livingOf(applicationId, id)) {
    const attempt = await tables.attempts.find(held.attemptId)
    const revocation = attempt && (await throwAway(context, tables, attempt, held))
    if (revocation !== null) revocationIds.push(revocation.id)
  }
  return revocationIds
}
