import type { AuditChain, AuditLine, ChainedEntry } from '../model/audit.ts'
import type { ApplicationId } from '../model/ids.ts'

/** Which lines a reader wants. */
export interface AuditQuery {
  /** Of this application alone; of all and of the service when missing. */
  readonly applicationId?: ApplicationId
  /** Written at or after this time. */
  readonly since?: number
  /** About one of these objects. */
  readonly objects?: readonly string[]
  readonly limit: number
}

/** The audit log. Lines are appended and read; nothing changes or removes one. */
export interface AuditLog {
  /**
   * Takes the chain of an application (null: of the service) until the unit is committed, and gives its end, so that units
   * in any number of processes append one after the other. The first time, the lines that are there already are counted.
   */
  takeChain(applicationId: ApplicationId | null): Promise<AuditChain>
  /** Appends a line and moves the end of its chain, which this unit has taken, there. */
  append(entry: ChainedEntry, end: AuditChain): Promise<void>
  findChain(applicationId: ApplicationId | null): Promise<AuditChain | null>
  /** Every chain, that of the service first. */
  chains(): Promise<readonly AuditChain[]>
  /** The lines of one chain after a sequence (0 for the beginning), in order. */
  list(applicationId: ApplicationId | null, after: number, limit: number): Promise<readonly AuditLine[]>
  /** The latest lines that a reader wants, the newest first. */
  latest(query: AuditQuery): Promise<readonly AuditLine[]>
}
