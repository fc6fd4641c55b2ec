/**
 * What the storage keeps of sessions and attempts, and what attempts hold until somebody's word brings it. A part of
 * `storage.ts`, whose rules hold here too.
 */
import type { Attempt, AttemptStatus } from '../model/attempt.ts'
import type { HeldGrant } from '../model/held-grant.ts'
import type { ApplicationId, AttemptId, EndUserId } from '../model/ids.ts'
import type { Session } from '../model/session.ts'

/** Sessions by the public half of their token. */
export interface Sessions {
  /** Rejects with `conflict` when the lookup is taken, or the end user is gone. */
  insert(session: Session): Promise<void>
  /** By the public half of the token; the caller compares the hash. */
  find(lookup: string): Promise<Session | null>
  /** Ends one session of the application. False when there is no such living session. */
  end(applicationId: ApplicationId, lookup: string, now: number): Promise<boolean>
  /** Ends every living session of an end user and tells how many. */
  endAllOf(applicationId: ApplicationId, endUserId: EndUserId, now: number): Promise<number>
  /** Ends up to `limit` living sessions of an application that were made until `now`, and tells how many. */
  endAll(applicationId: ApplicationId, now: number, limit: number): Promise<number>
  /** Removes up to `limit` sessions that expired before `before`, and tells how many. */
  deleteExpired(before: number, limit: number): Promise<number>
}

/** What may change on an attempt, with its new status. */
export type AttemptChange = { readonly status: AttemptStatus } & Partial<
  Pick<Attempt, 'connected' | 'error' | 'cause' | 'connectionId' | 'returnedAt' | 'finishedAt'>
>

/** Attempts, each of which has one way through its statuses. */
export interface Attempts {
  /** Rejects with `conflict` when the id is taken, or the application has no such end user any more. */
  insert(attempt: Attempt): Promise<void>
  find(id: AttemptId): Promise<Attempt | null>
  /** The attempt that a `state` belongs to: among those of one reference, the one with this hash. */
  findByState(reference: string, stateHash: string): Promise<Attempt | null>
  /** The attempt of one application by the reference that a person read out. */
  findByReference(applicationId: ApplicationId, reference: string): Promise<Attempt | null>
  /**
   * Compare-and-set in one statement: changes the attempt only while its status is `from`, and returns it as it is
   * then. Of any number of callers, in any number of processes, one gets the attempt and the others get null.
   * With its end (`done`, `failed`) the request token is erased.
   */
  transition(id: AttemptId, from: AttemptStatus, change: AttemptChange): Promise<Attempt | null>
  /**
   * The last attempts of an end user that left `created`, the newest first: those made after `after`, `limit` of them at most.
   */
  latestOf(
    applicationId: ApplicationId,
    endUserId: EndUserId,
    after: number,
    limit: number,
  ): Promise<readonly Attempt[]>
  /**
   * The attempts of an end user that left `created`, the newest first: `limit` of them at most, before those whose id
   * begins with `before`; from the newest when that is null.
   */
  pageOf(
    applicationId: ApplicationId,
    endUserId: EndUserId,
    before: string | null,
    limit: number,
  ): Promise<readonly Attempt[]>
  /** Attempts in `status` whose `expiresAt` (created) or `returnedAt` (exchanging) lies before `before`, oldest first. */
  overdue(status: 'created' | 'exchanging', before: number, limit: number): Promise<readonly Attempt[]>
  /** Removes up to `limit` finished attempts that were created before `before`, and tells how many. */
  deleteFinished(before: number, limit: number): Promise<number>
}

/** What vendors gave and somebody's word must bring first, one row for each attempt. */
export interface HeldGrants {
  /** Rejects with `conflict` when the attempt holds something already, or the end user is gone. */
  insert(held: HeldGrant): Promise<void>
  find(id: AttemptId): Promise<HeldGrant | null>
  /**
   * Compare-and-set in one statement: notes that the word was given, and until when what was held must be used. Of any
   * number of callers one gets the row as it is then; null when it was given before, came too late, or is settled.
   */
  release(id: AttemptId, now: number, until: number): Promise<HeldGrant | null>
  /** Throws away what is held and keeps the rest. False when nothing was held any more. */
  settle(id: AttemptId): Promise<boolean>
  /** What is held for an end user, oldest first. */
  livingOf(applicationId: ApplicationId, endUserId: EndUserId): Promise<readonly HeldGrant[]>
  /** Whether tokens of this vendor account are held for the application. */
  holdsAccount(applicationId: ApplicationId, vendor: string, accountId: string): Promise<boolean>
  /** What is held and over, the longest overdue first. */
  overdue(now: number, limit: number): Promise<readonly HeldGrant[]>
  /** Removes up to `limit` settled rows that were made before `before`, and tells how many. */
  deleteSettled(before: number, limit: number): Promise<number>
}
