import type { ApplicationId } from './ids.ts'

/** How much was erased with an end user, by kind. */
export interface ErasedRows {
  readonly sessions: number
  readonly attempts: number
  readonly connections: number
  readonly events: number
}

/** The receipt of an end user's deletion. It outlives them and names nobody. Instants are epoch milliseconds. */
export interface Deletion {
  readonly applicationId: ApplicationId
  /** Keyed digest of the end user's id: who still has the id finds the receipt. */
  readonly subjectHash: string
  readonly requestedBy: 'application'
  readonly requestedAt: number
  /** When it is due. */
  readonly deleteAt: number
  /** Null while it is queued. */
  readonly erasedAt: number | null
  readonly erased: ErasedRows | null
  /** The revocations that were pending when the rows were erased, and those that began then. */
  readonly revocationIds: readonly string[]
}
