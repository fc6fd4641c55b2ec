// Goal: a source is data; no line of the engine knows a vendor, in code or in a comment.
// Method: look for the keys, names and brands of every source of the registry in the engine's files.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite, test } from 'node:test'
import { sources } from '../../src/sources/index.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const ENGINE = 'src/{oauth,broker,http,storage,pages,webhooks,vault,model,config}/**'

/** First words of names that have another meaning too; "-apple-system" is a font. */
const PLAIN_WORDS = ['apple', 'health', 'ride', 'sensor']

/** Short names occur inside other words ("oura" in "encouraging"), so a boundary must stand on both sides. */
const SHORT = 5

function brandsOf({ key, name }: { key: string; name: string }): readonly string[] {
  const [first = ''] = key.split('-')
  const spellings = [key, key.replaceAll('-', ''), key.replaceAll('-', '_'), name.toLowerCase(), first]
  return spellings.filter((spelling) => !PLAIN_WORDS.includes(spelling))
}

function patternOf(brand: string): RegExp {
  const literal = brand.replaceAll('.', '\\.')
  if (brand.length > SHORT) return new RegExp(literal, 'i')
  const capital = `${literal.charAt(0).toUpperCase()}${literal.slice(1)}`
  return new RegExp(`(?<![a-zA-Z])${literal}(?![a-z])|${capital}(?![a-z])|${literal.toUpperCase()}`)
}

const patterns = new Map(
  Array.from(sources.values())
    .flatMap(brandsOf)
    .map((brand) => [brand, patternOf(brand)] as const),
)

function brandsIn(text: string): readonly string[] {
  return Array.from(patterns)
    .filter(([, pattern]) => pattern.test(text))
    .map(([brand]) => brand)
}

suite('the engine', () => {
  test('names no source in any of its files', () => {
    const files = globSync(ENGINE, { cwd: ROOT, withFileTypes: true }).filter((entry) => entry.isFile())
    assert.ok(files.length > 50)
    const named = files.flatMap((entry) => {
      const file = path.join(entry.parentPath, entry.name)
      return readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          brandsIn(line).map((brand) => `${path.relative(ROOT, file)}:${index + 1} ${brand}`),
        )
    })
    assert.deepEqual(named, [])
  })

  for (const line of [
    "if (source.key === 'strava') return",
    'const isStrava = true',
    '// Withings answers 200 for errors',
    'const GOOGLE_HEALTH = 1',
    'refreshFitbitToken()',
    "case 'oura':",
    'const ouraRing = 18',
    'const isOura = true',
    "vendor === 'apple-health'",
  ]) {
    test(`would be caught with: ${line}`, () => {
      assert.notDeepEqual(brandsIn(line), [])
    })
  }

  for (const line of [
    'an encouraging word',
    'font-family: -apple-system',
    'health data',
    'a ride in the country',
    'the sensor of a watch',
    'bipolar',
  ]) {
    test(`may say: ${line}`, () => {
      assert.deepEqual(brandsIn(line), [])
    })
  }
})
