import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { Source } from '../../model/source.ts'
import { VaultError } from '../../vault/index.ts'
import { type AuthorizationChoice, chooseAuthorization } from '../catalogue/choose-authorization.ts'
import type { Context } from '../context.ts'
import { openClient } from '../sealing/sealed-client.ts'
import { type KnownClient, knownClient } from './known-client.ts'

/** An application's client for a source, without its secrets. Throws `not_found`, or as {@link chooseAuthorization}. */
export async function readClient(
  context: Context,
  application: Application,
  source: Source,
  choice: AuthorizationChoice,
): Promise<KnownClient> {
  const authorization = chooseAuthorization(source, choice)
  const current = application.clients.get(authorization.vendor)
  if (current?.managedBy === 'configuration') return knownClient(authorization, current, null)
  // The database knows it at once, whichever replica stored it.
  const stored = await context.storage.read.clients.find(application.id, authorization.vendor)
  if (stored === null) throw noClient()
  const { clientId, scopes } = stored
  try {
    const { extras } = openClient(context, stored)
    return knownClient(authorization, { clientId, scopes, extras, managedBy: 'api' }, stored)
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
    throw new SpringbarError('not_found', 'The client that is stored can no longer be opened; give it again.')
  }
}

/** The failure to find a client. */
export const noClient = (): SpringbarError =>
  new SpringbarError('not_found', 'This application has no client for this data source.')
