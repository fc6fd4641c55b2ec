// Goal: every definition and a vendor that behaves as it says work together, in everything that can happen to a person
// and a grant. Method: each scenario for each authorization of the registry, the real engine over real HTTP.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { authorizationsToCheck, checkScenario, scenarios } from '../../src/conformance/index.ts'
import { vendorFor } from '../../src/sandbox/index.ts'
import { sources } from '../../src/sources/index.ts'

const effects = {
  fetch: (url: string, init: RequestInit) => fetch(url, init),
  random: (length: number) => randomBytes(length),
}

for (const source of sources.values())
  for (const authorization of authorizationsToCheck(source)) {
    const vendor = vendorFor(authorization)
    describe(authorization.vendor, () => {
      for (const scenario of scenarios.filter(({ appliesTo }) => appliesTo(authorization)))
        test(scenario.name, async () => {
          const { problem } = await checkScenario(effects, source, authorization, vendor, scenario)
          assert.equal(problem, null)
        })
    })
  }
