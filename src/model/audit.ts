import type { ApplicationId } from './ids.ts'

/** One line of the audit log: who did what to which object, and whether it worked. Never a secret. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number
  /** `application`, `end-user`, `operator`, `vendor` or `system`. */
  readonly actor: 'application' | 'end-user' | 'operator' | 'vendor' | 'system'
  /** Null for what concerns the service itself. */
  readonly applicationId: ApplicationId | null
  /** A dotted verb: `redirect-uri.add`, `end-user.erase`. */
  readonly action: string
  /** The id of what was acted upon. An end user stands here as a keyed digest, which says nothing once they are erased. */
  readonly object: string
  readonly result: 'ok' | 'refused' | 'failed'
  readonly requestId: string | null
}

/** A line with its place in the chain of its application, or of the service. */
export interface ChainedEntry extends AuditEntry {
  /** 1 for the first of its chain, without gaps; null for lines from before there were chains. */
  readonly chainNumber: number | null
  /** Keyed, over the line, its place, and the digest of the line before. */
  readonly digest: string | null
}

/** A line as it is stored. */
export interface AuditLine extends ChainedEntry {
  /** Grows with every line of the database. */
  readonly sequence: number
}

/** The end of a chain, kept apart from its lines, so that lines which are cut off there are missed. */
export interface AuditChain {
  /** Null for the service's own. */
  readonly applicationId: ApplicationId | null
  /** How many lines there were before the chain began. Nothing vouches for those. */
  readonly unchained: number
  /** The number of the last line; 0 when there is none yet. */
  readonly length: number
  /** The digest of the last line; empty when there is none yet. */
  readonly digest: string
  /** Keyed, over the other fields. */
  readonly seal: string
}
