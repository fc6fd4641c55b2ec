/**
 * The applications with all their clients.
 *
 * @module broker/clients — owns our registrations at vendors as an application gives, reads and removes them. Their
 * secrets are sealed in `sealing/`.
 */

import type { Application, Client } from '../../model/application.ts'
import type { ApplicationId } from '../../model/ids.ts'
import type { StoredClient } from '../../model/stored-client.ts'
import { VaultError } from '../../vault/index.ts'
import type { Context } from '../context.ts'
import { openClient } from '../sealing/sealed-client.ts'

/** The applications, each with all its clients: those of the configuration, and beside them those given over the API. */
export interface ClientDirectory {
  readonly applications: ReadonlyMap<ApplicationId, Application>
  /**
   * Reads again what was given over the API. What was committed before the call is known when it resolves. Rejects as
   * the storage does; what was known stays then.
   */
  readonly refresh: () => Promise<void>
}

type Deps = Pick<Context, 'storage' | 'vault' | 'log'>

/**
 * Keeps the clients of all applications in memory, so that a connect asks no database for them. Whoever changes one
 * refreshes; other replicas see it when they refresh in their turn (`limits.clientsReadAgainMs`). For a vendor
 * key that the configuration has, its client counts.
 */
export function createClientDirectory(configured: readonly Application[], deps: Deps): ClientDirectory {
  const entries = configured.map((application) => {
    const clients = new Map(application.clients)
    return { application: Object.freeze({ ...application, clients }), clients }
  })
  const open = rememberOpened(deps)
  const load = async () => {
    const ids = entries.map(({ application }) => application.id)
    const opened = open(await deps.storage.read.clients.listOf(ids))
    for (const { application, clients } of entries) update(clients, opened.get(application.id) ?? [])
  }

  let running: Promise<unknown> = Promise.resolve()
  let waiting: Promise<void> | null = null
  // One after the other: an older answer of the database never follows a newer one. Those who ask while one runs share
  // the next.
  const refresh = (): Promise<void> => {
    waiting ??= running.then(() => {
      waiting = null
      const loading = load()
      running = loading.catch(() => undefined)
      return loading
    })
    return waiting
  }
  return Object.freeze({
    applications: new Map(entries.map(({ application }) => [application.id, application])),
    refresh,
  })
}

function update(clients: Map<string, Client>, given: readonly Client[]): void {
  const current = new Map(given.map((client) => [client.vendor, client]))
  for (const [vendor, client] of clients)
    if (client.managedBy === 'api' && !current.has(vendor)) clients.delete(vendor)
  for (const [vendor, client] of current)
    if (clients.get(vendor)?.managedBy !== 'configuration') clients.set(vendor, client)
}

/** Opens rows, each once: those that did not change since the last time are known. */
function rememberOpened(
  deps: Deps,
): (rows: readonly StoredClient[]) => ReadonlyMap<ApplicationId, readonly Client[]> {
  // By what is sealed, which no two rows and no two versions of a row have in common. Null for what does not open.
  let known: ReadonlyMap<string, Client | null> = new Map()
  return (rows) => {
    const opened = rows.map((row) => ({
      row,
      client: known.get(row.sealedSecrets) ?? (known.has(row.sealedSecrets) ? null : toClient(deps, row)),
    }))
    known = new Map(opened.map(({ row, client }) => [row.sealedSecrets, client]))
    const clients = new Map<ApplicationId, Client[]>()
    for (const { row, client } of opened)
      if (client !== null) clients.set(row.applicationId, [...(clients.get(row.applicationId) ?? []), client])
    return clients
  }
}

/** One that does not open is as good as none: the operator reads why, once, and everything else goes on. */
function toClient(deps: Deps, row: StoredClient): Client | null {
  const { applicationId, vendor, clientId, scopes } = row
  try {
    return Object.freeze({ vendor, clientId, scopes, managedBy: 'api', ...openClient(deps, row) })
  } catch (error) {
    const reason = error instanceof VaultError ? error.reason : 'malformed'
    deps.log.error('a client given over the API cannot be opened', {
      application: applicationId,
      vendor,
      reason,
    })
    return null
  }
}
