import type { Attempt } from '../../model/attempt.ts'
import type { DisconnectedBy } from '../../model/connection.ts'
import { endConnection } from '../connections/end-connection.ts'
import type { Context } from '../context.ts'
import { writeAgain } from '../write-again.ts'
import { newAttempt, noteEnd } from './attempts.ts'
import type { Link } from './open-link.ts'
import { judgeLink, refuse } from './refuse-link.ts'

/**
 * Disconnects the link's source: here at once, at the vendor by the revocation queue. Every living connection of the
 * end user to the source ends; that there is none is a success too. Returns the finished attempt.
 */
export async function disconnectSource(
  context: Context,
  link: Link,
  wish: {
    readonly by: Extract<DisconnectedBy, 'person' | 'application'>
    readonly attemptId?: Attempt['id']
  },
): Promise<Attempt> {
  const living = judgeLink(context, link)
  if (!('source' in living)) return refuse(context, link, 'disconnect', living)
  const { source } = living
  const attempt = newAttempt(context, link, {
    action: 'disconnect',
    status: 'done',
    connected: false,
    ...(wish.attemptId === undefined ? {} : { id: wish.attemptId }),
  })
  const { ended, isNew } = await writeAgain(context, async (tables) => {
    // A form sent twice carries one attempt id; the second time shows what the first did.
    const known = await tables.attempts.find(attempt.id)
    if (known !== null) return { ended: known, isNew: false }
    const { applicationId, endUserId } = link.session
    const living = await tables.connections.livingOf(applicationId, endUserId, source.id)
    for (const connection of living)
      await endConnection(context, tables, connection, { by: wish.by, causeId: null, revoke: true })
    const finished = { ...attempt, connectionId: living[0]?.id ?? null }
    await tables.attempts.insert(finished)
    return { ended: finished, isNew: true }
  })
  if (isNew) noteEnd(context, ended)
  return ended
}
