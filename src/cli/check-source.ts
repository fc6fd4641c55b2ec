import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readSourceFile } from '../config/source-files.ts'
import { type CheckEffects, playsOf } from '../conformance/index.ts'
import type { Source } from '../model/source.ts'
import { sources } from '../sources/index.ts'

const MARKS = { passed: 'ok  ', failed: 'FAIL', 'does-not-apply': '-   ' } as const
const LEGEND =
  'ok: came out as the definition says.  FAIL: went wrong.  -: does not apply, for the reason given.'

/**
 * `springbar source check <file or key>`: plays the vendor out of its definition and goes through everything that can
 * happen. Prints a line for each, and returns whether all is well. `openService` starts the service that a source on the
 * phone is paired with.
 */
export async function checkSourceNamed(
  named: string,
  print: (line: string) => void,
  openService: CheckEffects['openService'],
): Promise<boolean> {
  const found = findSource(named)
  if ('problems' in found) {
    for (const problem of found.problems) print(problem)
    return false
  }
  const { source, only } = found
  const plays = playsOf(source).filter(({ vendor }) => only === null || vendor === only)
  if (plays.length === 0) {
    print(`${source.name} ${whyNothing(source)}`)
    return false
  }
  const effects: CheckEffects = {
    fetch: (url, init) => fetch(url, init),
    random: (length) => randomBytes(length),
    openService,
  }
  print(LEGEND)
  const counts = { passed: 0, failed: 0, 'does-not-apply': 0 }
  for (const play of plays) {
    const { vendor, scenario, verdict, problem, reason } = await play.run(effects)
    const more = problem ?? reason
    print(`${MARKS[verdict]} ${vendor}: ${scenario}${more === null ? '' : `: ${more}`}`)
    counts[verdict]++
  }
  print(`${counts.passed} ok, ${counts.failed} wrong, ${counts['does-not-apply']} do not apply.`)
  print(counts.failed === 0 ? 'Everything is as the definition says.' : `${counts.failed} went wrong.`)
  return counts.failed === 0
}

const whyNothing = (source: Source): string =>
  source.kind === 'listed'
    ? 'is in the catalogue without a definition, so there is nothing to play.'
    : 'has a log-in that the sandbox does not play, so there is nothing to play.'

type Found =
  | { readonly source: Source; readonly only: string | null }
  | { readonly problems: readonly string[] }

/** A built-in source by key or id, one of its authorizations by the vendor's key, else a file. */
function findSource(named: string): Found {
  const builtIn = [...sources.values()].find(({ id, key }) => key === named || String(id) === named)
  if (builtIn !== undefined) return { source: builtIn, only: null }
  const owner = [...sources.values()].find(
    (source) => source.kind === 'oauth2' && source.authorizations.some(({ vendor }) => vendor === named),
  )
  if (owner !== undefined) return { source: owner, only: named }
  if (!existsSync(named))
    return {
      problems: [
        `There is no data source and no file "${named}". Name a key such as strava, an id, or the path of a definition.`,
      ],
    }
  const { sources: read, problems } = readSourceFile(named)
  const [source] = read
  return source === undefined ? { problems } : { source, only: null }
}
