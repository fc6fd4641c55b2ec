import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { type Attempt, parseAttemptId } from '../../model/attempt.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import { sameDigest } from '../../vault/index.ts'
import type { Context } from '../context.ts'
import { dropHeldGrant } from './drop-held-grant.ts'
import type { Proof } from './held-grant.ts'
import { useHeldGrant } from './use-held-grant.ts'

/** What the browser that started an attempt is known by when it answers: the secret in its cookie. */
export const moveProof = (context: Context, browserSecret: string): Proof => ({
  awaits: 'person',
  proofHash: context.vault.ofRandom('move-proof', browserSecret),
})

/** An attempt that waits for the person to say whether a vendor account may move; null when it does not. */
export async function findMove(context: Context, attempt: Attempt): Promise<HeldGrant | null> {
  if (attempt.status !== 'pending') return null
  const held = await context.storage.read.heldGrants.find(attempt.id)
  return held?.awaits === 'person' && held.releasedAt === null ? held : null
}

/**
 * The person's answer to whether a vendor account may leave its present owner (`bind=page`), from the browser that
 * started. Returns the attempt as it is then. Throws `invalid_request` for an attempt that asks nothing, and
 * `browser_changed`.
 */
export async function answerMove(
  context: Context,
  answer: {
    readonly attemptId: string
    readonly browserSecret: string | null
    readonly mayMove: boolean
  },
): Promise<Attempt> {
  const id = parseAttemptId(answer.attemptId)
  const { attempts, heldGrants } = context.storage.read
  const [attempt, held] = id === null ? [null, null] : [await attempts.find(id), await heldGrants.find(id)]
  if (attempt === null || held?.awaits !== 'person')
    throw new SpringbarError('invalid_request', 'This attempt asks nothing.')
  const { browserSecret } = answer
  if (browserSecret === null || !sameDigest(held.proofHash, moveProof(context, browserSecret).proofHash))
    throw new SpringbarError('browser_changed', 'The attempt was started in another browser.', {
      about: { applicationId: attempt.applicationId },
    })
  const now = context.now()
  if (now >= held.expiresAt && held.releasedAt === null)
    await dropHeldGrant(context, attempt, { error: 'attempt_expired', cause: 'not_answered' })
  else if (!answer.mayMove)
    await dropHeldGrant(context, attempt, {
      error: 'account_in_use',
      cause: 'not_moved',
      unlessReleased: true,
    })
  else {
    const released = await context.storage.write((tables) =>
      tables.heldGrants.release(attempt.id, now, now + limits.attemptExchangeMs),
    )
    if (released !== null) await useHeldGrant(context, attempt, released)
  }
  return (await attempts.find(attempt.id)) ?? attempt
}
