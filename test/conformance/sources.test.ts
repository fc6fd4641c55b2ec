// Goal: every definition and a vendor that behaves as it says work together, in everything that can happen to a person
// and a grant, and the docs tell what was found. Method: each scenario for each authorization of the registry, the real
// engine over real HTTP; then the page in docs/ against these very findings.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { authorizationsToCheck, checkScenario, type Finding, scenarios } from '../../src/conformance/index.ts'
import { vendorFor } from '../../src/sandbox/index.ts'
import { sources } from '../../src/sources/index.ts'
import { conformanceTable } from '../../tools/conformance-table.ts'

const PAGE = join(import.meta.dirname, '../../docs/sources/conformance.md')

const effects = {
  fetch: (url: string, init: RequestInit) => fetch(url, init),
  random: (length: number) => randomBytes(length),
}
const findings: Finding[] = []

describe('conformance of', () => {
  for (const source of sources.values())
    for (const authorization of authorizationsToCheck(source))
      describe(authorization.vendor, () => {
        for (const scenario of scenarios)
          test(scenario.name, async () => {
            const finding = await checkScenario(
              effects,
              source,
              authorization,
              vendorFor(authorization),
              scenario,
            )
            findings.push(finding)
            assert.equal(finding.problem, null)
          })
      })

  test('the page in the docs tells what was found (npm run docs:conformance)', () => {
    assert.equal(readFileSync(PAGE, 'utf8'), conformanceTable(findings))
  })
})
