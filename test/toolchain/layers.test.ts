// Goal: the arrows between the layers cannot be turned round, and the lint rule that says so cannot rot silently.
// Method: the arrows as a table; a file in every folder imports every layer; biome with our own biome.json must
// complain about exactly the lines that the table forbids.

import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite, test } from 'node:test'
import { runBiome } from './run-biome.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

const GROUND = ['errors', 'limits']
const NOUNS = [...GROUND, 'model']
const BROKER = [...NOUNS, 'oauth', 'vault', 'storage']

/** What each layer may import beside itself. main imports everything, and nothing imports it. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  limits: [],
  model: GROUND,
  oauth: NOUNS,
  sources: [...NOUNS, 'oauth'],
  vault: NOUNS,
  storage: NOUNS,
  'storage/sql': [...NOUNS, 'storage'],
  broker: BROKER,
  config: [...BROKER, 'broker'],
  webhooks: [...BROKER, 'broker'],
  pages: [...BROKER, 'broker'],
  http: [...BROKER, 'broker', 'pages', 'webhooks'],
  cli: [...BROKER, 'storage/sql', 'broker', 'config', 'sources', 'sandbox', 'conformance'],
  conformance: [...NOUNS, 'oauth', 'sources', 'sandbox'],
  sandbox: ['limits', 'model'],
}

/** A file of each layer, from src/. */
const TARGETS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(ARROWS).map((layer) => [layer, `${layer}/some-file.ts`])),
  errors: 'errors.ts',
  limits: 'limits.ts',
  main: 'main/some-file.ts',
  'main.ts': 'main.ts',
}

/** Files in which to try the arrows of a layer: at its own level, and in each folder inside it that really exists. */
function placesOf(layer: string): readonly string[] {
  const inner = globSync(`src/${layer}/**/`, { cwd: ROOT }).filter((folder) => layerOf(folder) === layer)
  const folders = inner.map((folder) => folder.replace(/\/$/, ''))
  const target = `src/${TARGETS[layer]}`
  return [...new Set([target, ...folders.map((folder) => `${folder}/some-file.ts`)])]
}

function layerOf(file: string): string {
  if (file.startsWith('src/storage/sql')) return 'storage/sql'
  return path.basename(file.split('/')[1] ?? '', '.ts')
}

function importOf(from: string, target: string): string {
  const relative = path.posix.relative(path.posix.dirname(from), `src/${target}`)
  return relative.startsWith('.') ? relative : `./${relative}`
}

