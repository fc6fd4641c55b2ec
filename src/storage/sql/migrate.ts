import { unavailable } from './executor.ts'
import type { Value } from './prepared.ts'
import type { Dialect } from './queries.ts'

/** How the dialects write a column's type. */
export interface ColumnTypes {
  /** Compared and ordered byte by byte on both, whatever the database's own collation. */
  readonly text: string
  readonly integer: string
  readonly real: string
  /** A primary key that grows with every row and gives no number twice. */
  readonly sequence: string
  /** What follows the closing parenthesis of a table. */
  readonly end: string
}

/** One step of the schema. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly statements: (types: ColumnTypes) => readonly string[]
}

const types: Readonly<Record<Dialect, ColumnTypes>> = {
  sqlite: {
    text: 'text',
    integer: 'integer',
    real: 'real',
    sequence: 'integer primary key autoincrement',
    end: ' strict',
  },
  postgres: {
    text: 'text collate "C"',
    integer: 'bigint',
    real: 'double precision',
    sequence: 'bigint generated always as identity primary key',
    end: '',
  },
}

/**
 * The statements that bring a schema to this version, to be run inside one transaction that no other migrating
 * process shares: killed on the way, the old schema stays. Each `yield` gets the statement's rows, as arrays.
 * Throws `storage_unavailable` for a database that a newer version has migrated.
 */
export function* migrationSteps(
  dialect: Dialect,
  migrations: readonly Migration[],
): Generator<string, void, readonly (readonly Value[])[]> {
  const { text, integer, end } = types[dialect]
  yield `create table if not exists migrations (version ${integer} not null primary key, name ${text} not null)${end}`
  const [latest] = yield 'select coalesce(max(version), 0) from migrations'
  const current = Number(latest?.[0])
  const known = Math.max(...migrations.map((migration) => migration.version))
  if (current > known)
    throw unavailable(
      `The database belongs to a newer version of Springbar: its schema is ${current}, this version knows ${known}. ` +
        'Start the newer version, or restore a backup from before the update.',
    )
  for (const migration of migrations) {
    if (migration.version <= current) continue
    yield* migration.statements(types[dialect])
    yield `insert into migrations (version, name) values (${migration.version}, '${migration.name}')`
  }
}
