import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { Session } from '../../model/session.ts'
import { parseSessionToken } from '../../model/session-token.ts'
import { sameDigest } from '../../vault/index.ts'
import { applicationOf, type Context } from '../context.ts'

/** A session that a token opened, and the application that it belongs to. */
export interface OpenedSession {
  readonly session: Session
  readonly application: Application
  readonly token: string
}

/**
 * The session of a token, living or expired. Throws `invalid_session` for a token that is malformed or unknown, and
 * for a session that was ended: the three look the same from outside.
 */
export async function openSession(context: Context, token: string): Promise<OpenedSession> {
  const parsed = parseSessionToken(token)
  const session = parsed === null ? null : await context.storage.read.sessions.find(parsed.lookup)
  const given = context.vault.ofRandom('session-token', token)
  if (session === null || !sameDigest(session.tokenHash, given) || session.endedAt !== null)
    throw invalidSession()
  const application = applicationOf(context, session.applicationId)
  if (application === null) throw invalidSession()
  return { session, application, token }
}

const invalidSession = () =>
  new SpringbarError('invalid_session', 'The connection session token is not valid.')
