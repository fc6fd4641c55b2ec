import {
  CamelCasePlugin,
  DummyDriver,
  Kysely,
  type Dialect as KyselyDialect,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Schema } from './schema.ts'

/** The two languages of SQL that are spoken here. */
export type Dialect = 'sqlite' | 'postgres'

/** Builds queries in one dialect. It has no connection: statements are compiled here and run by an `Executor`. */
export interface Queries {
  readonly dialect: Dialect
  readonly build: Kysely<Schema>
}

const dialects: Readonly<Record<Dialect, KyselyDialect>> = {
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
}

/** The query builder of a dialect. It writes names in snake case. */
export const createQueries = (dialect: Dialect): Queries => ({
  dialect,
  build: new Kysely<Schema>({ dialect: dialects[dialect], plugins: [new CamelCasePlugin()] }),
})
