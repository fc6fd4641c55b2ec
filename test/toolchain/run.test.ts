// Goal: `npm test` is green only when every test ran and passed, and says otherwise in plain words.
// Method: the real test/run.ts in a small project of its own, over test files that pass, fail, are skipped or empty.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { suite, type TestContext, test } from 'node:test'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** As the launcher does: older builds of Node.js 24 call running TypeScript an experiment. */
const QUIET = '--disable-warning=ExperimentalWarning'

const PASSES = "import { test } from 'node:test'\ntest('passes', () => {})\n"
const USES_POSTGRES = `
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase } from '../support/postgres.ts'
test('has a database of its own on the server of the run', async () => {
  const { url, drop } = await createDatabase('some name')
  assert.equal(new URL(url).host, new URL(process.env.SPRINGBAR_TEST_POSTGRES).host)
  await drop()
})
`

async function runTests(
  test: TestContext,
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: unknown; output: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-run-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(path.join(folder, 'test/some'), { recursive: true })
  cpSync(path.join(ROOT, 'test/run.ts'), path.join(folder, 'test/run.ts'))
  cpSync(path.join(ROOT, 'test/support'), path.join(folder, 'test/support'), { recursive: true })
  cpSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'))
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, 'test/some', name), text)
  // Node.js would take a run inside a run for a mistake.
  const { NODE_TEST_CONTEXT: _, INIT_CWD: __, ...inherited } = process.env
  const options = { cwd: folder, env: { ...inherited, ...environment } }
  return new Promise((resolve) => {
    execFile(process.execPath, [QUIET, 'test/run.ts', ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, output: stderr + stdout })
    })
  })
}

suite('npm test', () => {
  test('is green when everything passed, with the PostgreSQL of the run at hand', async (t) => {
    const files = { 'a.test.ts': PASSES, 'b.test.ts': USES_POSTGRES, 'no-test.ts': 'throw new Error()' }
    const { code, output } = await runTests(t, files, ['--only=unit'])
    assert.equal(code, 0, output)
    assert.match(output, /^2 passed, 0 failed\n$/m)
  })

  test('is red for a test that failed, was skipped or put off, and for a file without tests', async (t) => {
    const files = {
      'fails.test.ts': "import { test } from 'node:test'\ntest('fails', () => { throw new Error('no') })\n",
      'skips.test.ts':
        "import { test } from 'node:test'\ntest.skip('skipped', () => {})\ntest.todo('put off')\n",
      'empty.test.ts': 'export {}\n',
      'passes.test.ts': PASSES,
    }
    const { code, output } = await runTests(t, files, ['--only=unit'])
    assert.equal(code, 1)
    assert.match(output, /^unit {3}FAILED, .+: 1 failed, 3 did not run \(.+ test\/some\/empty\.test\.ts\)$/m)
    assert.match(output, /^1 passed, 4 failed\n$/m)
  })

  test('is red with one sentence when the browser is not to be had', async (t) => {
    const { code, output } = await runTests(t, { 'a.test.ts': PASSES }, ['--only=unit'], {
      SPRINGBAR_BROWSER: '/nowhere/chromium',
    })
    assert.equal(code, 1)
    assert.match(output, /^SPRINGBAR_BROWSER names \/nowhere\/chromium, and there is no such file\. .+$/m)
    assert.match(output, /^0 passed, 1 failed\n$/m)
  })

  test('runs the files that are named, or lie in a folder that is named, alone', async (t) => {
    const files = { 'a.test.ts': PASSES, 'b.test.ts': PASSES }
    const one = await runTests(t, files, ['test/some/b.test.ts'])
    assert.match(one.output, /^1 passed, 0 failed\n$/m)
    const all = await runTests(t, files, ['test/some'])
    assert.match(all.output, /^2 passed, 0 failed\n$/m)
  })

  test('is red for a name that fits no test file', async (t) => {
    const { code, output } = await runTests(t, { 'a.test.ts': PASSES }, ['test/other'])
    assert.deepEqual([code, output], [1, 'There is no test file at "test/other".\n'])
  })
})
