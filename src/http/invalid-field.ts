import type { z } from 'zod'
import { SpringbarError } from '../errors.ts'

/** A field may be named by the caller. */
const FIELD_CHARACTERS = 80

/** The first thing that is wrong with a body, by the name of its field. */
export function invalidField(error: z.ZodError): SpringbarError {
  const [issue] = error.issues
  const field = issue?.path.join('.').slice(0, FIELD_CHARACTERS) || 'The body'
  const isMissing = issue?.code === 'invalid_type' && issue.message.endsWith('received undefined')
  return new SpringbarError(
    'invalid_request',
    isMissing ? `${field} is missing.` : `${field}: ${issue?.message ?? 'invalid'}.`,
  )
}
