import { createBoundedMap } from '../bounded-map.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'

/** How often something happened, by name. */
export interface Marks {
  /** Counts one more, and gives the number. */
  readonly count: (name: string) => number
  readonly clear: () => void
}

/** Builds an empty store of marks. */
export function createMarks(): Marks {
  const marks = createBoundedMap<number>(SANDBOX_LIMITS.marks)
  return Object.freeze({
    count: (name: string) => {
      const times = (marks.get(name) ?? 0) + 1
      marks.set(name, times)
      return times
    },
    clear: () => marks.clear(),
  })
}
