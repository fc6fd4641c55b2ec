import type { EndUser, EndUserProfile } from '../../model/end-user.ts'
import type { ApplicationId, EndUserId } from '../../model/ids.ts'
import type { EndUsers } from '../storage.ts'
import { endUserColumns } from './columns.ts'
import { createErasure } from './erasure.ts'
import { conflict, type Executor } from './executor.ts'
import { createPersonalRecords } from './personal-records.ts'
import { given, pick, prepare, prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'

type ById = { readonly applicationId: ApplicationId; readonly id: EndUserId }

const PROFILE_FIELDS: readonly (keyof EndUserProfile)[] = ['heightCm', 'weightKg', 'birthdate', 'gender']

function prepareAll({ build }: Queries) {
  const endUsers = build.selectFrom('endUsers').select(endUserColumns)
  return {
    insertUnlessAliasKnown: prepare('end_users.insert', (endUser: EndUser) =>
      build
        .insertInto('endUsers')
        .values(pick(endUser, endUserColumns))
        .onConflict((on) =>
          on.columns(['applicationId', 'alias']).where('alias', 'is not', null).doNothing(),
        ),
    ),
    find: prepare('end_users.find', ({ applicationId, id }: ById) =>
      endUsers.where('id', '=', id).where('applicationId', '=', applicationId),
    ),
    findByAlias: prepare('end_users.find_by_alias', (by: { applicationId: ApplicationId; alias: string }) =>
      endUsers.where('applicationId', '=', by.applicationId).where('alias', '=', by.alias),
    ),
    queueDeletion: prepare('end_users.queue_deletion', (to: ById & { readonly deleteAt: number }) =>
      build
        .updateTable('endUsers')
        .set({ deleteAt: to.deleteAt })
        .where('id', '=', to.id)
        .where('applicationId', '=', to.applicationId),
    ),
    dueForDeletion: prepare('end_users.due_for_deletion', (due: { now: number; limit: number }) =>
      endUsers.where('deleteAt', '<=', due.now).orderBy('deleteAt').orderBy('id').limit(due.limit),
    ),
  }
}

/** The end users of {@link EndUsers}. */
export function createEndUsers(queries: Queries): (executor: Executor) => EndUsers {
  const statements = prepareAll(queries)
  const createErase = createErasure(queries)
  const createRecordsOf = createPersonalRecords(queries)
  const { build } = queries

  return (executor) => ({
    async createOrGet(endUser) {
      if ((await executor.change(statements.insertUnlessAliasKnown, endUser)) === 1) return endUser
      const { applicationId, alias } = endUser
      const known = alias && (await executor.first(statements.findByAlias, { applicationId, alias }))
      if (!known) throw conflict()
      return known
    },
    find: (applicationId, id) => executor.first(statements.find, { applicationId, id }),
    findByAlias: (applicationId, alias) => executor.first(statements.findByAlias, { applicationId, alias }),
    async findMany(applicationId, ids) {
      if (ids.length === 0) return []
      const query = build.selectFrom('endUsers').select(endUserColumns)
      return executor.all(
        prepareOnce(query.where('id', 'in', ids).where('applicationId', '=', applicationId)),
        {},
      )
    },
    async updateProfile(applicationId, id, profile) {
      const change = given(profile, PROFILE_FIELDS)
      if (Object.keys(change).length === 0)
        return (await executor.first(statements.find, { applicationId, id })) !== null
      const query = build
        .updateTable('endUsers')
        .set(change)
        .where('id', '=', id)
        .where('applicationId', '=', applicationId)
      return (await executor.change(prepareOnce(query), {})) === 1
    },
    queueDeletion: async (applicationId, id, deleteAt) =>
      (await executor.change(statements.queueDeletion, { applicationId, id, deleteAt })) === 1,
    dueForDeletion: (now, limit) => executor.all(statements.dueForDeletion, { now, limit }),
    erase: createErase(executor),
    recordsOf: createRecordsOf(executor),
  })
}
