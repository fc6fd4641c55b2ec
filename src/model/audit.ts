import type { ApplicationId } from './ids.ts'

/** One line of the audit log: who did what to which object, and whether it worked. Never a secret. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number
  /** `application`, `end-user`, `operator`, `vendor` or `system`. */
  readonly actor: 'application' | 'end-user' | 'operator' | 'vendor' | 'system'
  readonly applicationId: ApplicationId | null
  /** A dotted verb: `redirect-uri.add`, `end-user.erase`. */
  readonly action: string
  /** The id of what was acted upon. */
  readonly object: string
  readonly result: 'ok' | 'refused' | 'failed'
  readonly requestId: string | null
}
