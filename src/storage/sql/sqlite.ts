import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { limits } from '../../limits.ts'
import type { Engine } from '../watch-events.ts'
import { unavailable } from './executor.ts'
import { type Migration, migrationSteps } from './migrate.ts'
import type { Value } from './prepared.ts'
import {
  createReader,
  createRunner,
  createUnit,
  isFailedSync,
  resultCode,
  SQLITE_BUSY,
  translate,
} from './sqlite-executor.ts'
import { createSnapshot } from './sqlite-snapshot.ts'
import { bindAll, createStore } from './store.ts'
import { createWriteQueue, type Transaction } from './write-queue.ts'

/**
 * Pages of 4 KiB in the write-ahead log at which SQLite copies them into the file. A page that many commits change, the
 * last one of a table above all, is copied once; the longer the log, the more copies are spared.
 */
const LOG_PAGES = 4_000

/** The write-ahead log is cut back to this size when it is empty again after a burst: to what it grows to anyhow. */
const LOG_KEPT_BYTES = 16 * 1024 * 1024

/** Processes that switch a new file to write-ahead logging at the same time may be told to try again. */
const SWITCH_TRIES = 20

/**
 * Opens a SQLite file, creates it and its folder when they are missing, and migrates it. Writes go through one
 * connection, committed together; reads go through another, which sees commits only.
 * `onDiskLost` is called once when what was written could not be brought to the disk: from then on every write is refused.
 * Rejects with `storage_unavailable` and one sentence for the operator.
 */
export async function openSqlite(
  file: string,
  migrations: readonly Migration[],
  onDiskLost: () => void = () => undefined,
): Promise<Engine> {
  const location = path.resolve(file)
  createPrivateFile(location)
  const opened: DatabaseSync[] = []
  const open = (readOnly: boolean) => {
    const connection = new DatabaseSync(location, { readOnly, timeout: limits.sqliteBusyMs })
    opened.push(connection)
    return connection
  }
  try {
    const writing = open(false)
    prepareForWriting(writing)
    migrate(writing, migrations)
    return storageOn(writing, open(true), onDiskLost)
  } catch (error) {
    for (const connection of opened) connection.close()
    throw resultCode(error) === null ? error : unavailable(sentenceFor(location, error), error)
  }
}

function storageOn(writing: DatabaseSync, reading: DatabaseSync, onDiskLost: () => void): Engine {
  const tablesOn = createStore('sqlite')
  const runWriting = createRunner(writing)
  const snapshot = createSnapshot(reading)
  const openTables = () => {
    const { executor, close } = createUnit(runWriting)
    return { tables: tablesOn(executor), close }
  }
  const disaster = { isOne: isFailedSync, tell: onDiskLost }
  const queue = createWriteQueue(transactionOn(writing, snapshot.end), openTables, disaster)
  const answer = reading.prepare('select 1')
  return Object.freeze({
    read: bindAll(tablesOn(createReader(createRunner(reading), snapshot.open))),
    write: queue.write,
    async ping() {
      try {
        answer.get()
      } catch (error) {
        throw translate(error)
      }
    },
    async close() {
      await queue.close()
      // The writing one last: it empties the log into the file and removes it.
      snapshot.end()
      if (reading.isOpen) reading.close()
      if (writing.isOpen) writing.close()
    },
  })
}

/** Created here and not by SQLite, so that it is never open to others. Its log gets the same rights. */
function createPrivateFile(location: string): void {
  try {
    mkdirSync(path.dirname(location), { recursive: true, mode: 0o700 })
    closeSync(openSync(location, 'a', 0o600))
    chmodSync(location, 0o600)
  } catch (error) {
    throw unavailable(
      `The database file ${location} cannot be written: check its folder's owner and rights.`,
      error,
    )
  }
}

function prepareForWriting(connection: DatabaseSync): void {
  switchToLog(connection)
  // secure_delete: what is erased is overwritten in the file and not only unlinked.
  connection.exec(`
    pragma synchronous = full;
    pragma foreign_keys = on;
    pragma secure_delete = on;
    pragma journal_size_limit = ${LOG_KEPT_BYTES};
    pragma wal_autocheckpoint = ${LOG_PAGES};
  `)
}

/** Turns on write-ahead logging. SQLite does not wait for a lock here, so we do, by taking the one for writing. */
function switchToLog(connection: DatabaseSync): void {
  for (let tried = 1; ; tried++) {
    try {
      connection.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      if (resultCode(error) !== SQLITE_BUSY || tried === SWITCH_TRIES) throw error
      connection.exec('begin immediate; rollback')
    }
  }
}

/** `begin immediate` waits for other processes that migrate. Nothing in here yields, so no two of this one meet. */
function migrate(connection: DatabaseSync, migrations: readonly Migration[]): void {
  connection.exec('begin immediate')
  try {
    const steps = migrationSteps('sqlite', migrations)
    for (let step = steps.next(); !step.done; ) {
      const statement = connection.prepare(step.value)
      statement.setReturnArrays(true)
      step = steps.next(statement.all() as unknown as Value[][]) // arrays, as was just asked for
    }
    connection.exec('commit')
  } catch (error) {
    if (connection.isTransaction) connection.exec('rollback')
    throw error
  }
}

/** `afterCommit` runs before anybody is told of the commit. */
function transactionOn(connection: DatabaseSync, letReadersGo: () => void): Transaction {
  const step = (sql: string) => {
    const statement = connection.prepare(sql)
    return () => void statement.run()
  }
  const [begin, commit] = [step('begin immediate'), step('commit')]
  return {
    // While somebody reads, SQLite cannot start its log again from the beginning, and works on it at every commit.
    begin: () => {
      letReadersGo()
      begin()
    },
    commit: () => {
      commit()
      letReadersGo()
    },
    rollback: step('rollback'),
    savepoint: step('savepoint unit'),
    releaseSavepoint: step('release unit'),
    rollbackToSavepoint: step('rollback to unit'),
    isOpen: () => connection.isTransaction,
  }
}

function sentenceFor(location: string, error: unknown): string {
  return resultCode(error) === SQLITE_BUSY
    ? `The database file ${location} is locked by another process: stop that one, or wait until it is done.`
    : `The file ${location} cannot be used as a database: check that it is one, and that its disk is not full.`
}
