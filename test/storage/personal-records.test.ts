// Goal: the export of a person leaves no table out. Method: the tables of a migrated database that name a person, one of
// their connections or attempts, or hold an event of theirs, against what is exported; a new one fails here first.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { ApplicationId, EndUserId } from '../../src/model/ids.ts'
import { migrationSteps } from '../../src/storage/sql/migrate.ts'
import { migrations } from '../../src/storage/sql/migrations/index.ts'
import { createStore } from '../../src/storage/sql/store.ts'

/** Columns by which a row belongs to somebody. */
const OF_A_PERSON = ['end_user_id', 'connection_id', 'attempt_id', 'event_id', 'owner']
/** Exported by a member of its own, or why it is not. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  connections: 'the member `connections`',
  webhook_deliveries: 'how events, which are exported, were told to the application',
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

test('every table that names a person is exported, or said not to be', async () => {
  const database = new DatabaseSync(':memory:')
  const steps = migrationSteps('sqlite', migrations)
  for (let step = steps.next(); !step.done; step = steps.next([[0]])) database.exec(step.value)
  const tables = database
    .prepare(
      "select m.name as name, c.name as field from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'",
    )
    .all() as unknown as readonly { name: string; field: string }[] // the two columns that are asked for
  const personal = tables.filter(({ field }) => OF_A_PERSON.includes(field)).map(({ name }) => name)
  const none = async () => []
  const executor = {
    all: none,
    first: async () => null,
    change: async () => 0,
    changeOrConflict: async () => 0,
  }
  const { endUsers } = createStore('sqlite')(
    executor as unknown as Parameters<ReturnType<typeof createStore>>[0],
  ) // nothing is asked of a database
  const exported = Object.keys(await endUsers.recordsOf('a' as ApplicationId, 'b' as EndUserId)) // any names
  assert.deepEqual(
    [...new Set(personal)]
      .filter((name) => !(name in ELSEWHERE))
      .map(camel)
      .toSorted(),
    exported.toSorted(),
  )
})
