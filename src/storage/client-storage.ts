/** What the storage keeps of applications' own settings. A part of `storage.ts`, whose rules hold here too. */
import type { ApplicationId } from '../model/ids.ts'
import type { StoredClient } from '../model/stored-client.ts'

/** Redirect URIs that applications listed by self-service. Those of the configuration are not in the database. */
export interface RedirectUris {
  /** False when it is listed already. */
  add(applicationId: ApplicationId, uri: string, now: number): Promise<boolean>
  /** False when it was not listed. */
  remove(applicationId: ApplicationId, uri: string): Promise<boolean>
  has(applicationId: ApplicationId, uri: string): Promise<boolean>
  /** In byte order. */
  list(applicationId: ApplicationId): Promise<readonly string[]>
}

/** Clients at vendors that applications gave over the API. Those of the configuration are not in the database. */
export interface Clients {
  /** Stores a client, or replaces the one for its vendor key; `createdAt` stays that of the first. */
  put(client: StoredClient): Promise<void>
  /** False when there was none. */
  remove(applicationId: ApplicationId, vendor: string): Promise<boolean>
  find(applicationId: ApplicationId, vendor: string): Promise<StoredClient | null>
  /** Those of all these applications. */
  listOf(applicationIds: readonly ApplicationId[]): Promise<readonly StoredClient[]>
}
