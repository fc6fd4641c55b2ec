import { SpringbarError } from '../errors.ts'
import type { Application } from '../model/application.ts'
import { type Attempt, parseReference } from '../model/attempt.ts'
import type { Context } from './context.ts'

/**
 * The application's attempt with the reference that a person read out, in any case and with or without its dash.
 * Throws `not_found`.
 */
export async function readAttempt(
  context: Context,
  application: Application,
  reference: string,
): Promise<Attempt> {
  const parsed = parseReference(reference)
  const attempt =
    parsed === null ? null : await context.storage.read.attempts.findByReference(application.id, parsed)
  if (attempt === null)
    throw new SpringbarError('not_found', 'This application has no attempt with this reference.')
  return attempt
}
