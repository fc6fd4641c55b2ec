import type { Source } from '../model/source.ts'

/** The vendor keys that a client can be given for. */
export const vendorsOf = (sources: ReadonlyMap<number, Source>): ReadonlySet<string> =>
  new Set(
    [...sources.values()].flatMap((source) =>
      source.kind === 'oauth2' ? source.authorizations.map(({ vendor }) => vendor) : [],
    ),
  )
