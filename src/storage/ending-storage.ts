/** What the storage keeps of grants and people that end. A part of `storage.ts`, whose rules hold here too. */
import type { Deletion } from '../model/deletion.ts'
import type { ApplicationId, ConnectionId } from '../model/ids.ts'
import type { Revocation } from '../model/revocation.ts'

/** A request that ends every grant of an account, and until when it may be or have been under way. */
export interface SentRequest {
  /** The job's. */
  readonly id: string
  readonly sendingUntil: number
}

export interface Revocations {
  enqueue(revocation: Revocation): Promise<void>
  /**
   * Takes up to `limit` pending jobs that are due and that nobody holds, marks them as held by `owner` until `until`,
   * counts the try, and returns them. Two workers never get the same job. `owner` is new with every call: a worker
   * that lost a lease and took another one must not be taken for its former self.
   */
  lease(owner: string, now: number, until: number, limit: number): Promise<readonly Revocation[]>
  /**
   * Notes that a request is about to be sent that ends every grant of an account, named by its digest, and until when it
   * may be under way, while `owner` holds the job. False otherwise: then nothing may be sent.
   */
  open(id: string, owner: string, accountDigest: string, until: number): Promise<boolean>
  /** The last of such requests of each job for an account that may have been under way after `since`. */
  sentFor(accountDigest: string, since: number): Promise<readonly SentRequest[]>
  /** Forgets up to `limit` such requests that were over before `before`, not their jobs, and tells how many. */
  forgetSent(before: number, limit: number): Promise<number>
  /** Replaces the tokens of a job, only while `owner` holds it, and leaves the lease as it is. False otherwise. */
  keepTokens(
    id: string,
    owner: string,
    tokens: Pick<Revocation, 'sealedTokens' | 'accessExpiresAt'>,
  ): Promise<boolean>
  /**
   * Writes the outcome of a try, only while `owner` still holds the job, and gives the lease back: from `now` on nothing
   * is under way any more. False otherwise.
   */
  settle(
    id: string,
    owner: string,
    now: number,
    change: Partial<
      Pick<Revocation, 'status' | 'nextTryAt' | 'cause' | 'finishedAt' | 'accountId' | 'sealedTokens'>
    >,
  ): Promise<boolean>
  /** Those of the ids that are the application's, oldest first. */
  findMany(applicationId: ApplicationId, ids: readonly string[]): Promise<readonly Revocation[]>
  /** All revocations of one connection, oldest first. */
  listOf(applicationId: ApplicationId, connectionId: ConnectionId): Promise<readonly Revocation[]>
}

/** Receipts of deletions. They outlive the end users that they are about. */
export interface Deletions {
  /** Stores a receipt instead of the one that there may be for the same end user. */
  put(deletion: Deletion): Promise<void>
  find(applicationId: ApplicationId, subjectHash: string): Promise<Deletion | null>
}
