// biome-ignore-all lint/style/noRestrictedImports: the one file of this folder that knows the stores, to choose one.
import { SpringbarError } from '../errors.ts'
import { migrations } from './sql/migrations/index.ts'
import type { StorageLog } from './sql/postgres.ts'
import type { Storage } from './storage.ts'
import { withEventWatch } from './watch-events.ts'

/** What `openStorage` needs. */
export interface StorageOptions {
  /** `sqlite:<path>` or `postgres://…`, the value of `DATABASE_URL`. */
  readonly url: string
  readonly log?: StorageLog
  /**
   * Called once when the embedded database could not bring to the disk what it wrote. The process should end then, so that the
   * next one begins with what is really there. A PostgreSQL server sees to that itself.
   */
  readonly onDiskLost?: () => void
}

const SQLITE = 'sqlite:'
const POSTGRES = /^postgres(ql)?:\/\//

/**
 * Opens the database that the URL names and brings its schema to this version.
 * Rejects with `storage_unavailable`, its detail one sentence for the operator, in which no password stands.
 */
export async function openStorage({ url, log, onDiskLost }: StorageOptions): Promise<Storage> {
  // Loaded when chosen, so that the embedded database starts without the other's driver.
  if (POSTGRES.test(url)) {
    const { openPostgres } = await import('./sql/postgres.ts')
    return withEventWatch(await openPostgres(url, migrations, log))
  }
  const file = url.startsWith(SQLITE) ? url.slice(SQLITE.length) : ''
  if (file === '' || file === ':memory:')
    throw new SpringbarError(
      'storage_unavailable',
      'The setting database (or DATABASE_URL) names none: it is sqlite:<path of a file> or postgres://<user>@<host>/<database>.',
    )
  const { openSqlite } = await import('./sql/sqlite.ts')
  return withEventWatch(await openSqlite(file, migrations, onDiskLost))
}
