// `npm run docs:conformance`: plays every scenario for every source and writes down what was found.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CheckEffects, checkSource, type Finding } from '../src/conformance/index.ts'
import { openPairingService } from '../src/main/check-service.ts'
import { sources } from '../src/sources/index.ts'
import { conformanceTable } from './conformance-table.ts'

const effects: CheckEffects = {
  fetch: (url, init) => fetch(url, init),
  random: (length) => randomBytes(length),
  openService: openPairingService,
}

const findings: Finding[] = []
for (const source of sources.values())
  for await (const finding of checkSource(effects, source)) findings.push(finding)
const page = conformanceTable(findings, [...sources.values()])
writeFileSync(join(import.meta.dirname, '../docs/sources/conformance.md'), page)
