import { SpringbarError } from '../errors.ts'
import type { Application } from '../model/application.ts'
import { type Attempt, parseReference } from '../model/attempt.ts'
import type { Context } from './context.ts'

/**
 * The application's attempt with the reference that a person read out, in any case and with or without its dash.
 * `releasedAt` is when the word that it waited for was given; null without one. Throws `not_found`.
 */
export async function readAttempt(
  context: Context,
  application: Application,
  reference: string,
): Promise<{ readonly attempt: Attempt; readonly releasedAt: number | null }> {
  const parsed = parseReference(reference)
  const attempt =
    parsed === null ? null : await context.storage.read.attempts.findByReference(application.id, parsed)
  if (attempt === null)
    throw new SpringbarError('not_found', 'This application has no attempt with this reference.')
  const held = await context.storage.read.heldGrants.find(attempt.id)
  return { attempt, releasedAt: held?.releasedAt ?? null }
}
