import { SpringbarError } from '../errors.ts'
import type { Application } from '../model/application.ts'
import type { EndUserId } from '../model/ids.ts'
import { isSessionLookup } from '../model/session-token.ts'
import type { Context } from './context.ts'
import { foreignEndUser } from './require-end-user.ts'

/** Ends one session of the application. Throws `not_found`. */
export async function endSession(context: Context, application: Application, lookup: string): Promise<void> {
  // A database may refuse to look for what cannot be stored, such as a zero byte.
  const ended =
    isSessionLookup(lookup) &&
    (await context.storage.write((tables) => tables.sessions.end(application.id, lookup, context.now())))
  if (!ended) throw new SpringbarError('not_found', 'There is no living session with this id.')
}

/** Ends every living session of an end user. Throws `invalid_end_user`. */
export async function endSessionsOf(
  context: Context,
  application: Application,
  endUserId: EndUserId,
): Promise<{ readonly ended: number }> {
  return context.storage.write(async (tables) => {
    if ((await tables.endUsers.find(application.id, endUserId)) === null) throw foreignEndUser()
    return { ended: await tables.sessions.endAllOf(application.id, endUserId, context.now()) }
  })
}
