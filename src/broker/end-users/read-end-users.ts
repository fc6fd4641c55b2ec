import type { Application } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import type { EndUser } from '../../model/end-user.ts'
import type { EndUserId } from '../../model/ids.ts'
import type { Context } from '../context.ts'
import { foreignEndUser } from '../require-end-user.ts'

/** An end user with their connections, oldest first. */
export interface EndUserWithConnections {
  readonly endUser: EndUser
  readonly connections: readonly Connection[]
}

/** Each of the ids, in the order asked for. Throws `invalid_end_user` when one is not the application's. */
export async function readEndUsers(
  context: Context,
  application: Application,
  ids: readonly EndUserId[],
): Promise<readonly EndUserWithConnections[]> {
  const [endUsers, connections] = await Promise.all([
    context.storage.read.endUsers.findMany(application.id, ids),
    context.storage.read.connections.listOf(application.id, ids),
  ])
  const byId = new Map(endUsers.map((endUser) => [endUser.id, endUser]))
  return ids.map((id) => {
    const endUser = byId.get(id)
    if (endUser === undefined) throw foreignEndUser()
    return { endUser, connections: connections.filter((connection) => connection.endUserId === id) }
  })
}
