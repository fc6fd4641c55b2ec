import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import type { ConnectionId, EndUserId } from '../../model/ids.ts'
import type { Revocation } from '../../model/revocation.ts'
import type { Context } from '../context.ts'
import { requireEndUser } from '../require-end-user.ts'

/** A connection, and how the end of its grant at the vendor is going. */
export interface ConnectionWithRevocations {
  readonly connection: Connection
  /** Oldest first; empty while nothing was to be ended. */
  readonly revocations: readonly Revocation[]
}

/** One connection of the application. Throws `not_found`. */
export async function readConnection(
  context: Context,
  application: Application,
  id: ConnectionId,
): Promise<ConnectionWithRevocations> {
  const connection = await context.storage.read.connections.find(application.id, id)
  if (connection === null) throw new SpringbarError('not_found', 'There is no connection with this id.')
  return { connection, revocations: await context.storage.read.revocations.listOf(application.id, id) }
}

/** A place in the list of an end user's connections. */
export type ConnectionsPlace = Pick<Connection, 'connectedAt' | 'id'>

/**
 * The `limit` next connections of an end user, living and ended, oldest first; from the beginning when `after` is null.
 * Throws `invalid_end_user`.
 */
export async function listConnections(
  context: Context,
  application: Application,
  endUserId: EndUserId,
  after: ConnectionsPlace | null,
  limit: number,
): Promise<readonly Connection[]> {
  await requireEndUser(context.storage.read, application, endUserId)
  return context.storage.read.connections.pageOf(application.id, endUserId, after, limit)
}
