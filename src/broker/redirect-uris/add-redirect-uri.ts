import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application } from '../../model/application.ts'
import { auditByApplication } from '../audit/append-audit.ts'
import type { Context } from '../context.ts'
import type { ListedRedirectUri } from './list-redirect-uris.ts'
import { validateRedirectUriEntry } from './redirect-uri-entry.ts'

/** An added entry, and what its owner should know about it. */
export interface AddedRedirectUri extends ListedRedirectUri {
  readonly warnings: readonly { readonly code: string; readonly detail: string }[]
}

/** Lists a redirect URI; one that is listed already stays. Throws `invalid_redirect_uri` with the reason. */
export async function addRedirectUri(
  context: Context,
  application: Application,
  uri: string,
): Promise<AddedRedirectUri> {
  const { api, widget, direct } = context.urls
  const checked = validateRedirectUriEntry(uri, [api, widget, direct])
  if (!checked.ok)
    throw new SpringbarError('invalid_redirect_uri', checked.detail, { extra: { problem: checked.code } })
  const { warnings } = checked
  if (application.redirectUris.has(uri)) return { uri, managedBy: 'configuration', warnings }
  await context.storage.write(async (tables) => {
    const listed = await tables.redirectUris.list(application.id)
    if (!listed.includes(uri) && listed.length >= limits.redirectUrisPerApplication)
      throw new SpringbarError('limit_reached', `At most ${limits.redirectUrisPerApplication} can be listed.`)
    if (await tables.redirectUris.add(application.id, uri, context.now()))
      await auditByApplication(context, tables, application, 'redirect-uri.add', uri)
  })
  return { uri, managedBy: 'api', warnings }
}
