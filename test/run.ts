/**
 * @module test/run
 * What `npm test` runs: lint, types, then every test with a real PostgreSQL and a real browser at hand. Each part
 * runs even when one before it failed; nothing is left out because something is missing. `npm test -- test/broker`
 * runs the tests of that file or folder alone, `npm run test:long` also what is only sampled otherwise (`support/long.ts`), `npm test -- --only=lint` (or `types`, `unit`) one part alone. With
 * SPRINGBAR_TEST_POSTGRES, the URL of a server that may create databases, the tests use that one.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { parseArgs } from 'node:util'
import { findBrowser } from './support/browser.ts'
import { startPostgres } from './support/postgres.ts'

type Outcome = Readonly<{ isGood: boolean; remark?: string; passed: number; failed: number }>
type Part = Readonly<{ name: string; run: () => Promise<Outcome> }>

const ROOT = path.resolve(import.meta.dirname, '..')
const TEST_FILES = ['test/**/*.test.ts', 'sdk/**/*.test.ts', 'examples/**/*.test.ts']
/** An answer that never comes fails the test, or the group of tests, that waits for it. */
const TEST_TIMEOUT_MS = 10 * 60 * 1000
/** After so long without a word from any test file the rest is broken off: a server that is still open, for instance. */
const SILENCE_TIMEOUT_MS = 12 * 60 * 1000

const interruption = new AbortController()
let interruptedBy: NodeJS.Signals | undefined
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interruptedBy ??= signal
    interruption.abort()
  })
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
if (interruptedBy) process.exitCode = 128 + os.constants.signals[interruptedBy]

async function main(args: string[]): Promise<number> {
  const parts = chooseParts(args)
  const lines: string[] = []
  let passed = 0
  let failed = 0
  for (const part of parts) {
    if (interruptedBy) break
    const start = performance.now()
    const outcome = await part.run().catch(brokenOff)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    lines.push(
      `${part.name.padEnd(6)} ${outcome.isGood ? 'good' : 'FAILED'}, ${seconds} s${outcome.remark ? `: ${outcome.remark}` : ''}`,
    )
    passed += outcome.passed
    failed += outcome.failed
  }
  console.log(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed`)
  return failed === 0 && !interruptedBy ? 0 : 1
}

/** What a part that could not do its work at all counts for: PostgreSQL or the browser did not start, for instance. */
function brokenOff(error: unknown): Outcome {
  console.error(error instanceof Error ? error.message : error)
  return { isGood: false, remark: 'it could not run, see above', passed: 0, failed: 1 }
}

function chooseParts(args: string[]): readonly Part[] {
  const { values, positionals } = parseArgs({
    args,
    options: { only: { type: 'string' }, long: { type: 'boolean' } },
    allowPositionals: true,
  })
  if (values.long === true) process.env['SPRINGBAR_TEST_LONG'] = '1'
  const files = chooseFiles(positionals)
  const all: readonly Part[] = [
    { name: 'lint', run: () => runTool(['biome', 'check', '--error-on-warnings']) },
    { name: 'types', run: () => runTool(['tsc', '--noEmit']) },
    { name: 'unit', run: () => runTests(files) },
  ]
  const only = values.only ?? (positionals.length > 0 ? 'unit' : undefined)
  const chosen = only === undefined ? all : all.filter((part) => part.name === only)
  if (chosen.length === 0) throw new Error(`--only takes lint, types or unit, not "${only}".`)
  return chosen
}

/** The test files, all or those that are named or lie in a named folder. A name that fits none is an error. */
function chooseFiles(names: readonly string[]): readonly string[] {
  const files = globSync(TEST_FILES, { cwd: ROOT, exclude: ['**/node_modules/**'] }).sort()
  const wanted = names.map((name) => path.relative(ROOT, path.resolve(process.env['INIT_CWD'] ?? ROOT, name)))
  const fits = (file: string, name: string) =>
    file === name || file.startsWith(name + path.sep) || name === ''
  for (const name of wanted) {
    if (!files.some((file) => fits(file, name))) throw new Error(`There is no test file at "${name}".`)
  }
  if (files.length === 0) throw new Error('There is no test file.')
  return wanted.length === 0 ? files : files.filter((file) => wanted.some((name) => fits(file, name)))
}

async function runTool(args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [path.join(ROOT, 'bin/launch.js'), '--tool', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  const isGood = code === 0
  return { isGood, passed: isGood ? 1 : 0, failed: isGood ? 0 : 1 }
}

async function runTests(files: readonly string[]): Promise<Outcome> {
  const own = process.env['SPRINGBAR_TEST_POSTGRES'] ? undefined : await startPostgres()
  // One folder for what the tests leave behind when they are broken off: databases, browser profiles.
  const folder = mkdtempSync(path.join(os.tmpdir(), 'springbar-test-'))
  try {
    if (own) process.env['SPRINGBAR_TEST_POSTGRES'] = own.url
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
    // Found or unpacked before the first test, so that its absence is one sentence and not many failures.
    await findBrowser()
    return await runFiles(files)
  } finally {
    await own?.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A test that is skipped or put off, and a file without any, is a failure: it would look like something tested. */
async function runFiles(files: readonly string[]): Promise<Outcome> {
  const testStream = run({
    cwd: ROOT,
    files: files.map((file) => path.join(ROOT, file)),
    concurrency: Math.max(2, os.availableParallelism()),
    timeout: TEST_TIMEOUT_MS,
    signal: interruption.signal,
  })
  let outcome: Outcome = { isGood: false, remark: 'it was broken off', passed: 0, failed: 1 }
  const empty: string[] = []
  testStream.on('test:pass', ({ name, nesting }) => {
    if (nesting === 0 && path.isAbsolute(name)) empty.push(path.relative(ROOT, name))
  })
  testStream.on('test:summary', ({ file, counts, success }) => {
    if (file !== undefined) return
    const failed = counts.tests - counts.passed - counts.skipped - counts.todo
    const left = counts.skipped + counts.todo + empty.length
    const remark = [
      failed > 0 && `${failed} failed`,
      left > 0 && `${left} did not run (skipped, put off, or a file without tests ${empty.join(' ')})`,
      failed === 0 && !success && 'something outside the tests failed, see above',
    ].filter((text) => text !== false)
    outcome = {
      isGood: remark.length === 0,
      remark: remark.join(', '),
      passed: counts.passed - empty.length,
      failed: success ? left : Math.max(1, failed + left),
    }
  })
  const silence = setTimeout(() => interruption.abort(), SILENCE_TIMEOUT_MS)
  testStream.on('data', () => silence.refresh())
  const report = testStream.compose(new spec())
  report.pipe(process.stdout, { end: false })
  await finished(report)
  clearTimeout(silence)
  return outcome
}
