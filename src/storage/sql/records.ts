import type { Records } from '../storage.ts'
import type { Executor } from './executor.ts'
import { createIdempotency } from './idempotency.ts'
import { prepare } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { SettingRow } from './schema.ts'

function prepareAll({ build }: Queries) {
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
    ...createAnswers(executor),
  })
}
