// Two promises for any input: nothing but a ConfigError comes out, and no message holds a secret. fast-check spoils a
// configuration whose every secret is distinctive, and feeds JSON of any shape.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { ConfigError, parseConfig, readConfig } from '../../src/config/index.ts'
import { secret } from '../../src/model/secret.ts'
import {
  accountOf,
  configFile,
  configOf,
  fromVariable,
  KEY,
  OTHER_KEY,
  problemsIn,
  problemsOf,
  RULES,
} from './support.ts'
import '../support/fixed-seed.ts'

const CANARY = 'CanaryBird'
const canary = (n: number) => `${CANARY}-${n}-LkRtYbVmXsHdJcGfPe`

/** Everything that is secret in it holds the canary, or is one of the keys. */
const withCanaries = () =>
  configOf({
    database: `postgres://springbar:${canary(1)}@db.example.org/springbar`,
    accounts: [
      accountOf(
        {
          secrets: [canary(2), canary(3)],
          apiKeys: [canary(4), canary(5)],
          clients: { strava: { clientId: 'c', clientSecret: canary(6) } },
        },
        { passwords: [canary(7)] },
      ),
    ],
  })

const leaks = (text: string) =>
  text.includes(CANARY) || text.includes(KEY.slice(0, 12)) || text.includes(OTHER_KEY.slice(0, 12))

type Path = readonly (string | number)[]

/** The way to every value inside, containers included. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))]
}

/** A copy with the value at a path put through `change`. */
function changedAt(value: unknown, [key, ...rest]: Path, change: (value: unknown) => unknown): unknown {
  if (key === undefined) return change(value)
  if (Array.isArray(value))
    return value.map((inner, i) => (String(i) === String(key) ? changedAt(inner, rest, change) : inner))
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([name, inner]) => [
      name,
      name === key ? changedAt(inner, rest, change) : inner,
    ]),
  )
}

/** Ways to get a value wrong that keep what it holds. */
const SPOILINGS: readonly ((value: unknown) => unknown)[] = [
  (value) => [value],
  (value) => [value, value],
  (value) => ({ value }),
  (value) => (typeof value === 'string' ? `${value} ` : value),
  (value) => (typeof value === 'string' ? `${value}\u0000` : value),
  (value) => (typeof value === 'string' ? value.slice(0, 14) : value),
  (value) => (Array.isArray(value) ? [...value, ...value] : value),
  (value) => (typeof value === 'string' ? Number.NaN : value),
]

describe('no secret stands in a message', () => {
  it('however one value of the configuration is spoilt', () => {
    assert.deepEqual(problemsIn(withCanaries()), [])
    let refused = 0
    for (const path of pathsIn(withCanaries()))
      for (const spoil of SPOILINGS) {
        const problems = problemsIn(changedAt(withCanaries(), path, spoil))
        if (problems.length > 0) refused += 1
        assert.ok(!leaks(problems.join('\n')), `${path.join('.')}: ${problems.join('\n')}`)
      }
    assert.ok(refused > 100, `${refused} were refused`)
  })

  it('a key pasted where its id belongs, or without one, is not shown', () => {
    for (const keys of [`${KEY},${KEY}`, `${KEY}:k1,${KEY}:k1`, KEY, `:${KEY}`])
      assert.ok(!leaks(problemsOf(() => readConfig({ SPRINGBAR_KEYS: keys }, RULES)).join('\n')), keys)
    const [pasted] = problemsIn(
      configOf({ keys: [KEY, KEY].map((id) => ({ id: id.slice(0, 20), key: OTHER_KEY })) }),
    )
    assert.equal(pasted, 'keys: the same key id occurs twice.')
  })

  it('a variable that is no JSON is not quoted', () => {
    const problems = problemsOf(() =>
      readConfig({ SPRINGBAR_ACCOUNTS: `[{"passwords":["${canary(1)}"` }, RULES),
    )
    assert.ok(
      problems.includes('SPRINGBAR_ACCOUNTS is not valid JSON: line 1, column 49.'),
      problems.join('\n'),
    )
    assert.ok(!leaks(problems.join('\n')))
  })

  it('a configuration that is printed shows none of the credentials', () => {
    const config = parseConfig(withCanaries(), RULES)
    const printed = `${inspect(config.credentials, { depth: 9 })}${JSON.stringify([config.credentials, config.applications])}`
    assert.ok(!leaks(printed))
    assert.match(printed, /\[secret\]/)
    assert.equal(`${secret(canary(1))}`, '[secret]')
  })
})

describe('any JSON', () => {
  const isConfigError = (read: () => unknown): boolean => {
    try {
      read()
      return true
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.length > 0
      throw error
    }
  }

  it('as a configuration is read or refused, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => isConfigError(() => parseConfig(value, RULES))),
      { numRuns: 300 },
    )
  })

  it('in the place of any setting is read or refused, and nothing else happens', () => {
    const paths = pathsIn(withCanaries())
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) =>
        isConfigError(() =>
          parseConfig(
            changedAt(withCanaries(), path, () => value),
            RULES,
          ),
        ),
      ),
      { numRuns: 500 },
    )
  })

  it('as a file, with objects that hide what every object has, is read or refused', () => {
    const hiding = { toString: 1, valueOf: 1, constructor: null, hasOwnProperty: fromVariable('x') }
    const files = [
      hiding,
      { keys: hiding },
      { keys: [hiding, { key: hiding }] },
      { listen: hiding, publicUrl: hiding },
    ]
    for (const file of [
      ...files,
      JSON.parse('{"__proto__": {"publicUrl": "https://a.example"}, "accounts": [{"__proto__": 1}]}'),
    ])
      assert.ok(isConfigError(() => readConfig({ SPRINGBAR_CONFIG: configFile(file) }, RULES)))
    assert.equal(Object.hasOwn(Object.prototype, 'publicUrl'), false)
  })
})
