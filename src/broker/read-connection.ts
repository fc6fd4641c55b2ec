import { SpringbarError } from '../errors.ts'
import type { Application } from '../model/application.ts'
import type { Connection } from '../model/connection.ts'
import type { ConnectionId, EndUserId } from '../model/ids.ts'
import type { Revocation } from '../model/revocation.ts'
import type { Context } from './context.ts'
import { requireEndUser } from './require-end-user.ts'

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

/** Every connection of an end user, living and ended, oldest first. Throws `invalid_end_user`. */
export async function listConnections(
  context: Context,
  application: Application,
  endUserId: EndUserId,
): Promise<readonly Connection[]> {
  await requireEndUser(context.storage.read, application, endUserId)
  return context.storage.read.connections.listOf(application.id, [endUserId])
}
