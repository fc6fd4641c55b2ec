import type { Finding } from '../src/conformance/index.ts'

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  passed: '✓',
  failed: '✗',
  'does-not-apply': '–',
}

/** The page of docs/ that tells what was found, vendor by scenario. */
export function conformanceTable(findings: readonly Finding[]): string {
  const vendors = [...new Set(findings.map(({ vendor }) => vendor))]
  const scenarios = [...new Set(findings.map(({ scenario }) => scenario))]
  const marks = new Map(
    findings.map(({ vendor, scenario, verdict }) => [`${vendor} ${scenario}`, MARKS[verdict]]),
  )
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return `${[
    '# What was played for each source',
    '<!-- Made by `npm run docs:conformance`. -->',
    `Each scenario is played with the real engine, over real HTTP, against the sandbox's vendor of that name. \`npm test\` plays
them all; \`springbar source check\` plays them for one source. ✓ came out as the definition says, – does not apply,
✗ went wrong. What a vendor does that its documentation does not say, this cannot show.`,
    scenarios.map((name, i) => `${i + 1}. ${name}`).join('\n'),
    [
      row(['vendor', ...scenarios.map((_, i) => String(i + 1))]),
      row(['---', ...scenarios.map(() => '---')]),
      ...vendors.map((vendor) =>
        row([`\`${vendor}\``, ...scenarios.map((name) => marks.get(`${vendor} ${name}`) ?? '')]),
      ),
    ].join('\n'),
  ].join('\n\n')}\n`
}
