/** A map that forgets its oldest entry when it is full, so that a long test run cannot fill the memory. */
export interface BoundedMap<Value> {
  readonly get: (key: string) => Value | undefined
  /** Adds or replaces; a replaced entry keeps its age. */
  readonly set: (key: string, value: Value) => void
  readonly delete: (key: string) => boolean
  /** Oldest first. */
  readonly values: () => readonly Value[]
  readonly clear: () => void
}

/** Gives an empty map for at most `limit` entries. */
export function createBoundedMap<Value>(limit: number): BoundedMap<Value> {
  const entries = new Map<string, Value>()
  return Object.freeze({
    get: (key: string) => entries.get(key),
    set: (key: string, value: Value) => {
      entries.set(key, value)
      if (entries.size <= limit) return
      const oldest = entries.keys().next()
      if (!oldest.done) entries.delete(oldest.value)
    },
    delete: (key: string) => entries.delete(key),
    values: () => [...entries.values()],
    clear: () => entries.clear(),
  })
}
