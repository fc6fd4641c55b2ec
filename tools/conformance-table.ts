import type { Finding } from '../src/conformance/index.ts'
import { type Source, vendorsOf } from '../src/model/source.ts'

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  passed: '✓',
  failed: '✗',
  'does-not-apply': '–',
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

/** The page of docs/ that tells what was found: the whole registry, a table for each way to connect. */
export function conformanceTable(findings: readonly Finding[], sources: readonly Source[]): string {
  const families = [...new Set(findings.map(({ family }) => family))]
  return `${[
    '# What was played for each source',
    '<!-- Made by `npm run docs:conformance`. -->',
    `Each scenario is played with the real engine, over real HTTP, against the sandbox's vendor of that name; a pairing with a
whole service and the sandbox's phone. \`npm test\` plays them all; \`springbar source check\` plays them for one source.
✓ came out as the definition says, – does not apply (why stands below the table), ✗ went wrong. What a vendor does that its
documentation does not say, this cannot show.`,
    ...families.flatMap((family) => familyPart(family, findings)),
    '## Not played',
    notPlayed(findings, sources),
  ].join('\n\n')}\n`
}

function familyPart(family: Finding['family'], all: readonly Finding[]): readonly string[] {
  const findings = all.filter((finding) => finding.family === family)
  const vendors = [...new Set(findings.map(({ vendor }) => vendor))]
  const scenarios = [...new Set(findings.map(({ scenario }) => scenario))]
  const marks = new Map(
    findings.map(({ vendor, scenario, verdict }) => [`${vendor} ${scenario}`, MARKS[verdict]]),
  )
  return [
    `## By ${family}`,
    scenarios.map((name, i) => `${i + 1}. ${name}`).join('\n'),
    [
      row(['vendor', ...scenarios.map((_, i) => String(i + 1))]),
      row(['---', ...scenarios.map(() => '---')]),
      ...vendors.map((vendor) =>
        row([`\`${vendor}\``, ...scenarios.map((name) => marks.get(`${vendor} ${name}`) ?? '')]),
      ),
    ].join('\n'),
    reasons(findings, scenarios),
  ].filter((part) => part !== '')
}

/** Why what does not apply does not, with the numbers of the scenarios that have this reason. */
function reasons(findings: readonly Finding[], scenarios: readonly string[]): string {
  const numbers = new Map<string, Set<number>>()
  for (const { scenario, reason } of findings)
    if (reason !== null)
      numbers.set(reason, (numbers.get(reason) ?? new Set()).add(scenarios.indexOf(scenario) + 1))
  if (numbers.size === 0) return ''
  const lines = [...numbers]
    .map(([reason, at]) => ({ reason, at: [...at].sort((a, b) => a - b) }))
    .sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0))
    .map(({ reason, at }) => `- ${at.join(', ')}: ${reason}`)
  return `Where a – stands:\n\n${lines.join('\n')}`
}

/** What of the registry has no definition, so that there is nothing to play. */
function notPlayed(findings: readonly Finding[], sources: readonly Source[]): string {
  const played = new Set(findings.map(({ vendor }) => vendor))
  const left = sources.filter((source) => !vendorsOf(source).some((vendor) => played.has(vendor)))
  return `In the catalogue without a definition, with the reason there: ${left.map(({ key }) => `\`${key}\``).join(', ')}.`
}
