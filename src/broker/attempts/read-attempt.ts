import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import { type Attempt, parseReference } from '../../model/attempt.ts'
import type { EndUserId } from '../../model/ids.ts'
import type { Context } from '../context.ts'
import { requireEndUser } from '../require-end-user.ts'

/** An attempt, and when the word that it waited for was given; null without one. */
export interface ReleasedAttempt {
  readonly attempt: Attempt
  readonly releasedAt: number | null
}

/**
 * The application's attempt with the reference that a person read out, in any case and with or without its dash.
 * Throws `not_found`.
 */
export async function readAttempt(
  context: Context,
  application: Application,
  reference: string,
): Promise<ReleasedAttempt> {
  const parsed = parseReference(reference)
  const attempt =
    parsed === null ? null : await context.storage.read.attempts.findByReference(application.id, parsed)
  if (attempt === null)
    throw new SpringbarError('not_found', 'This application has no attempt with this reference.')
  return withRelease(context, attempt)
}

async function withRelease({ storage }: Context, attempt: Attempt): Promise<ReleasedAttempt> {
  const held = await storage.read.heldGrants.find(attempt.id)
  return { attempt, releasedAt: held?.releasedAt ?? null }
}

/**
 * What an end user tried and what came of it, the newest first, `limit` at most: before the attempts whose id begins with
 * `before`, or from the newest when that is null. Those that are still at a vendor are not among them. Throws `invalid_end_user`.
 */
export async function listAttempts(
  context: Context,
  application: Application,
  endUserId: EndUserId,
  before: string | null,
  limit: number,
): Promise<readonly ReleasedAttempt[]> {
  await requireEndUser(context.storage.read, application, endUserId)
  const found = await context.storage.read.attempts.pageOf(application.id, endUserId, before, limit)
  return Promise.all(found.map((attempt) => withRelease(context, attempt)))
}
