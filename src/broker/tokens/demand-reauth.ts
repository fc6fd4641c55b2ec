import type { Connection, ReauthReason } from '../../model/connection.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Context } from '../context.ts'
import { connectionEvent } from '../events/new-event.ts'

/**
 * Marks a living connection inside a unit of work: nothing of it can be read until the person has connected again, and
 * nothing is renewed. The event is part of the same unit.
 */
export async function demandReauth(
  context: Context,
  tables: Tables,
  connection: Connection,
  reason: ReauthReason,
): Promise<void> {
  await tables.connections.update(connection.applicationId, connection.id, connection.version, {
    status: 'needs_reauth',
    reauthReason: reason,
    updatedAt: context.now(),
  })
  await tables.renewals.remove(connection.applicationId, connection.id)
  await tables.events.append(
    await connectionEvent(context, tables, 'connection.needs_reauth', connection, { reason }),
  )
}
