// Goal: the package as npm would publish it has a shape that bundlers, Node.js and compilers read alike.
// Method: the real build and `npm pack`, judged by publint and by Are The Types Wrong; neither needs a network.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const ROOT = path.resolve(import.meta.dirname, '../..')

describe('the tarball of the SDK', () => {
  let folder: string
  let tarball: Uint8Array<ArrayBuffer>

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'springbar-pack-'))
    for (const name of ['package.json', 'README.md', 'LICENSE'])
      cpSync(path.join(ROOT, 'sdk', name), path.join(folder, name))
    const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc')
    const project = path.join(ROOT, 'sdk/tsconfig.build.json')
    execFileSync(process.execPath, [tsc, '-p', project, '--outDir', path.join(folder, 'dist')])
    const command = 'npm pack --ignore-scripts --offline --silent'
    // npm writes down what it did, and the person's own folder may be closed to it.
    const env = { ...process.env, npm_config_cache: path.join(folder, 'npm-cache') }
    const name = execFileSync(command, { cwd: folder, env, encoding: 'utf8', shell: true }).trim()
    tarball = new Uint8Array(readFileSync(path.join(folder, name)))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('has nothing that publint would warn of', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, level: 'warning' })
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg, { color: false })),
      [],
    )
  })

  it('has types that fit what is imported, for ES modules in Node.js and for bundlers', async () => {
    const checked = await checkPackage(createPackageFromTarballData(tarball))
    assert.ok('problems' in checked)
    // CommonJS and the resolution of Node.js 10 are older than this package: ES modules alone.
    const ours = checked.problems.filter(
      (problem) =>
        !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)),
    )
    assert.deepEqual(ours, [])
    assert.deepEqual(Object.keys(checked.entrypoints).sort(), ['.', './browser', './element', './react'])
  })
})
