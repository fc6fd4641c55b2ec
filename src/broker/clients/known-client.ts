import type { Client } from '../../model/application.ts'
import type { AnyAuthorization } from '../../model/source.ts'
import type { StoredClient } from '../../model/stored-client.ts'

/** A client as its application may see it: everything but its secrets. */
export interface KnownClient {
  readonly authorization: AnyAuthorization
  readonly clientId: string
  readonly scopes: readonly string[] | null
  /** The names of the further values. */
  readonly extras: readonly string[]
  readonly managedBy: Client['managedBy']
  /** Epoch milliseconds; null for one of the configuration. */
  readonly createdAt: number | null
  readonly updatedAt: number | null
}

/** What may be told of a client; `stored` is its row, null for one of the configuration. */
export const knownClient = (
  authorization: AnyAuthorization,
  { clientId, scopes, extras, managedBy }: Pick<Client, 'clientId' | 'scopes' | 'extras' | 'managedBy'>,
  stored: Pick<StoredClient, 'createdAt' | 'updatedAt'> | null,
): KnownClient => ({
  authorization,
  clientId,
  scopes,
  extras: [...extras.keys()].toSorted(),
  managedBy,
  createdAt: stored?.createdAt ?? null,
  updatedAt: stored?.updatedAt ?? null,
})
