/**
 * The right to connect, for an hour.
 *
 * @module broker/sessions — owns sessions: minted, opened by their token, ended. What is done with one is a trip, in
 * `attempts/`.
 */

import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { EndUserId } from '../../model/ids.ts'
import type { Session } from '../../model/session.ts'
import { formatSessionToken, newSessionToken } from '../../model/session-token.ts'
import type { Context } from '../context.ts'
import { foreignEndUser } from '../require-end-user.ts'

/** What an application may choose for a session. Null stands for its default. */
export interface SessionOptions {
  readonly locale: string | null
  readonly allowedSources: readonly number[] | null
  readonly redirectUri: string | null
  readonly label: string | null
  readonly lifetimeSeconds: number | null
}

/** A session and its token, which is told once and not kept. */
export interface MintedSession {
  readonly session: Session
  readonly token: string
}

/** Options of a session minted over the compatible API. */
export const plainSession = (locale: string | null): SessionOptions => ({
  locale,
  allowedSources: null,
  redirectUri: null,
  label: null,
  lifetimeSeconds: null,
})

/** Mints a session for an end user. Throws `invalid_end_user` for a foreign one or one that is to be deleted. */
export async function createSession(
  context: Context,
  application: Application,
  endUserId: EndUserId,
  { lifetimeSeconds, ...options }: SessionOptions,
): Promise<MintedSession> {
  const minted = newSessionToken(context.random)
  const token = formatSessionToken(minted)
  const createdAt = context.now()
  const session: Session = {
    ...options,
    lookup: minted.lookup,
    tokenHash: context.vault.ofRandom('session-token', token),
    applicationId: application.id,
    endUserId,
    createdAt,
    expiresAt: createdAt + (lifetimeSeconds ?? application.sessionLifetimeSeconds) * 1000,
    endedAt: null,
  }
  await context.storage.write(async (tables) => {
    const endUser = await tables.endUsers.find(application.id, endUserId)
    if (endUser === null) throw foreignEndUser()
    if (endUser.deleteAt !== null)
      throw new SpringbarError(
        'invalid_end_user',
        'The end user is queued for deletion and gets no new session.',
      )
    await tables.sessions.insert(session)
  })
  return { session, token }
}
