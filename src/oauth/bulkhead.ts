/** Lets a bounded number of callers through at once, and a bounded number wait for that. */
export interface Bulkhead {
  /**
   * Resolves to the function that gives the place back, to be called once; in the order of asking. Resolves to null at
   * once when too many wait, and when the signal aborts before a place is free.
   */
  readonly enter: (signal: AbortSignal) => Promise<(() => void) | null>
  /** Whether nobody is inside or waiting. */
  readonly isIdle: () => boolean
}

/** Makes a {@link Bulkhead} of so many places, before which so many callers may wait. */
export function createBulkhead(places: number, queueLength: number): Bulkhead {
  const waiting = new Set<() => void>()
  let inside = 0

  const leave = () => {
    const [next] = waiting
    if (next === undefined) {
      inside -= 1
      return
    }
    waiting.delete(next)
    next() // the place is handed on, so that nobody overtakes
  }

  return Object.freeze({
    enter: async (signal: AbortSignal) => {
      if (inside < places) {
        inside += 1
        return leave
      }
      if (waiting.size >= queueLength) return null
      return new Promise<(() => void) | null>((resolve) => {
        const proceed = () => resolve(leave)
        waiting.add(proceed)
        const giveUp = () => {
          if (waiting.delete(proceed)) resolve(null)
        }
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
    isIdle: () => inside === 0 && waiting.size === 0,
  })
}
