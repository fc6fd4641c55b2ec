// Goal: every definition and a vendor that behaves as it says work together, in everything that can happen to a person
// and a grant, and the docs tell what was found. Method: each scenario for each authorization of the registry, the real
// engine over real HTTP; phones with a whole service, one for each source. Then the page in docs/ against these findings.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { type CheckEffects, type Finding, type PairingService, playsOf } from '../../src/conformance/index.ts'
import { openPairingService } from '../../src/main/check-service.ts'
import { sources } from '../../src/sources/index.ts'
import { conformanceTable } from '../../tools/conformance-table.ts'

const PAGE = join(import.meta.dirname, '../../docs/sources/conformance.md')

const services = new Map<string, Promise<PairingService>>()
const effects: CheckEffects = {
  fetch: (url, init) => fetch(url, init),
  random: (length) => randomBytes(length),
  // One for all scenarios of a source: each of them brings people of its own.
  openService: async (source) => {
    const opened = services.get(source.key) ?? openPairingService(source)
    services.set(source.key, opened)
    return { ...(await opened), close: async () => undefined }
  },
}
const findings: Finding[] = []

describe('conformance of', () => {
  after(async () => {
    for (const service of services.values()) await (await service).close()
  })

  for (const source of sources.values()) {
    const plays = playsOf(source)
    for (const vendor of new Set(plays.map((play) => play.vendor)))
      describe(vendor, () => {
        for (const play of plays.filter((one) => one.vendor === vendor))
          test(play.scenario, async () => {
            const finding = await play.run(effects)
            findings.push(finding)
            assert.equal(finding.problem, null)
          })
      })
  }

  test('what does not apply says why', () => {
    for (const { scenario, verdict, reason } of findings)
      assert.equal(reason === null, verdict !== 'does-not-apply', scenario)
  })

  test('the page in the docs tells what was found (npm run docs:conformance)', () => {
    assert.equal(readFileSync(PAGE, 'utf8'), conformanceTable(findings, [...sources.values()]))
  })
})
