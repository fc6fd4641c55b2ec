import { limits } from '../limits.ts'
import { type Source, vendorsOf } from '../model/source.ts'
import { deepFreeze } from './deep-freeze.ts'

/** The built-in definitions with those of an operator, and one sentence for each that does not fit in. */
export interface CombinedSources {
  readonly sources: ReadonlyMap<number, Source>
  readonly problems: readonly string[]
}

/**
 * Adds an operator's definitions to the built-in ones. One with the id *and* the key of a built-in definition replaces
 * it, so that an operator need not wait for a release when a vendor moves. A new one takes an id of the operators' own
 * range, and keys that nobody has.
 */
export function combineSources(
  builtIn: ReadonlyMap<number, Source>,
  added: readonly Source[],
): CombinedSources {
  const problems: string[] = []
  const all = new Map(builtIn)
  for (const source of added) {
    const taken = added.find(
      (other) => other !== source && (other.id === source.id || other.key === source.key),
    )
    const others = [...all.values()].filter(({ id }) => id !== source.id)
    const vendor = vendorsOf(source).find((one) => others.some((other) => vendorsOf(other).includes(one)))
    if (taken !== undefined)
      problems.push(`The source ${source.key}: another file has the id ${source.id} or the same key.`)
    else if (others.some(({ key }) => key === source.key))
      problems.push(`The source ${source.key}: the key belongs to another id.`)
    else if (vendor !== undefined)
      problems.push(`The source ${source.key}: another source has the vendor ${vendor}.`)
    else if (builtIn.get(source.id)?.key !== source.key && !isOperators(source.id))
      problems.push(
        `The source ${source.key}: its id must lie between ${limits.operatorSourceIds.first} and ${limits.operatorSourceIds.last}; lower ones are published.`,
      )
    else all.set(source.id, deepFreeze(source))
  }
  return { sources: new Map([...all].toSorted(([a], [b]) => a - b)), problems }
}

const isOperators = (id: number): boolean =>
  id >= limits.operatorSourceIds.first && id <= limits.operatorSourceIds.last
