import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application, Binding } from '../../model/application.ts'
import { type Attempt, parseAttemptId } from '../../model/attempt.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import { sameDigest } from '../../vault/index.ts'
import type { Context } from '../context.ts'
import { RESULT_PATH } from '../redirect-uris/redirect-location.ts'
import { dropHeldGrant } from './drop-held-grant.ts'
import type { Proof } from './held-grant.ts'
import { useHeldGrant } from './use-held-grant.ts'

/** What the application's backend says about the browser that brought it a ticket. */
export interface Confirmation {
  readonly ticket: string
  /** Who is logged in there. */
  readonly endUserId: string
}

/**
 * The 256 bits of a ticket, derived from the attempt's `state` under a key of ours: a browser that reloads the callback
 * gets the same ticket again, and it is stored nowhere. Only a keyed hash of it is.
 */
const ticketSecretOf = (context: Context, state: string): string => context.vault.ofRandom('ticket', state)

/** What an attempt's ticket is held against. */
export const ticketProof = (context: Context, state: string): Proof => ({
  awaits: 'application',
  proofHash: context.vault.ofRandom('ticket-proof', ticketSecretOf(context, state)),
})

/** The application's own page, with the one-time ticket of an attempt. */
export function verifyLocation(
  context: Context,
  { verifyUrl }: Extract<Binding, { kind: 'confirm' }>,
  attempt: Attempt,
  state: string,
): string {
  const separator = verifyUrl.includes('?') ? '&' : '?'
  return `${verifyUrl}${separator}ticket=${attempt.id}-${ticketSecretOf(context, state)}`
}

/**
 * The application's word about who finished an attempt (contract §3, `bind=confirm`). Only the end user whom the attempt
 * was started for makes the connection; with any other, what the vendor gave is thrown away for good. Returns the
 * address to send the browser on to, where the outcome waits. Asked again, it answers the same and does nothing.
 * Throws `not_found` for a ticket that is unknown or another application's, `user_mismatch`, and `attempt_expired`.
 */
export async function confirmAttempt(
  context: Context,
  application: Application,
  { ticket, endUserId }: Confirmation,
): Promise<{ readonly next: string }> {
  const { attempt, held } = await findByTicket(context, application, ticket)
  if (attempt.status !== 'pending' || held.releasedAt !== null)
    return answerAgain(context, attempt.id, endUserId)
  const now = context.now()
  if (now >= held.expiresAt) {
    await dropHeldGrant(context, attempt, { error: 'attempt_expired', cause: 'not_confirmed' })
    return answerAgain(context, attempt.id, endUserId)
  }
  if (endUserId !== attempt.endUserId) {
    await dropHeldGrant(context, attempt, {
      error: 'user_mismatch',
      cause: 'user_mismatch',
      unlessReleased: true,
      audit: { actor: 'application', action: 'attempt.user-mismatch' },
    })
    throw userMismatch()
  }
  const released = await context.storage.write(({ heldGrants }) =>
    heldGrants.release(attempt.id, now, now + limits.attemptExchangeMs),
  )
  if (released === null) return answerAgain(context, attempt.id, endUserId)
  await useHeldGrant(context, attempt, released)
  return { next: nextOf(context, attempt) }
}

/** Where the browser goes on: our result page, which finds the session's token in the attempt's cookie. */
const nextOf = ({ urls }: Context, { id }: Attempt): string => `${urls.direct}${RESULT_PATH}?attempt=${id}`

async function findByTicket(
  context: Context,
  application: Application,
  ticket: string,
): Promise<{ readonly attempt: Attempt; readonly held: HeldGrant }> {
  const dash = ticket.indexOf('-')
  const id = parseAttemptId(ticket.slice(0, dash))
  const secret = ticket.slice(dash + 1)
  const { attempts, heldGrants } = context.storage.read
  const [attempt, held] = id === null ? [null, null] : [await attempts.find(id), await heldGrants.find(id)]
  if (
    attempt === null ||
    held === null ||
    held.awaits !== 'application' ||
    attempt.applicationId !== application.id ||
    !sameDigest(held.proofHash, context.vault.ofRandom('ticket-proof', secret))
  )
    throw new SpringbarError('not_found', 'This application has no attempt with this ticket.')
  return { attempt, held }
}

/** What the first answer was, for whoever asks with the ticket again. */
async function answerAgain(
  context: Context,
  id: Attempt['id'],
  endUserId: string,
): Promise<{ readonly next: string }> {
  const attempt = await context.storage.read.attempts.find(id)
  if (attempt === null)
    throw new SpringbarError('not_found', 'This application has no attempt with this ticket.')
  if (attempt.error === 'attempt_expired')
    throw new SpringbarError('attempt_expired', 'The time to confirm this attempt is over.')
  if (attempt.error === 'user_mismatch' || attempt.endUserId !== endUserId) throw userMismatch()
  return { next: nextOf(context, attempt) }
}

const userMismatch = () =>
  new SpringbarError(
    'user_mismatch',
    'The attempt was started for another end user of this application. Nothing was connected.',
  )
