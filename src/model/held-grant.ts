import type { ApplicationId, AttemptId, EndUserId } from './ids.ts'

/**
 * What a vendor gave and nobody may use yet: the code, or the tokens of an attempt that waits for somebody's word. Until
 * that word nothing is connected, listed or announced. Instants are epoch milliseconds.
 */
export interface HeldGrant {
  readonly attemptId: AttemptId
  readonly applicationId: ApplicationId
  readonly endUserId: EndUserId
  readonly vendor: string
  /**
   * Whose word: the application's, which knows who is logged in (`bind=confirm`), or the person's, who is asked before
   * another end user loses the vendor account (`bind=page`).
   */
  readonly awaits: 'application' | 'person'
  /** Keyed hash of what proves the right to answer: the ticket, or the secret in the browser's cookie. */
  readonly proofHash: string
  /** The vendor account; null while the code has not been exchanged, and once settled. */
  readonly accountId: string | null
  /** The code or the tokens, sealed for this attempt alone; null once settled. */
  readonly sealed: string | null
  readonly createdAt: number
  /** When it is over: the word came too late, or, after it came, using it was cut off. */
  readonly expiresAt: number
  /** When the word was given; null until then. It is given once. */
  readonly releasedAt: number | null
}
