/** Time for what is waited for in vain: it passes when the vendor that does not answer lets it, and nobody really waits. */
export interface Waiting {
  /** The timer of a caller: does something once this long has passed, unless it is called off before. */
  readonly after: (delayMs: number, act: () => void) => () => void
  /** The vendor's waiting: so much time passes at once, and every timer that is due within it strikes, in order. */
  readonly delay: (delayMs: number) => Promise<void>
}

/** Both sides of one wait, on a time of its own. */
export function createWaiting(): Waiting {
  const timers = new Set<{ readonly delayMs: number; readonly act: () => void }>()
  return Object.freeze({
    after: (delayMs: number, act: () => void) => {
      const timer = { delayMs, act }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    delay: async (delayMs: number) => {
      const due = [...timers].filter((timer) => timer.delayMs <= delayMs)
      for (const timer of due.toSorted((a, b) => a.delayMs - b.delayMs)) {
        timers.delete(timer)
        timer.act()
      }
    },
  })
}
