import type { ApplicationId } from '../model/ids.ts'
import type { Storage, Tables } from './storage.ts'

/** The part of a storage that an engine gives. */
export type Engine = Omit<Storage, 'watchEvents'>

/** The engine as a whole storage: one that says, after each commit, which applications' feeds grew by it. */
export function withEventWatch(engine: Engine): Storage {
  const listeners = new Map<ApplicationId, Set<() => void>>()
  const tell = (applicationId: ApplicationId) => {
    for (const listener of listeners.get(applicationId) ?? []) listener()
  }
  const writeNoting = async <T>(unit: (tables: Tables) => Promise<T>): Promise<T> => {
    // A unit that is run again appends to the same feeds, and to be woken for nothing does no harm.
    const grown = new Set<ApplicationId>()
    const result = await engine.write((tables) => unit(noting(tables, grown)))
    for (const applicationId of grown) tell(applicationId)
    return result
  }
  return Object.freeze({
    ...engine,
    write: <T>(unit: (tables: Tables) => Promise<T>) =>
      // Who begins to listen while it runs looks at the feed first, and again soon.
      listeners.size === 0 ? engine.write(unit) : writeNoting(unit),
    watchEvents: (applicationId: ApplicationId, listener: () => void) => {
      const known = listeners.get(applicationId) ?? new Set()
      listeners.set(applicationId, known.add(listener))
      return () => {
        known.delete(listener)
        if (known.size === 0) listeners.delete(applicationId)
      }
    },
  })
}

/** The same tables, found through the given ones; only appending an event is noted on the way. */
function noting(tables: Tables, grown: Set<ApplicationId>): Tables {
  const events = {
    get: (): Tables['events'] => {
      const noted = tables.events
      return {
        ...noted,
        append: async (event) => {
          await noted.append(event)
          grown.add(event.applicationId)
        },
      }
    },
  }
  // What inherits from the tables has every noun of them, which the type of `Object.create` does not say.
  return Object.create(tables, { events }) as Tables
}
