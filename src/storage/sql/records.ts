import type { AuditEntry } from '../../model/audit.ts'
import type { ApplicationId } from '../../model/ids.ts'
import type { Records } from '../storage.ts'
import { auditColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { createIdempotency } from './idempotency.ts'
import { pick, prepare } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { SettingRow } from './schema.ts'

function prepareAll({ build }: Queries) {
  const audit = build.selectFrom('auditEntries').select(auditColumns).orderBy('sequence')
  return {
    putSetting: prepare('settings.put', ({ name, value }: SettingRow) =>
      build
        .insertInto('settings')
        .values({ name, value })
        .onConflict((on) => on.column('name').doNothing()),
    ),
    replaceSetting: prepare('settings.replace', ({ name, value }: SettingRow) =>
      build
        .insertInto('settings')
        .values({ name, value })
        .onConflict((on) => on.column('name').doUpdateSet({ value })),
    ),
    findSetting: prepare(
      'settings.find',
      ({ name }: { name: string }) => build.selectFrom('settings').select('value').where('name', '=', name),
      (row) => row.value,
    ),
    appendAudit: prepare('audit_entries.append', (entry: AuditEntry) =>
      build.insertInto('auditEntries').values(pick(entry, auditColumns)),
    ),
    listAuditOf: prepare(
      'audit_entries.list_of',
      ({ applicationId, limit }: { applicationId: ApplicationId; limit: number }) =>
        audit.where('applicationId', '=', applicationId).limit(limit),
    ),
    listAuditOfService: prepare('audit_entries.list_of_service', ({ limit }: { limit: number }) =>
      audit.where('applicationId', 'is', null).limit(limit),
    ),
  }
}

/** The small things of {@link Records}. */
export function createRecords(queries: Queries): (executor: Executor) => Records {
  const statements = prepareAll(queries)
  const createAnswers = createIdempotency(queries)
  return (executor) => ({
    async putSettingIfAbsent(name, value) {
      await executor.change(statements.putSetting, { name, value })
      return (await executor.first(statements.findSetting, { name })) ?? value
    },
    async replaceSetting(name, value) {
      await executor.change(statements.replaceSetting, { name, value })
    },
    readSetting: (name) => executor.first(statements.findSetting, { name }),
    async appendAudit(entry) {
      await executor.change(statements.appendAudit, entry)
    },
    listAudit: (applicationId, limit) =>
      applicationId === null
        ? executor.all(statements.listAuditOfService, { limit })
        : executor.all(statements.listAuditOf, { applicationId, limit }),
    ...createAnswers(executor),
  })
}
