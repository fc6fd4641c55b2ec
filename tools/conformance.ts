// `npm run docs:conformance`: plays every scenario for every source and writes down what was found.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSource, type Finding } from '../src/conformance/index.ts'
import { vendorFor } from '../src/sandbox/index.ts'
import { sources } from '../src/sources/index.ts'
import { conformanceTable } from './conformance-table.ts'

const effects = {
  fetch: (url: string, init: RequestInit) => fetch(url, init),
  random: (length: number) => randomBytes(length),
}

const findings: Finding[] = []
for (const source of sources.values())
  for await (const finding of checkSource(effects, source, vendorFor)) findings.push(finding)
writeFileSync(join(import.meta.dirname, '../docs/sources/conformance.md'), conformanceTable(findings))
