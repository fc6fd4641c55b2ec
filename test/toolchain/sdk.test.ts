// Goal: the SDK needs nothing that a browser or the oldest Node.js it promises to run on lacks.
// Method: check its types with the language of those, without the types of Node.js, as strictly as everything else.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { type TestContext, test } from 'node:test'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** What the compiler says of the folder; nothing when all is well. */
async function checkTypes(t: TestContext, include: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-types-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const project = path.join(folder, 'tsconfig.json')
  const compilerOptions = { target: 'ES2022', lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [] }
  writeFileSync(
    project,
    JSON.stringify({ extends: path.join(ROOT, 'tsconfig.json'), compilerOptions, include: [include] }),
  )
  const command = path.join(ROOT, 'node_modules/typescript/bin/tsc')
  return new Promise((resolve) => {
    execFile(process.execPath, [command, '--noEmit', '--project', project], (_error, stdout, stderr) => {
      resolve(stdout + stderr)
    })
  })
}

test('the SDK keeps to the language of Node.js 20 and of browsers', async (t) => {
  assert.equal(await checkTypes(t, path.join(ROOT, 'sdk/src')), '')
})

test('this check would see a newer method and a module of Node.js', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-types-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(
    path.join(folder, 'new.ts'),
    "import { readFileSync } from 'node:fs'\nexport const a = Object.groupBy([1], String)\nexport { readFileSync }\n",
  )
  const words = await checkTypes(t, folder)
  assert.match(words, /new\.ts\(1,\d+\): error/)
  assert.match(words, /new\.ts\(2,\d+\): error/)
})
