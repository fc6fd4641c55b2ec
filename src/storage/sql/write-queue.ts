import { limits } from '../../limits.ts'
import { mistake, unavailable } from './executor.ts'

/** The steps of a transaction with savepoints, each done when it returns. */
export interface Transaction {
  readonly begin: () => void
  readonly commit: () => void
  readonly rollback: () => void
  readonly savepoint: () => void
  readonly releaseSavepoint: () => void
  readonly rollbackToSavepoint: () => void
  /** False before `begin`, after the end, and after a failure that made the engine give the transaction up. */
  readonly isOpen: () => boolean
}

/** Tables for one unit of work. */
export interface UnitTables<Tables> {
  readonly tables: Tables
  /** Makes the tables useless. Returns the first refusal of the engine, null when there was none. */
  readonly close: () => unknown
}

/** The one way to write to a database of a single writer. */
export interface WriteQueue<Tables> {
  readonly write: <Result>(unit: (tables: Tables) => Promise<Result>) => Promise<Result>
  /** Resolves when nothing waits any more; what comes later is refused. */
  readonly close: () => Promise<void>
}

/** Units in one transaction. A commit costs a fraction of a millisecond, so more would hardly be faster, and block longer. */
const UNITS_PER_COMMIT = 500

/**
 * Rounds of the event loop in a row without a further unit, after which a commit waits no longer. An idle round takes a
 * few microseconds, so all of them are a fraction of the wait for the disk that callers save by sharing it.
 */
const QUIET_ROUNDS = 5

type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown }

interface Entry<Tables> {
  readonly unit: (tables: Tables) => Promise<unknown>
  readonly settle: (outcome: Outcome) => void
}

const stalled = (): Outcome => ({
  ok: false,
  error: mistake('A unit of work waited for something other than its tables.'),
})

/** What cannot be gone on from: after it nothing more is written, and whoever runs the process is told once. */
export interface Disaster {
  readonly isOne: (cause: unknown) => boolean
  readonly tell: () => void
}

const NONE: Disaster = Object.freeze({ isOne: () => false, tell: () => undefined })

/**
 * Commits units of work together. Those that arrive before the event loop comes round, all requests of one poll for
 * instance, share one transaction and one wait for the disk. Under load a commit waits a moment while more arrive, so
 * that callers do not fall apart into small groups that wait for the disk in turn. Each unit is whole under its own
 * savepoint: a failure undoes that unit alone, a failed commit fails all, and every caller is answered after the commit.
 *
 * Tables answer at once, so a unit ends in the microtasks after its start. One that has not ended when those have
 * run dry waits for something else, which would hold up everybody; it is undone and told.
 */
export function createWriteQueue<Tables>(
  transaction: Transaction,
  openTables: () => UnitTables<Tables>,
  disaster: Disaster = NONE,
): WriteQueue<Tables> {
  const waiting: Entry<Tables>[] = []
  let isClosed = false
  let running: Promise<void> = Promise.resolve()
  let isScheduled = false

  let unitsInLastCommit = 0
  const commit = () => {
    isScheduled = false
    const batch = waiting.splice(0, UNITS_PER_COMMIT)
    unitsInLastCommit = batch.length
    running = runBatch(transaction, openTables, batch).then((cause) => {
      if (cause === null || !disaster.isOne(cause)) return
      isClosed = true
      for (const entry of waiting.splice(0)) entry.settle(lost(cause))
      disaster.tell()
    })
    if (waiting.length > 0) schedule()
  }
  const gather = (seen: number, quietRounds: number) =>
    setImmediate(() => {
      const quiet = waiting.length > seen ? 0 : quietRounds + 1
      // Where nobody else writes, nobody is waited for.
      const isLone = waiting.length === 1 && unitsInLastCommit <= 1
      if (isLone || quiet === QUIET_ROUNDS || waiting.length >= UNITS_PER_COMMIT) commit()
      else gather(waiting.length, quiet)
    })
  const schedule = () => {
    isScheduled = true
    gather(waiting.length, 0)
  }

  return {
    write: <Result>(unit: (tables: Tables) => Promise<Result>) =>
      new Promise<Result>((resolve, reject) => {
        if (isClosed) return reject(unavailable('The database is closed.'))
        if (waiting.length >= limits.writeQueue) return reject(unavailable('Too many writes are waiting.'))
        const settle = (outcome: Outcome) =>
          // The value came out of this very unit.
          outcome.ok ? resolve(outcome.value as Result) : reject(outcome.error)
        waiting.push({ unit, settle })
        if (!isScheduled) schedule()
      }),
    async close() {
      isClosed = true
      while (isScheduled) await new Promise((resolve) => setImmediate(resolve))
      await running
    },
  }
}

