import { randomBytes } from 'node:crypto'
import { readSourceFile } from '../config/source-files.ts'
import { authorizationsToCheck, checkSource } from '../conformance/index.ts'
import type { Source } from '../model/source.ts'
import { vendorFor } from '../sandbox/index.ts'
import { sources } from '../sources/index.ts'

const MARKS = { passed: 'ok  ', failed: 'FAIL', 'does-not-apply': '-   ' } as const

/**
 * `springbar source check <file or key>`: plays the vendor out of its definition and goes through everything that can
 * happen. Prints a line for each, and returns whether all is well.
 */
export async function checkSourceNamed(named: string, print: (line: string) => void): Promise<boolean> {
  const found = findSource(named)
  if ('problems' in found) {
    for (const problem of found.problems) print(problem)
    return false
  }
  if (authorizationsToCheck(found.source).length === 0) {
    print(`${found.source.name} is not connected by OAuth 2.0, so there is nothing to play.`)
    return false
  }
  const effects = {
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    random: (length: number) => randomBytes(length),
  }
  let failures = 0
  for await (const { vendor, scenario, verdict, problem } of checkSource(effects, found.source, vendorFor)) {
    print(`${MARKS[verdict]} ${vendor}: ${scenario}${problem === null ? '' : `: ${problem}`}`)
    if (verdict === 'failed') failures++
  }
  print(failures === 0 ? 'Everything is as the definition says.' : `${failures} went wrong.`)
  return failures === 0
}

/** A built-in source by key or id, else a file. */
function findSource(named: string): { readonly source: Source } | { readonly problems: readonly string[] } {
  const builtIn = [...sources.values()].find(({ id, key }) => key === named || String(id) === named)
  if (builtIn !== undefined) return { source: builtIn }
  const { sources: read, problems } = readSourceFile(named)
  const [source] = read
  return source === undefined ? { problems } : { source }
}
