/** The sandbox's clock: the clock that was given to it, and what tests have added. */
export interface SandboxClock {
  /** Epoch milliseconds. */
  readonly nowMs: () => number
  readonly nowSeconds: () => number
  readonly offsetMs: () => number
  readonly advance: (byMs: number) => void
  readonly reset: () => void
}

/** Builds a clock on `now` (epoch milliseconds) that can be moved forward. */
export function createClock(now: () => number): SandboxClock {
  let offsetMs = 0
  const nowMs = () => now() + offsetMs
  return Object.freeze({
    nowMs,
    nowSeconds: () => Math.floor(nowMs() / 1_000),
    offsetMs: () => offsetMs,
    advance: (byMs: number) => {
      offsetMs += byMs
    },
    reset: () => {
      offsetMs = 0
    },
  })
}
