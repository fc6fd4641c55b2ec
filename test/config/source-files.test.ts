// Goal: an operator adds a source by a file, and is told which field of it is wrong. Method: real files, read as
// `springbar serve` reads them: a built-in definition as a file, whole and spoiled in one place each.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { readConfig } from '../../src/config/index.ts'
import { limits } from '../../src/limits.ts'
import { combineSources, sources } from '../../src/sources/index.ts'
import { accountOf, configFile, configOf, problemsOf, RULES, secretText } from './support.ts'

// biome-ignore lint/suspicious/noExplicitAny: a definition as JSON, to spoil at any place.
type Definition = any

/** A plain definition under keys and an id of its own. */
function definition(spoil: (source: Definition) => void = () => undefined): Definition {
  const source = JSON.parse(JSON.stringify(sources.get(11)))
  Object.assign(source, { id: 10_001, key: 'acme', name: 'Acme' })
  source.authorizations[0].vendor = 'acme'
  spoil(source)
  return source
}

/** An older generation alone, whose grants are exchanged for those of this vendor. */
function olderGeneration(vendor: string): Definition {
  const source = JSON.parse(JSON.stringify(sources.get(2)))
  const [older] = source.authorizations.filter(({ protocol }: Definition) => protocol === 'oauth1')
  Object.assign(older, { vendor: 'acme', exchange: { ...older.exchange, vendor } })
  return Object.assign(source, { id: 10_001, key: 'acme', name: 'Acme', authorizations: [older] })
}

