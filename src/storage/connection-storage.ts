/**
 * What the storage keeps of connections: with what happened to them, and when their tokens are renewed. A part of
 * `storage.ts`, whose rules hold here too.
 */
import type { Connection } from '../model/connection.ts'
import type { HistoryEntry } from '../model/history.ts'
import type { ApplicationId, ConnectionId, EndUserId } from '../model/ids.ts'
import type { Renewal } from '../model/renewal.ts'

/** What may change on a connection. */
export type ConnectionChange = Partial<
  Omit<Connection, 'id' | 'applicationId' | 'endUserId' | 'sourceId' | 'version'>
>

/** Connections, living and ended. A vendor account has one living connection of an application under a share key. */
export interface Connections {
  /**
   * Stores a new connection. Rejects with `conflict` when a living connection of this application already holds the
   * same vendor account under the same `shareKey`; nothing is stored then.
   */
  insert(connection: Connection): Promise<void>
  find(applicationId: ApplicationId, id: ConnectionId): Promise<Connection | null>
  /** All connections of these end users, living and ended, oldest `connectedAt` first. */
  listOf(applicationId: ApplicationId, endUserIds: readonly EndUserId[]): Promise<readonly Connection[]>
  /** The `limit` next of {@link listOf} for one end user, behind a connection's place in that order; null: from the beginning. */
  pageOf(
    applicationId: ApplicationId,
    endUserId: EndUserId,
    after: Pick<Connection, 'connectedAt' | 'id'> | null,
    limit: number,
  ): Promise<readonly Connection[]>
  /** The living (`active` or `needs_reauth`) connections of one end user to one source, oldest first. */
  livingOf(
    applicationId: ApplicationId,
    endUserId: EndUserId,
    sourceId: number,
  ): Promise<readonly Connection[]>
  /** The living connections of the application to a vendor account, whoever owns them, the longest connected first. */
  ownersOf(applicationId: ApplicationId, vendor: string, accountId: string): Promise<readonly Connection[]>
  /** The first of {@link ownersOf}. */
  findOwner(applicationId: ApplicationId, vendor: string, accountId: string): Promise<Connection | null>
  /**
   * Living connections of the application at one vendor, those after `after` in the order of account id and share key:
   * several can have one account. From the beginning when null.
   */
  livingAt(
    applicationId: ApplicationId,
    vendor: string,
    after: Pick<Connection, 'accountId' | 'shareKey'> | null,
    limit: number,
  ): Promise<readonly Connection[]>
  /**
   * Compare-and-swap: changes the connection only while its version is `version`, and raises the version.
   * False when somebody else was faster; nothing is changed then.
   */
  update(
    applicationId: ApplicationId,
    id: ConnectionId,
    version: number,
    change: ConnectionChange,
  ): Promise<boolean>
}

/** What happened to connections, for those who look after them. */
export interface History {
  /** Notes an entry of a connection, and forgets the oldest beyond `kept`. */
  append(entry: HistoryEntry, kept: number): Promise<void>
  /** All entries of a connection, oldest first. */
  list(applicationId: ApplicationId, connectionId: ConnectionId): Promise<readonly HistoryEntry[]>
}

/** What a turn may change on a renewal. */
export type RenewalChange = Partial<Pick<Renewal, 'dueAt' | 'tries' | 'refusedAt' | 'cause' | 'isOpen'>>

/** When tokens are due to be renewed, and whose turn it is. */
export interface Renewals {
  /** Stores the renewal of a connection, instead of any that it had: a new grant begins anew, and nobody's lease counts. */
  put(renewal: Renewal): Promise<void>
  remove(applicationId: ApplicationId, connectionId: ConnectionId): Promise<void>
  find(applicationId: ApplicationId, connectionId: ConnectionId): Promise<Renewal | null>
  /**
   * Takes the turn for one connection, due or not, while nobody holds it: of any number of callers in any number of
   * processes one gets the renewal, as it is then, and the others null. `owner` is new with every call.
   */
  take(
    applicationId: ApplicationId,
    connectionId: ConnectionId,
    owner: string,
    now: number,
    until: number,
  ): Promise<Renewal | null>
  /** As {@link take}, for up to `limit` that are due, the longest overdue first, of no vendor in `exceptVendors`. */
  takeDue(
    owner: string,
    now: number,
    until: number,
    limit: number,
    exceptVendors: readonly string[],
  ): Promise<readonly Renewal[]>
  /**
   * Notes that a request is about to be sent, while `owner` holds the turn, and lets the turn last until `until`. False
   * when somebody else holds it by now: then nothing may be sent.
   */
  open(connectionId: ConnectionId, owner: string, until: number): Promise<boolean>
  /** Writes what came of a turn, only while `owner` holds it, and gives it back. False otherwise. */
  settle(connectionId: ConnectionId, owner: string, change: RenewalChange): Promise<boolean>
}
