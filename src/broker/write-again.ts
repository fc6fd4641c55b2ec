import { SpringbarError } from '../errors.ts'
import type { Tables } from '../storage/storage.ts'
import type { Context } from './context.ts'

/** Enough for fifty callers that race for one row: each round, one of them wins. */
const TRIES = 60

/** Runs a unit of work again from its first read when somebody else changed a row in between (`conflict`). */
export async function writeAgain<T>(context: Context, unit: (tables: Tables) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await context.storage.write(unit)
    } catch (error) {
      const lostRace = error instanceof SpringbarError && error.code === 'conflict'
      if (!lostRace || tried === TRIES) throw error
    }
  }
}
