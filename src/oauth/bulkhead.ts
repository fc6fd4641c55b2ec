/** Lets a bounded number of callers through at once, and a bounded number wait for that. */
export interface Bulkhead {
  /**
   * Resolves to the function that gives the place back, in the order of asking. Resolves to null at once when too many
   * wait, and when the signal aborts before a place is free.
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
  const place = () => {
    let left = false
    return () => {
      if (left) return
      left = true
      leave()
    }
  }

  return Object.freeze({
    enter: (signal: AbortSignal) => {
      if (inside < places) {
        inside += 1
        return Promise.resolve(place())
      }
      if (waiting.size >= queueLength || signal.aborted) return Promise.resolve(null)
      return new Promise<(() => void) | null>((resolve) => {
        const giveUp = () => {
          waiting.delete(proceed)
          resolve(null)
        }
        const proceed = () => {
          signal.removeEventListener('abort', giveUp)
          resolve(place())
        }
        waiting.add(proceed)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
    isIdle: () => inside === 0 && waiting.size === 0,
  })
}
