import type { Authorization } from '../model/source.ts'
import type { Bench } from './bench.ts'

/** One thing that can happen to a person and a grant. */
export interface Scenario<Subject = Authorization, Played = Bench> {
  /** Unique in its family; the row of the table. */
  readonly name: string
  /** Whether the definition says anything that it could be about. */
  readonly appliesTo: (subject: Subject) => boolean
  /** Why it does not apply where it does not, as the end of a sentence. */
  readonly otherwise?: string
  /** Rejects with a sentence when what came of it is not what the definition says. */
  readonly play: (bench: Played) => Promise<void>
}

/** For what every source of a protocol has. */
export const always = (): boolean => true
/** For what a protocol does not have: the scenario stands in the table with the reason. */
const never = (): boolean => false

/** A scenario that is told of and never played. */
export const without = <Subject, Played>(name: string, otherwise: string): Scenario<Subject, Played> => ({
  name,
  appliesTo: never,
  otherwise,
  play: async () => undefined,
})
