import type { ApplicationId } from '../../model/ids.ts'
import type { RedirectUris } from '../storage.ts'
import type { Executor } from './executor.ts'
import { prepare } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { RedirectUriRow } from './schema.ts'

type Entry = { readonly applicationId: ApplicationId; readonly uri: string }

function prepareAll({ build }: Queries) {
  const entries = build.selectFrom('redirectUris').select('uri')
  return {
    add: prepare('redirect_uris.add', ({ applicationId, uri, createdAt }: RedirectUriRow) =>
      build
        .insertInto('redirectUris')
        .values({ applicationId, uri, createdAt })
        .onConflict((on) => on.columns(['applicationId', 'uri']).doNothing()),
    ),
    remove: prepare('redirect_uris.remove', ({ applicationId, uri }: Entry) =>
      build.deleteFrom('redirectUris').where('applicationId', '=', applicationId).where('uri', '=', uri),
    ),
    find: prepare('redirect_uris.find', ({ applicationId, uri }: Entry) =>
      entries.where('applicationId', '=', applicationId).where('uri', '=', uri),
    ),
    list: prepare(
      'redirect_uris.list',
      ({ applicationId }: { applicationId: ApplicationId }) =>
        entries.where('applicationId', '=', applicationId).orderBy('uri'),
      (row) => row.uri,
    ),
  }
}

/** The listed redirect URIs of {@link RedirectUris}. */
export function createRedirectUris(queries: Queries): (executor: Executor) => RedirectUris {
  const statements = prepareAll(queries)
  return (executor) => ({
    add: async (applicationId, uri, now) =>
      (await executor.change(statements.add, { applicationId, uri, createdAt: now })) === 1,
    remove: async (applicationId, uri) =>
      (await executor.change(statements.remove, { applicationId, uri })) === 1,
    has: async (applicationId, uri) =>
      (await executor.first(statements.find, { applicationId, uri })) !== null,
    list: (applicationId) => executor.all(statements.list, { applicationId }),
  })
}
