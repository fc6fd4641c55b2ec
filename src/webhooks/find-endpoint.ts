import { SpringbarError } from '../errors.ts'
import type { Application } from '../model/application.ts'
import { isHexId } from '../model/ids.ts'
import type { WebhookEndpoint } from '../model/webhook.ts'
import type { Tables } from '../storage/storage.ts'

/** The application's endpoint. Throws `not_found`. */
export async function requireEndpoint(
  tables: Tables,
  application: Application,
  id: string,
): Promise<WebhookEndpoint> {
  // What has not the form of an id is nobody's; a database may even refuse to look for it.
  const endpoint = isHexId(id) ? await tables.webhookEndpoints.find(application.id, id) : null
  if (endpoint === null) throw new SpringbarError('not_found', 'There is no webhook endpoint with this id.')
  return endpoint
}

/** The same, of those that may be changed over the API. Throws `managed_by_configuration` for the others. */
export async function changeableEndpoint(
  tables: Tables,
  application: Application,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await requireEndpoint(tables, application, id)
  if (endpoint.managedBy === 'configuration')
    throw new SpringbarError('managed_by_configuration', 'This endpoint is listed in the configuration.')
  return endpoint
}
