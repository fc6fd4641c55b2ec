import type { ApplicationId, ConnectionId } from './ids.ts'

/**
 * When and by whom a living connection's tokens are renewed. There is one for each connection whose grant has a refresh
 * token, and it goes with the connection. Instants are epoch milliseconds.
 */
export interface Renewal {
  readonly connectionId: ConnectionId
  readonly applicationId: ApplicationId
  readonly vendor: string
  /** When the background renews; a read of a stale token does not wait for it. */
  readonly dueAt: number
  /** Whose turn it is, and until when. Who lost it writes nothing. */
  readonly leaseOwner: string | null
  readonly leaseUntil: number | null
  /** Whether a request may have reached the vendor without its answer having reached us. */
  readonly isOpen: boolean
  /** Failures in a row. */
  readonly tries: number
  /** When the vendor first refused in this row of failures, for those whose first refusal is not to be believed. */
  readonly refusedAt: number | null
  /** The last failure in fixed words, for the operator. */
  readonly cause: string | null
}
