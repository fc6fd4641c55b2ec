import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application } from '../../model/application.ts'
import type { AuditEntry } from '../../model/audit.ts'
import type { ApplicationId, EndUserId } from '../../model/ids.ts'
import { isSessionLookup } from '../../model/session-token.ts'
import { appendAudit } from '../audit/append-audit.ts'
import type { Context } from '../context.ts'
import { foreignEndUser } from '../require-end-user.ts'

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

/**
 * Ends every living session of an application that there is now, and tells how many. A few thousand at a time, so that
 * nobody waits long for their own write; whatever ends it early, a further call goes on.
 */
export async function endAllSessions(
  context: Pick<Context, 'storage' | 'vault' | 'now'>,
  applicationId: ApplicationId,
  actor: AuditEntry['actor'],
): Promise<{ readonly ended: number }> {
  const now = context.now()
  let ended = 0
  for (let isFirst = true; ; isFirst = false) {
    const batch = await context.storage.write(async (tables) => {
      if (isFirst)
        await appendAudit(context, tables, {
          at: now,
          actor,
          applicationId,
          action: 'session.end-all',
          object: applicationId,
          result: 'ok',
          requestId: null,
        })
      return tables.sessions.endAll(applicationId, now, limits.sessionsEndedAtOnce)
    })
    ended += batch
    if (batch < limits.sessionsEndedAtOnce) return { ended }
  }
}