const lost = (cause: unknown): Outcome => ({
  ok: false,
  error: unavailable('Nothing could be stored.', cause),
})

/** Runs and commits a batch, settles each of its units, and gives what all of them were lost by, or null. Never rejects. */
async function runBatch<Tables>(
  transaction: Transaction,
  openTables: () => UnitTables<Tables>,
  batch: readonly Entry<Tables>[],
): Promise<unknown> {
  const watch = watchForStalls()
  try {
    const outcomes = await commitTogether(transaction, openTables, batch, watch)
    for (const [entry, outcome] of outcomes) entry.settle(outcome)
    return null
  } catch (cause) {
    abandon(transaction)
    for (const entry of batch) entry.settle(lost(cause))
    return cause ?? new Error('no cause')
  } finally {
    watch.end()
  }
}

/** One transaction around all units. Throws when all of them are lost. */
async function commitTogether<Tables>(
  transaction: Transaction,
  openTables: () => UnitTables<Tables>,
  batch: readonly Entry<Tables>[],
  watch: StallWatch,
): Promise<ReadonlyMap<Entry<Tables>, Outcome>> {
  const outcomes = new Map<Entry<Tables>, Outcome>()
  // A unit that is alone is undone with its transaction and needs no savepoint.
  const isAlone = batch.length === 1
  transaction.begin()
  for (const entry of batch) {
    if (!isAlone) transaction.savepoint()
    const outcome = await runUnit(entry, openTables(), watch)
    // On a full disk the engine itself undoes the whole transaction, and with it the units before.
    if (!transaction.isOpen()) throw outcome.ok ? unavailable('The transaction was lost.') : outcome.error
    if (!outcome.ok && isAlone) transaction.rollback()
    if (!outcome.ok && !isAlone) transaction.rollbackToSavepoint()
    if (!isAlone) transaction.releaseSavepoint()
    outcomes.set(entry, outcome)
  }
  if (transaction.isOpen()) transaction.commit()
  return outcomes
}

function abandon(transaction: Transaction): void {
  try {
    if (transaction.isOpen()) transaction.rollback()
  } catch {
    // The next begin fails then, and says so to its callers.
  }
}

/** Runs one unit to its end or until it stalls. Never rejects. */
function runUnit<Tables>(
  entry: Entry<Tables>,
  { tables, close }: UnitTables<Tables>,
  watch: StallWatch,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const finish = (outcome: Outcome) => {
      const refusal = close()
      resolve(refusal === null || !outcome.ok ? outcome : { ok: false, error: refusal })
    }
    watch.setOnStall(() => finish(stalled()))
    try {
      entry.unit(tables).then(
        (value) => finish({ ok: true, value }),
        (error: unknown) => finish({ ok: false, error }),
      )
    } catch (error) {
      finish({ ok: false, error })
    }
  })
}

interface StallWatch {
  readonly setOnStall: (onStall: () => void) => void
  readonly end: () => void
}

/**
 * Tells when the microtasks have run dry. `process.nextTick` asked for inside a microtask runs after all of them;
 * asked for elsewhere it would run before.
 */
function watchForStalls(): StallWatch {
  let onStall: (() => void) | null = null
  let isOver = false
  const look = () => {
    if (isOver) return
    onStall?.()
    arm()
  }
  const arm = () => queueMicrotask(() => process.nextTick(look))
  arm()
  return {
    setOnStall: (next) => {
      onStall = next
    },
    end: () => {
      isOver = true
    },
  }
}
