/**
 * What the use cases are given to work with.
 *
 * @module broker — owns every decision: use cases, one verb for each file, in rooms by what they are about. It talks
 * to the world through the context of this file alone, and knows no route, no page and no SQL. Rooms use each other in
 * one direction, which a test holds. What stands beside this file serves all of them; `sweep.ts` alone calls them.
 */

import type { Appearance } from '../model/appearance.ts'
import type { Application } from '../model/application.ts'
import type { Action } from '../model/attempt.ts'
import type { ApplicationId } from '../model/ids.ts'
import type { OutcomeError } from '../model/result.ts'
import type { Source } from '../model/source.ts'
import type { LogInHooks, RevocationHooks, VendorFetch } from '../oauth/index.ts'
import type { Storage } from '../storage/storage.ts'
import type { Vault } from '../vault/index.ts'

/** Values of a log line: ids and fixed words. No secret, no address with a query, no text of a vendor. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** Where the service says what an operator should know. One line for each call. */
export interface Log {
  readonly debug: (message: string, fields?: LogFields) => void
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}

/** All known sources, by catalogue id. */
export type SourceMap = ReadonlyMap<number, Source>

/** The public origins, without a trailing slash. The direct pages, the result page and the callback share one. */
export interface ServiceUrls {
  readonly api: string
  readonly widget: string
  readonly direct: string
}

/** How an attempt ended, in few and fixed words. */
export interface AttemptEnd {
  readonly action: Action
  /** The source's key; `none` when the link named none that exists. */
  readonly source: string
  readonly outcome: 'done' | OutcomeError
}

/** The looks of applications, for those who draw their pages. */
export interface AppearanceDirectory {
  /**
   * The look of an application: that of the configuration, else the one given over the API, else ours. A page is worth
   * more than its colours, so it never rejects: without a database, what was known last stays.
   */
  readonly find: (application: Application) => Promise<Appearance>
  /** Reads it anew the next time. */
  readonly forget: (applicationId: ApplicationId) => void
}

/**
 * Everything that a use case may touch. Effects are passed here and imported nowhere, so that a whole flow can be
 * replayed from a seed.
 */
export interface Context {
  readonly urls: ServiceUrls
  readonly applications: ReadonlyMap<ApplicationId, Application>
  /** Reads again which clients the applications gave over the API (`client-directory.ts`). */
  readonly refreshClients: () => Promise<void>
  /** How the applications' pages look. */
  readonly appearances: AppearanceDirectory
  readonly storage: Storage
  readonly vault: Vault
  readonly sources: SourceMap
  /** The code that a few definitions bring along. */
  readonly revocationHooks: RevocationHooks
  readonly logInHooks: LogInHooks
  /** The guarded way to vendors, and the only one. */
  readonly fetch: VendorFetch
  /** As `fetch`, for answers that are passed on while they come. */
  readonly stream: VendorFetch
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>
  /** Cryptographically random bytes. */
  readonly random: (byteLength: number) => Uint8Array
  readonly log: Log
  /** Told of each attempt that ends, in fixed words; nobody listens when missing. */
  readonly noteAttempt?: (end: AttemptEnd) => void
  /** Told of the end of each try to renew tokens, in fixed words; nobody listens when missing. */
  readonly noteRenewal?: (vendor: string, outcome: string) => void
}

/** The application of a stored row. A row whose application was taken out of the configuration has none. */
export function applicationOf(context: Context, id: ApplicationId): Application | null {
  return context.applications.get(id) ?? null
}
