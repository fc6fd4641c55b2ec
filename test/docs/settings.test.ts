// Goal: an operator who reads docs/running.md knows every setting and variable, with its default and its range.
// Method: the tables against the schema and against the names that the sources read; the examples through the schema.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { parseConfig } from '../../src/config/index.ts'
import { configSchema } from '../../src/config/schema.ts'
import { vendorsOf } from '../../src/main/vendors-of.ts'
import { sources } from '../../src/sources/index.ts'
import { ROOT, readPage } from './markdown.ts'

const RULES = { vendors: vendorsOf(sources), tryOut: false }
const RUNNING = readFileSync(path.join(ROOT, 'docs/running.md'), 'utf8')

/** The cells of the table rows between two headings, by each code word in the first cell. */
function rowsOf(from: string, to: string): ReadonlyMap<string, readonly string[]> {
  const part = RUNNING.slice(RUNNING.indexOf(`\n${from}\n`), RUNNING.indexOf(`\n${to}\n`))
  const rows = part.split('\n').filter((line) => line.startsWith('| `'))
  return new Map(
    rows.flatMap((row) => {
      const [first = '', ...cells] = row.slice(1, -1).split(' | ')
      return [...first.matchAll(/`([^`]+)`/g)].map((match) => [match[1] ?? '', cells] as const)
    }),
  )
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly maxLength?: number
}

interface Setting {
  readonly name: string
  readonly schema: JsonSchema
}

const APPLICATION = 'accounts[].applications[].'

/** Every setting that holds a value, and every list and record of them, by the name that the table uses. */
function settingsOf(schema: JsonSchema, name: string): readonly Setting[] {
  const own = name === '' || schema.properties !== undefined ? [] : [{ name, schema }]
  const inside = Object.entries(schema.properties ?? {}).flatMap(([key, one]) =>
    settingsOf(one, name === '' ? key : `${name}.${key}`),
  )
  const items = schema.items?.properties === undefined ? [] : settingsOf(schema.items, `${name}[]`)
  const record = schema.additionalProperties
  const entries =
    typeof record === 'object' && record.properties !== undefined
      ? settingsOf(record, `${name}.<${name.endsWith('.accountPolicies') ? 'source' : 'vendor'}>`)
      : []
  return [...own, ...inside, ...items, ...entries]
}

/** The table writes `….` for the fields of an application, and `clients.<vendor>` for the record of them. */
function nameInTable(name: string): string {
  const short = name.startsWith(APPLICATION) ? `….${name.slice(APPLICATION.length)}` : name
  return short === '….clients' ? '….clients.<vendor>' : short
}

const settings = settingsOf(
  z.toJSONSchema(configSchema(RULES, []), { io: 'input', unrepresentable: 'any' }) as JsonSchema, // the parts of it that are read here
  '',
)
const table = rowsOf('## Configuration', '### Environment variables')

describe('docs/running.md', () => {
  it('lists every setting of the schema, and no other', () => {
    assert.deepEqual([...table.keys()].sort(), settings.map(({ name }) => nameInTable(name)).sort())
  })

  for (const { name, schema } of settings) {
    const values = [schema.default, schema.minimum, schema.maximum, schema.maxItems, schema.maxLength]
    const words = values.filter((value) => typeof value === 'number' || typeof value === 'string').map(String)
    if (words.length === 0) continue
    it(`tells the default and the range of ${name}`, () => {
      const said = (table.get(nameInTable(name)) ?? []).join(' ').split(/[\s`,]+/)
      for (const word of words) assert.ok(said.includes(word), `${word} in: ${said.join(' ')}`)
    })
  }

  it('lists every environment variable that is read, and no other', () => {
    const files = globSync('src/{config,main}/**/*.ts', { cwd: ROOT })
    const read = files.flatMap((file) =>
      [
        ...readFileSync(path.join(ROOT, file), 'utf8').matchAll(
          /(?:text\(|json\(|environment\[|readPort\(environment, )'([A-Z_]+)'/g,
        ),
      ].map((match) => match[1] ?? ''),
    )
    const part = RUNNING.slice(
      RUNNING.indexOf('### Environment variables'),
      RUNNING.indexOf('### Several accounts'),
    )
    const named = [...part.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map((match) => match[1] ?? '')
    const ofTheLauncher = ['NODE_COMPILE_CACHE']
    assert.deepEqual([...new Set(named)].sort(), [...new Set([...read, ...ofTheLauncher])].sort())
  })
})

const KEY = createHash('sha256').update('a key').digest('base64')
const SECRET = 'Kj3-Wt7vKx2mQz9rLb4hNd6s'
const VALUES: Readonly<Record<string, string>> = {
  SPRINGBAR_KEY: KEY,
  SPRINGBAR_USERNAME: 'my-company',
  SPRINGBAR_APPLICATION_ID: 'my-app',
}

/** A block of JSON with a value for each `${NAME}` in it. */
const filled = (text: string): Readonly<Record<string, unknown>> =>
  JSON.parse(text.replace(/\$\{(\w+)\}/g, (_, name: string) => VALUES[name] ?? `${name}-${SECRET}`))

describe('an example of a configuration', () => {
  for (const file of ['README.md', 'docs/running.md']) {
    it(`in ${file} is accepted as it stands`, () => {
      const block = readPage(file).code.find(({ text }) => text.includes('"publicUrl"'))
      assert.ok(block)
      const config = parseConfig({ keys: [{ id: 'k1', key: KEY }], ...filled(block.text) }, RULES)
      assert.equal(config.applications[0]?.id, 'my-app')
      assert.deepEqual([...(config.applications[0]?.clients.keys() ?? [])], ['strava'])
    })
  }

  it('in a page about a source is accepted as the clients of an application', () => {
    const blocks = globSync('docs/sources/*.md', { cwd: ROOT }).flatMap((file) =>
      readPage(file).code.filter(({ language }) => language === 'json'),
    )
    assert.ok(blocks.length >= 3)
    for (const { text } of blocks) {
      const application = { id: 'my-app', name: 'My App', secrets: [SECRET], clients: filled(text) }
      const config = parseConfig(
        {
          publicUrl: 'https://connect.example.org',
          database: 'sqlite:springbar.db',
          keys: [{ id: 'k1', key: KEY }],
          accounts: [{ username: 'my-company', passwords: [SECRET], applications: [application] }],
        },
        RULES,
      )
      assert.ok((config.applications[0]?.clients.size ?? 0) > 0, text)
    }
  })
})
