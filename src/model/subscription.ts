import type { ApplicationId, ConnectionId } from './ids.ts'

/** A vendor's promise to tell us something, or our wish for it. Instants are epoch milliseconds. */
export interface Subscription {
  /** 32 hex digits. */
  readonly id: string
  readonly applicationId: ApplicationId
  readonly vendor: string
  /** Whose grant it is made with; null for one of the whole application. It goes with the connection. */
  readonly connectionId: ConnectionId | null
  /** What it is about, in the vendor's words; empty where there is one for everything. */
  readonly topic: string
  /** `pending`: not made yet; `failing`: tried in vain, and to be tried again. */
  readonly status: 'pending' | 'active' | 'failing'
  /** The vendor's id for it. */
  readonly remoteId: string | null
  /** Which of the application's addresses it leads to. */
  readonly generation: number
  readonly expiresAt: number | null
  /** When there is something to do; null when never. */
  readonly dueAt: number | null
  readonly tries: number
  readonly leaseOwner: string | null
  readonly leaseUntil: number | null
  /** The last failure in fixed words. */
  readonly cause: string | null
  readonly createdAt: number
}

/** How many subscriptions an application has at a vendor, by status, and why one of them fails. */
export interface SubscriptionTally {
  readonly vendor: string
  readonly status: Subscription['status']
  readonly count: number
  readonly cause: string | null
}
