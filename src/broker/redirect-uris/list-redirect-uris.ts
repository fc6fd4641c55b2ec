import type { Application } from '../../model/application.ts'
import type { Context } from '../context.ts'

/** One entry of an application's effective list. */
export interface ListedRedirectUri {
  readonly uri: string
  /** What the configuration lists cannot be changed over the API. */
  readonly managedBy: 'configuration' | 'api'
}

/** Everything that the application lists, by either way, in byte order. */
export async function listRedirectUris(
  context: Context,
  application: Application,
): Promise<readonly ListedRedirectUri[]> {
  const stored = await context.storage.read.redirectUris.list(application.id)
  return [
    ...[...application.redirectUris].map((uri): ListedRedirectUri => ({ uri, managedBy: 'configuration' })),
    ...stored
      .filter((uri) => !application.redirectUris.has(uri))
      .map((uri): ListedRedirectUri => ({ uri, managedBy: 'api' })),
  ].sort((a, b) => (a.uri < b.uri ? -1 : 1))
}
