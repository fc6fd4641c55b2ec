import { SpringbarError } from '../errors.ts'
import type { Application } from '../model/application.ts'
import { auditByApplication } from './audit-line.ts'
import type { Context } from './context.ts'

/** Takes an entry off the list. Throws `managed_by_configuration` or `not_found`. */
export async function removeRedirectUri(
  context: Context,
  application: Application,
  uri: string,
): Promise<void> {
  if (application.redirectUris.has(uri))
    throw new SpringbarError('managed_by_configuration', 'This redirect URI is listed in the configuration.')
  await context.storage.write(async (tables) => {
    if (!(await tables.redirectUris.remove(application.id, uri)))
      throw new SpringbarError('not_found', 'This redirect URI is not listed.')
    await tables.records.appendAudit(auditByApplication(context, application, 'redirect-uri.remove', uri))
  })
}