function sourceFile(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'springbar-source-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'acme.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const read = (...paths: readonly string[]) =>
  readConfig({ SPRINGBAR_CONFIG: configFile(configOf({ sourceFiles: paths })) }, RULES)

describe('a source in a file', () => {
  test('is there as a built-in one is', () => {
    const config = read(sourceFile(definition()))
    assert.deepEqual(config.sources, [definition()])
    const { sources: all, problems } = combineSources(sources, config.sources)
    assert.deepEqual(problems, [])
    assert.deepEqual(all.get(10_001), definition())
    assert.equal(all.size, sources.size + 1)
    assert.ok(Object.isFrozen(all.get(10_001)))
  })

  test('can be given a client', () => {
    const clients = { acme: { clientId: '1', clientSecret: secretText(7) } }
    const input = configOf({
      sourceFiles: [sourceFile(definition())],
      accounts: [accountOf({ clients })],
    })
    const config = readConfig({ SPRINGBAR_CONFIG: configFile(input) }, RULES)
    assert.ok(config.applications[0]?.clients.has('acme'))
  })

  test('is named by a variable of the environment as well', () => {
    const [one, other] = [
      sourceFile(definition()),
      sourceFile(definition((source) => (source.key = 'other'))),
    ]
    const config = readConfig(
      { SPRINGBAR_CONFIG: configFile(configOf()), SPRINGBAR_SOURCE_FILES: `${one}, ${other}` },
      RULES,
    )
    assert.deepEqual(
      config.sources.map(({ key }) => key),
      ['acme', 'other'],
    )
  })
})

describe('a file that is no source', () => {
  const spoiled: readonly (readonly [what: string, says: RegExp, content: unknown])[] = [
    ['no JSON', /is not valid JSON/, '{'],
    ['a list', /the file: /, []],
    ['too long', /is longer than 100000 characters/, ' '.repeat(limits.sourceFileCharacters + 1)],
    [
      'a missing field',
      /authorizations\.0\.refresh: is missing/,
      definition((s) => delete s.authorizations[0].refresh),
    ],
    [
      'an unknown field',
      /Unrecognized key: "colour"/,
      definition((s) => Object.assign(s, { colour: 'red' })),
    ],
    [
      'an address of another sort',
      /authorizations\.0\.tokenRequest\.endpoint: /,
      definition((s) => (s.authorizations[0].tokenRequest.endpoint = 'ftp://vendor.example/token')),
    ],
    [
      'a hook, which needs code',
      /authorizations\.0\.revocation\.kind: a hook needs code/,
      definition((s) => (s.authorizations[0].revocation = { kind: 'hook', reach: 'token', endpoints: {} })),
    ],
    [
      'a vendor twice',
      /authorizations\.1\.vendor: stands there twice: acme/,
      definition((s) => s.authorizations.push(s.authorizations[0])),
    ],
    [
      'a scope twice',
      /authorizations\.0\.scopes\.\d+\.value: stands there twice/,
      definition((s) => s.authorizations[0].scopes.push(s.authorizations[0].scopes[0])),
    ],
    [
      'no scope that gives data',
      /authorizations\.0\.scopes: asks for no scope that gives data/,
      definition((s) => {
        for (const one of s.authorizations[0].scopes) one.givesData = false
      }),
    ],
    [
      'a placeholder that nothing fills',
      /authorizations\.0\.api\.headers\.x-key: names \{client\.apiKey\}, which nothing fills/,
      definition(
        (s) =>
          (s.authorizations[0].api = {
            baseUrl: 'https://a.example',
            headers: { 'x-key': '{client.apiKey}' },
          }),
      ),
    ],
    [
      'an exchange for a vendor of another source',
      /authorizations\.0\.exchange\.vendor: strava is no authorization of this source that speaks OAuth 2\.0/,
      olderGeneration('strava'),
    ],
    [
      'an exchange for itself',
      /authorizations\.0\.exchange\.vendor: acme is no authorization of this source/,
      olderGeneration('acme'),
    ],
  ]
  for (const [what, says, content] of spoiled)
    test(`${what}: the problem names the file and the field`, () => {
      const path = sourceFile(content)
      const problems = problemsOf(() => read(path))
      assert.ok(problems.length > 0)
      assert.ok(problems.every((problem) => problem.startsWith(`${path}: `)))
      assert.ok(
        problems.some((problem) => says.test(problem)),
        problems.join('\n'),
      )
    })

  test('that is not there is named', () => {
    assert.deepEqual(
      problemsOf(() => read('/nowhere/acme.json')),
      ['/nowhere/acme.json: cannot be read.'],
    )
  })

  test('does not hide what else is wrong with the configuration', () => {
    const input = configOf({ sourceFiles: ['/nowhere/acme.json'], publicUrl: 'http://public.example' })
    const problems = problemsOf(() => readConfig({ SPRINGBAR_CONFIG: configFile(input) }, RULES))
    assert.equal(problems.length, 2)
  })
})

describe('sources of an operator beside the built-in ones', () => {
  const added = (...spoils: readonly ((source: Definition) => void)[]) =>
    combineSources(
      sources,
      spoils.map((spoil) => definition(spoil)),
    )

  test('one with the id and the key of a built-in source replaces it', () => {
    const moved = JSON.parse(JSON.stringify(sources.get(11)))
    moved.authorizations[0].tokenRequest.endpoint = 'https://moved.example/token'
    const { sources: all, problems } = combineSources(sources, [moved])
    assert.deepEqual(problems, [])
    assert.equal(all.size, sources.size)
    assert.deepEqual(all.get(11), moved)
  })

  const refused: readonly (readonly [what: string, says: RegExp, (source: Definition) => void])[] = [
    ['a published id', /its id must lie between 10000 and 999999/, (s) => (s.id = 1_011)],
    ['an id that may be published one day', /its id must lie between/, (s) => (s.id = 2_000)],
    ['an id beyond the range', /its id must lie between/, (s) => (s.id = 1_000_000)],
    ['the key of another source', /the key belongs to another id/, (s) => (s.key = 'strava')],
    [
      'the vendor of another source, and with it its clients [T060]',
      /another source has the vendor strava/,
      (s) => (s.authorizations[0].vendor = 'strava'),
    ],
  ]
  for (const [what, says, spoil] of refused)
    test(`${what} is refused, and nothing is replaced`, () => {
      const { sources: all, problems } = added(spoil)
      assert.equal(problems.length, 1)
      assert.match(problems[0] ?? '', says)
      assert.deepEqual(all, sources)
    })

  test('two files with one id or key are refused, both', () => {
    assert.equal(
      added(
        () => undefined,
        (s) => Object.assign(s, { key: 'b' }),
      ).problems.length,
      2,
    )
    assert.equal(
      added(
        () => undefined,
        (s) => Object.assign(s, { id: 10_002 }),
      ).problems.length,
      2,
    )
  })
})
