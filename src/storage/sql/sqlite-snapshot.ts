import type { DatabaseSync } from 'node:sqlite'

/** A view of the database that stands still for a moment. */
export interface Snapshot {
  /** Takes one, unless one is held. It is let go when the event loop comes round. */
  readonly open: () => void
  /** Lets it go now, so that the next read sees what has just been committed. */
  readonly end: () => void
}

/**
 * One snapshot for all reads of one round of the event loop. A read that is alone locks the file, finds that a commit
 * has made its cached pages stale, and unlocks again: that is twice what the reading itself costs. What this process
 * commits is seen at once, because its writer calls `end` before it tells anybody; what another process commits, at the
 * latest in the next round.
 */
export function createSnapshot(connection: DatabaseSync): Snapshot {
  const [begin, commit] = [connection.prepare('begin'), connection.prepare('commit')]
  const end = () => {
    // After a failure SQLite may have ended it by itself.
    if (connection.isOpen && connection.isTransaction) commit.run()
  }
  return Object.freeze({
    open: () => {
      if (connection.isTransaction) return
      begin.run()
      setImmediate(end)
    },
    end,
  })
}
