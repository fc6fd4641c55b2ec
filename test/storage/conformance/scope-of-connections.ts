// The methods about connections and their history that take an application: what a stranger gets of them. Part of scope.ts.
import type { Connection } from '../../../src/model/connection.ts'
import type { EndUser } from '../../../src/model/end-user.ts'
import type { ApplicationId } from '../../../src/model/ids.ts'
import type { Tables } from '../../../src/storage/storage.ts'

type Call = (
  tables: Tables,
  applicationId: ApplicationId,
  world: { readonly endUser: EndUser; readonly connection: Connection },
) => Promise<unknown>

const found = (call: Call, nothing: unknown) => ({ call, nothing })

export const connectionCases = {
  'connections.find': found(
    ({ connections }, application, { connection }) => connections.find(application, connection.id),
    null,
  ),
  'connections.listOf': found(
    ({ connections }, application, { endUser }) => connections.listOf(application, [endUser.id]),
    [],
  ),
  'connections.pageOf': found(
    ({ connections }, application, { endUser }) => connections.pageOf(application, endUser.id, null, 10),
    [],
  ),
  'connections.livingOf': found(
    ({ connections }, application, { endUser }) => connections.livingOf(application, endUser.id, 11),
    [],
  ),
  'connections.findOwner': found(
    ({ connections }, application, { connection }) =>
      connections.findOwner(application, connection.vendor, connection.accountId),
    null,
  ),
  'connections.ownersOf': found(
    ({ connections }, application, { connection }) =>
      connections.ownersOf(application, connection.vendor, connection.accountId),
    [],
  ),
  'connections.livingAt': found(
    ({ connections }, application, { connection }) =>
      connections.livingAt(application, connection.vendor, null, 10),
    [],
  ),
  'connections.update': found(
    ({ connections }, application, { connection }) =>
      connections.update(application, connection.id, 1, { sealedTokens: null }),
    false,
  ),
  'events.list': found(
    async ({ events }, application) => (await events.list(application, 0, 9)).map(({ id }) => id),
    [],
  ),
  'events.horizon': found(({ events }, application) => events.horizon(application), 0),
  'events.forget': found(({ events }, application) => events.forget(application, Number.MAX_SAFE_INTEGER), 0),
  'history.list': found(
    async ({ history }, application, { connection }) =>
      (await history.list(application, connection.id)).map(({ step }) => step),
    [],
  ),
}
