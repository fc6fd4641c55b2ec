import type { ApplicationId, ConnectionId } from './ids.ts'

/** What can be noted of a connection. */
export const HISTORY_STEPS = [
  'connected',
  'repaired',
  'renewed',
  'renewal_failed',
  'needs_reauth',
  'scopes_changed',
  'vendor_notified',
  'disconnected',
  'revocation_tried',
  'revocation_finished',
] as const

/** One of {@link HISTORY_STEPS}. */
export type HistoryStep = (typeof HISTORY_STEPS)[number]

/** Something that happened to a connection, for whoever must explain it later. Instants are epoch milliseconds. */
export interface HistoryEntry {
  readonly applicationId: ApplicationId
  readonly connectionId: ConnectionId
  readonly step: HistoryStep
  /** Why, in fixed words: a reason, a cause, a status. No secret and nothing of a vendor's own text. */
  readonly detail: string | null
  readonly at: number
}
