import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { ConnectionId } from '../../model/ids.ts'
import type { Context } from '../context.ts'
import { writeAgain } from '../write-again.ts'
import { endConnection } from './end-connection.ts'

/** Ends one connection at the application's request. One that has ended already stays as it is. Throws `not_found`. */
export async function disconnectConnection(
  context: Context,
  application: Application,
  id: ConnectionId,
): Promise<void> {
  await writeAgain(context, async (tables) => {
    const connection = await tables.connections.find(application.id, id)
    if (connection === null) throw new SpringbarError('not_found', 'There is no connection with this id.')
    if (connection.status === 'disconnected') return
    await endConnection(context, tables, connection, { by: 'application', causeId: null, revoke: true })
  })
}
