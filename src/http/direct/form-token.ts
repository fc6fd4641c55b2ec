import type { Context } from '../../broker/context.ts'
import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { newAttemptId, parseAttemptId } from '../../model/attempt.ts'
import type { AttemptId } from '../../model/ids.ts'
import { sameDigest } from '../../vault/index.ts'
import type { Form } from '../request-body.ts'

/** The hidden fields of a form of ours. Nothing is stored for them. */
export type FormToken = Readonly<Record<'attempt' | 'expires' | 'proof', string>>

/** What a form token is good for: the link that the page was made for, and the browser, where that matters. */
export interface FormPurpose {
  /** The query of the link, as it came. */
  readonly query: string
  /** A secret in the browser's cookie; the empty string where whoever has the link may act anyway. */
  readonly browser: string
}

/**
 * The fields that show that a post comes from a page that we made for this very link, not long ago. They name the attempt
 * that the post makes, so that it counts once however often it is sent.
 */
export function newFormToken(context: Context, purpose: FormPurpose): FormToken {
  const attempt = newAttemptId(context.now(), context.random)
  const expires = String(context.now() + limits.attemptLifetimeMs)
  return { attempt, expires, proof: proofOf(context, purpose, attempt, expires) }
}

/** Reads the fields of a post. Throws `invalid_request` for a foreign form and `attempt_expired` for an old one. */
export function readFormToken(context: Context, purpose: FormPurpose, form: Form): AttemptId {
  const attempt = form('attempt') ?? ''
  const expires = form('expires') ?? ''
  const id = parseAttemptId(attempt)
  if (id === null || !sameDigest(proofOf(context, purpose, attempt, expires), form('proof') ?? ''))
    throw new SpringbarError('invalid_request', 'The form was not made by this service for this link.')
  if (context.now() >= Number(expires)) throw new SpringbarError('attempt_expired', 'The form is too old.')
  return id
}

const proofOf = (
  { vault }: Context,
  { query, browser }: FormPurpose,
  attempt: string,
  expires: string,
): string => vault.ofAny('form-token', JSON.stringify([query, browser, attempt, expires]))
