import type { ApplicationId, EndUserId } from './ids.ts'

/**
 * A connection session: the right to connect and disconnect sources for one end user, until it expires.
 * Its token is never stored, only a keyed hash. Instants are epoch milliseconds.
 */
export interface Session {
  /** The first 16 digits of the token. */
  readonly lookup: string
  /** Keyed hash of the whole token. */
  readonly tokenHash: string
  readonly applicationId: ApplicationId
  readonly endUserId: EndUserId
  /** The language that the application asked for; null when nobody chose and the browser decides. */
  readonly locale: string | null
  /** Catalogue ids that this session may connect; null for all. */
  readonly allowedSources: readonly number[] | null
  /** The redirect URI of this session's ready links; null for none. */
  readonly redirectUri: string | null
  /** How the person is named on our pages, chosen by the application; null for none. */
  readonly label: string | null
  readonly createdAt: number
  readonly expiresAt: number
  /** When the application, or the end user's deletion, ended it early. */
  readonly endedAt: number | null
}
