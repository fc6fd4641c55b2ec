import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import { auditByApplication } from '../audit/append-audit.ts'
import type { Context } from '../context.ts'
import { hasOnlyAllowedCharacters } from './redirect-uri-entry.ts'

/** Takes an entry off the list. Throws `managed_by_configuration` or `not_found`. */
export async function removeRedirectUri(
  context: Context,
  application: Application,
  uri: string,
): Promise<void> {
  if (application.redirectUris.has(uri))
    throw new SpringbarError('managed_by_configuration', 'This redirect URI is listed in the configuration.')
  // What cannot be listed is not listed; a database may even refuse to look for it.
  if (!hasOnlyAllowedCharacters(uri)) throw notListed()
  await context.storage.write(async (tables) => {
    if (!(await tables.redirectUris.remove(application.id, uri))) throw notListed()
    await auditByApplication(context, tables, application, 'redirect-uri.remove', uri)
  })
}

const notListed = () => new SpringbarError('not_found', 'This redirect URI is not listed.')
