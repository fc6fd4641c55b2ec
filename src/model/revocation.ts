import type { ApplicationId, ConnectionId } from './ids.ts'

export type RevocationStatus = 'pending' | 'revoked' | 'unsupported' | 'superseded' | 'gave_up'

/**
 * The durable wish to end a grant at the vendor. It outlives the connection, and holds the sealed tokens until it
 * is settled. Instants are epoch milliseconds.
 */
export interface Revocation {
  /** 32 hex digits. */
  readonly id: string
  readonly applicationId: ApplicationId
  readonly connectionId: ConnectionId
  readonly sourceId: number
  readonly vendor: string
  /** Empty once settled. */
  readonly accountId: string
  /** Sealed as the connection's tokens were; null once settled. */
  readonly sealedTokens: string | null
  /** Until when the access token works; null when it does not expire. */
  readonly accessExpiresAt: number | null
  readonly status: RevocationStatus
  readonly tries: number
  readonly nextTryAt: number
  /** Whose turn it is, and until when. A worker that lost its lease changes nothing. */
  readonly leaseOwner: string | null
  readonly leaseUntil: number | null
  /**
   * Until when a request may be or have been under way that ends every grant of the account at the vendor; null when none
   * was, or none that anybody has to know of any more.
   */
  readonly sendingUntil: number | null
  /** Whose grants that request ends: a keyed digest of the account and of our client there. Null as `sendingUntil` is. */
  readonly accountDigest: string | null
  /** The last failure in fixed words, for the operator. */
  readonly cause: string | null
  readonly createdAt: number
  readonly finishedAt: number | null
}
