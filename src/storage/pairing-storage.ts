/**
 * What the storage keeps of pairings with phones, and of what is tried a few times only. A part of `storage.ts`, whose rules
 * hold here too.
 */
import type { ApplicationId } from '../model/ids.ts'
import type { Device, Pairing } from '../model/pairing.ts'

/** Codes that a phone redeems once. */
export interface Pairings {
  /**
   * Stores an open pairing. Rejects with `conflict` while the application has another one under this handle that has not
   * expired at `createdAt`; an expired one is replaced.
   */
  insert(pairing: Pairing): Promise<void>
  /**
   * Takes the pairing whose code has this digest, unless it has expired or had `maxTries` wrong tries: of any number of
   * callers one gets it, and it is gone. Otherwise null, and the pairing under the handle, if there is one, has
   * had one try more.
   */
  take(
    code: Pick<Pairing, 'applicationId' | 'handle' | 'codeHash'>,
    now: number,
    maxTries: number,
  ): Promise<Pairing | null>
  /** Removes up to `limit` pairings that expired before `before`, and tells how many. */
  deleteExpired(before: number, limit: number): Promise<number>
}

/** Phones that were paired, one for each native connection. */
export interface Devices {
  /** Stores a device; rejects with `conflict` when its connection is gone. */
  insert(device: Device): Promise<void>
  /** By the digest of the token, which is the credential. */
  find(tokenHash: string): Promise<Device | null>
  /** Notes the instant of a report. False when there is no such device. */
  reported(applicationId: ApplicationId, tokenHash: string, now: number): Promise<boolean>
}

/** Counts of what may be tried a few times only. */
export interface Tallies {
  /**
   * Counts one more and tells how many there are now. The first opens a window that ends at `endsAt`; the first after
   * that end opens a new one.
   */
  count(key: string, now: number, endsAt: number): Promise<number>
  /** How many there are at `now`, without counting one more. */
  read(key: string, now: number): Promise<number>
  /** Removes up to `limit` tallies that ended before `before`, and tells how many. */
  deleteEnded(before: number, limit: number): Promise<number>
}
