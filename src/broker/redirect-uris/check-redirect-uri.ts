import type { Application } from '../../model/application.ts'
import type { Context } from '../context.ts'
import { RESULT_PATH } from './redirect-location.ts'
import { decideRedirectUriValue, type RedirectUriDecision } from './redirect-uri.ts'

/** Decides on a redirect URI as a direct link would, without starting anything: the dry run. */
export async function checkRedirectUri(
  context: Context,
  application: Application,
  value: string,
): Promise<RedirectUriDecision> {
  const stored = await context.storage.read.redirectUris.list(application.id)
  return decideRedirectUriValue(value, {
    entries: [...application.redirectUris, ...stored],
    resultPageUrl: context.urls.direct + RESULT_PATH,
  })
}