suite('the layers', () => {
  test('every folder of src/ has its place among the arrows', () => {
    const folders = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    const unknown = folders.map(({ name }) => name).filter((name) => TARGETS[name] === undefined)
    assert.deepEqual(unknown, [], 'give it an arrow in biome.json, CONTRIBUTING.md and this test')
  })

  test('the rooms of the broker form no circle: each can be read before those that use it', () => {
    const arrows = new Map<string, Set<string>>()
    for (const file of globSync('src/broker/*/*.ts', { cwd: ROOT })) {
      const room = path.basename(path.dirname(file))
      const used = readFileSync(path.join(ROOT, file), 'utf8').matchAll(/ from '\.\.\/([a-z-]+)\//g)
      const others = arrows.get(room) ?? new Set()
      for (const [, other = ''] of used)
        if (existsSync(path.join(ROOT, 'src/broker', other))) others.add(other)
      arrows.set(room, others)
    }
    assert.ok(arrows.size > 10)
    // Rooms that use no room which is left are taken away, until there are none, or only those of a circle.
    for (let taken = true; taken; ) {
      const free = [...arrows].filter(([, used]) => [...used].every((other) => !arrows.has(other)))
      for (const [room] of free) arrows.delete(room)
      taken = free.length > 0
    }
    assert.deepEqual([...arrows.keys()], [])
  })

  test('an import is an error exactly where its arrow is missing', async (t) => {
    const kinds = [
      (target: string) => `import '${target}'`,
      (target: string) => `import type { A } from '${target}'`,
      (target: string) => `export { B } from '${target}'`,
      (target: string) => `await import('${target}')`,
    ]
    const layers = Object.keys(TARGETS)
    const files: Record<string, string> = {}
    const expected: string[] = []
    for (const [layer, allowed] of Object.entries(ARROWS)) {
      for (const place of placesOf(layer)) {
        const others = layers.filter((other) => other !== layer)
        files[place] = others
          .flatMap((other) => kinds.map((kind) => kind(importOf(place, TARGETS[other] ?? ''))))
          .join('\n')
        for (const [index, other] of others.entries()) {
          if (allowed.includes(other)) continue
          for (const offset of kinds.keys()) {
            expected.push(`${place} imports ${other}, line ${index * kinds.length + offset + 1}`)
          }
        }
      }
    }
    const findings = await runBiome(t, files)
    const found = findings
      .filter(({ rule }) => rule === 'lint/style/noRestrictedImports')
      .map(({ file, line }) => {
        const others = layers.filter((other) => other !== layerOf(file))
        return `${file} imports ${others[Math.floor((line - 1) / kinds.length)]}, line ${line}`
      })
    assert.deepEqual(found.sort(), expected.sort())
    assert.ok(expected.length > 300)
  })

  test('a cycle of imports is an error, of types as well', async (t) => {
    const findings = await runBiome(t, {
      'src/model/egg.ts': "import { chicken } from './chicken.ts'\nexport const egg = () => chicken\n",
      'src/model/chicken.ts': "import { egg } from './egg.ts'\nexport const chicken = () => egg\n",
      'src/vault/egg.ts': "import type { Chicken } from './chicken.ts'\nexport type Egg = Chicken | 1\n",
      'src/vault/chicken.ts': "import type { Egg } from './egg.ts'\nexport type Chicken = Egg | 2\n",
    })
    const inCycles = findings
      .filter(({ rule }) => rule === 'lint/suspicious/noImportCycles')
      .map(({ file }) => file)
    assert.deepEqual(inCycles.sort(), [
      'src/model/chicken.ts',
      'src/model/egg.ts',
      'src/vault/chicken.ts',
      'src/vault/egg.ts',
    ])
  })

  test('no import hides inside a type, where the rule does not look', () => {
    const hidden = globSync('{src,sdk/src,examples}/**/*.ts', {
      cwd: ROOT,
      exclude: ['**/node_modules/**'],
    }).filter((file) => /(?<!await )\bimport\((?!\))/.test(readFileSync(path.join(ROOT, file), 'utf8')))
    assert.deepEqual(hidden, [])
  })

  test('the service takes types from the SDK, and nothing that runs', () => {
    const files = globSync('src/**/*.ts', { cwd: ROOT })
    const running = files.filter((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8')
      return Array.from(text.matchAll(/^(.*)from '@springbar\/sdk/gm)).some(
        ([statement]) => !/^(?:import|export) type /.test(statement),
      )
    })
    assert.deepEqual(running, [])
  })
})

suite('what stands outside the layers', () => {
  test('the SDK imports nothing but itself', async (t) => {
    const findings = await runBiome(t, {
      'sdk/src/some-file.ts': [
        "import './other.ts'",
        "import '../../src/model/session.ts'",
        "import '../package.json' with { type: 'json' }",
        "import 'node:crypto'",
        "import 'hono'",
      ].join('\n'),
    })
    assert.deepEqual(linesOf(findings, 'lint/style/noRestrictedImports'), [2, 3, 4, 5])
  })

  test('an example imports the SDK, Hono and Node.js alone', async (t) => {
    const findings = await runBiome(t, {
      'examples/custom-screen/some-file.ts': [
        "import './other.ts'",
        "import 'node:crypto'",
        "import 'node:fs/promises'",
        "import 'hono'",
        "import 'hono/html'",
        "import '@hono/node-server'",
        "import '@springbar/sdk'",
        "import '@springbar/sdk/react'",
        "import '../../src/model/session.ts'",
        "import '../../sdk/src/index.ts'",
        "import '../../test/support/browser.ts'",
        "import 'zod'",
        "import '@hono/zod-openapi'",
      ].join('\n'),
    })
    assert.deepEqual(linesOf(findings, 'lint/style/noRestrictedImports'), [9, 10, 11, 12, 13])
  })

  for (const [example, frameworks] of [
    ['express-backend', ['express']],
    ['react-screen', ['react', 'react-dom/client', '../backend.ts']],
    ['next-screen', ['next/headers', 'react', 'server-only', '@/lib/springbar.ts']],
  ] as const)
    test(`${example} imports the SDK, its framework and Node.js alone`, async (t) => {
      const allowed = ['./other.ts', 'node:crypto', '@springbar/sdk', '@springbar/sdk/browser', ...frameworks]
      const refused = [
        '../../sdk/src/index.ts',
        '../../src/errors.ts',
        '../custom-screen/page.ts',
        'hono',
        'zod',
      ]
      const findings = await runBiome(t, {
        [`examples/${example}/some-file.ts`]: [...allowed, ...refused]
          .map((name) => `import '${name}'`)
          .join('\n'),
      })
      const lines = refused.map((_, index) => allowed.length + index + 1)
      assert.deepEqual(linesOf(findings, 'lint/style/noRestrictedImports'), lines)
    })
})

suite('effects', () => {
  const text = [
    "import { createHmac, randomBytes, randomUUID } from 'node:crypto'",
    'export const digest = createHmac',
    'export const parsed = new Date(0)',
    'export const now = Date.now()',
    'export const clock = { now: Date.now }',
    'export const today = new Date()',
    'export const dice = Math.random()',
    'export const bytes = randomBytes(16)',
    'export const id = randomUUID()',
    'export const answer = fetch',
    'export const setting = process.env.SETTING',
  ].join('\n')
  const rules = ['plugin', 'lint/style/noRestrictedGlobals', 'lint/style/noProcessEnv']

  test('the service never takes time, randomness, the network or the environment by itself', async (t) => {
    const findings = await runBiome(t, { 'src/broker/some-file.ts': text })
    assert.deepEqual(linesOf(findings, ...rules), [4, 5, 6, 7, 8, 9, 10, 11])
  })

  test('the composition root and the command line do', async (t) => {
    const findings = await runBiome(t, {
      'src/main.ts': text,
      'src/main/some-file.ts': text,
      'src/cli/some-file.ts': text,
    })
    assert.deepEqual(linesOf(findings, ...rules), [])
  })
})

function linesOf(findings: readonly { rule: string; line: number }[], ...rules: readonly string[]): number[] {
  const lines = findings.filter(({ rule }) => rules.includes(rule)).map(({ line }) => line)
  return lines.sort((a, b) => a - b)
}
