import type { Application } from '../../model/application.ts'
import type { Source } from '../../model/source.ts'
import { auditByApplication } from '../audit/append-audit.ts'
import { type AuthorizationChoice, chooseAuthorization } from '../catalogue/choose-authorization.ts'
import type { Context } from '../context.ts'
import { forgetSubscriptions } from '../subscriptions/end-subscriptions.ts'
import { assertNotConfigured } from './put-client.ts'
import { noClient } from './read-client.ts'

/**
 * Removes an application's client for a source: nobody can connect it any more. Connections stay; their tokens can be
 * neither renewed nor ended at the vendor until there is a client again. What the vendor was to tell the application is
 * ended there. Throws `managed_by_configuration` or `not_found`.
 */
export async function removeClient(
  context: Context,
  application: Application,
  source: Source,
  choice: AuthorizationChoice,
): Promise<void> {
  const { vendor } = chooseAuthorization(source, choice)
  assertNotConfigured(application, vendor)
  const left = await context.storage.write(async (tables) => {
    if (!(await tables.clients.remove(application.id, vendor))) throw noClient()
    await auditByApplication(context, tables, application, 'client.remove', vendor)
    return forgetSubscriptions(context, tables, application, vendor)
  })
  // With the client as it was: from the next line on it is gone.
  await left.end()
  await context.refreshClients()
}
