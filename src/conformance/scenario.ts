import type { Authorization } from '../model/source.ts'
import type { Bench } from './bench.ts'

/** One thing that can happen to a person and a grant. */
export interface Scenario {
  /** Unique; the row of the table. */
  readonly name: string
  /** Whether the definition says anything that it could be about. */
  readonly appliesTo: (authorization: Authorization) => boolean
  /** Rejects with a sentence when what came of it is not what the definition says. */
  readonly play: (bench: Bench) => Promise<void>
}

export const always = (): boolean => true
