import type { ApplicationId } from './ids.ts'

/** A notification of a vendor: kept from the moment it is answered until what it says is done. Instants are epoch milliseconds. */
export interface InboundNotification {
  /** 32 hex digits. */
  readonly id: string
  /** Whose address it came to. */
  readonly applicationId: ApplicationId
  readonly vendor: string
  /** The same for a repetition. */
  readonly dedupeKey: string
  /** The body as it came, sealed; null once it is done. */
  readonly sealedBody: string | null
  /** Whether it is known to be the vendor's; an unsigned one is only a hint. */
  readonly isAuthentic: boolean
  readonly status: 'pending' | 'done' | 'gave_up'
  readonly tries: number
  readonly nextTryAt: number
  readonly leaseOwner: string | null
  readonly leaseUntil: number | null
  /** Why it is not done, in fixed words, for the operator. */
  readonly cause: string | null
  readonly receivedAt: number
  readonly finishedAt: number | null
}

/** The address of one application for one vendor's notifications. There is one without a row, too: the first. */
export interface NotificationAddress {
  readonly applicationId: ApplicationId
  readonly vendor: string
  /** Grows with every change of the address. */
  readonly generation: number
  /** When it was changed last, in epoch milliseconds; null when never. */
  readonly changedAt: number | null
  /** What the vendor signs with, sealed, where it gave that out itself. */
  readonly sealedSecret: string | null
}
