import { SpringbarError } from '../../errors.ts'
import type { Connection, DisconnectedBy } from '../../model/connection.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Context } from '../context.ts'
import { connectionEvent } from '../events/new-event.ts'
import { newRevocation } from '../revocations/new-revocation.ts'

/** Why a connection ends, and what follows. */
export interface Ending {
  readonly by: DisconnectedBy
  /** Joins the events of one change; null when it stands alone. */
  readonly causeId: string | null
  /** Whether the grant is to be ended at the vendor as well. */
  readonly revoke: boolean
}

/**
 * Ends a living connection inside a unit of work: from its commit on no token of it is usable here. The event and
 * the queued revocation are part of the same unit. Throws `conflict` when the connection changed meanwhile.
 */
export async function endConnection(
  context: Context,
  tables: Tables,
  connection: Connection,
  { by, causeId, revoke }: Ending,
): Promise<void> {
  const now = context.now()
  const ended = await tables.connections.update(connection.applicationId, connection.id, connection.version, {
    status: 'disconnected',
    disconnectedBy: by,
    reauthReason: null,
    sealedTokens: null,
    accessExpiresAt: null,
    refreshExpiresAt: null,
    updatedAt: now,
    disconnectedAt: now,
  })
  if (!ended) throw new SpringbarError('conflict', 'The connection changed meanwhile.')
  await tables.renewals.remove(connection.applicationId, connection.id)
  await tables.subscriptions.removeOf(connection.applicationId, connection.id)
  const detail = { disconnectedBy: by, ...(causeId === null ? {} : { causeId }) }
  await tables.events.append(
    await connectionEvent(context, tables, 'notification.source.disconnect', connection, detail),
  )
  // What a phone reads has no grant at a vendor.
  if (revoke && connection.sealedTokens !== null)
    await tables.revocations.enqueue(newRevocation(context, connection))
}
