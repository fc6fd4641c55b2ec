import type { ApplicationId, ConnectionId, EndUserId } from './ids.ts'

/** `active` and `needs_reauth` live; a `disconnected` one is told of and never lives again. */
export type ConnectionStatus = 'active' | 'needs_reauth' | 'disconnected'

/** Who or what ended a connection. */
export type DisconnectedBy = 'person' | 'application' | 'vendor' | 'displaced' | 'replaced' | 'erased'

/**
 * Why a person must connect again: the vendor refused the refresh token; its life was over; the access token ended, and this
 * vendor gives nothing to renew it with; a renewal was cut off after the vendor may have answered, so the new pair is
 * lost; the person removed the application at the vendor.
 */
export const REAUTH_REASONS = [
  'refused',
  'refresh_token_expired',
  'access_token_expired',
  'renewal_interrupted',
  'removed_at_vendor',
] as const

/** One of {@link REAUTH_REASONS}. */
export type ReauthReason = (typeof REAUTH_REASONS)[number]

/** One end user's living or ended link to one vendor account. Instants are epoch milliseconds. */
export interface Connection {
  readonly id: ConnectionId
  readonly applicationId: ApplicationId
  readonly endUserId: EndUserId
  readonly sourceId: number
  readonly vendor: string
  /** The person's id at the vendor. Only ever compared, together with the vendor. */
  readonly accountId: string
  /**
   * What living connections to one vendor account must differ in: empty where an account has one owner, the end user's id
   * where several share it.
   */
  readonly shareKey: string
  readonly status: ConnectionStatus
  readonly disconnectedBy: DisconnectedBy | null
  /** Why the person must connect again; null unless that is so. */
  readonly reauthReason: ReauthReason | null
  readonly grantedScopes: readonly string[]
  /** What was asked for and not granted. */
  readonly missingScopes: readonly string[]
  /** The vendor's tokens, sealed by the vault; null once disconnected. */
  readonly sealedTokens: string | null
  readonly accessExpiresAt: number | null
  readonly refreshExpiresAt: number | null
  /** Grows with every write; a write names the version that it read. */
  readonly version: number
  readonly connectedAt: number
  readonly updatedAt: number
  readonly disconnectedAt: number | null
}
