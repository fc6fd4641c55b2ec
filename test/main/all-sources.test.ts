// Goal: what an operator put in for nothing is told at the start. Method: configurations with logos of sources that there
// are and that there are not.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConfigError } from '../../src/config/index.ts'
import { allSources } from '../../src/main/all-sources.ts'
import type { Logo } from '../../src/model/presentation.ts'
import { sources } from '../../src/sources/index.ts'

const logo: Logo = { mediaType: 'image/png', bytes: new Uint8Array() }

/** What is wrong with logos of these keys. */
function problemsWith(...keys: readonly string[]): readonly string[] {
  try {
    assert.deepEqual(
      [...allSources({ sources: [], logos: new Map(keys.map((key) => [key, logo])) })],
      [...sources],
    )
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems
  }
}

describe('all sources', () => {
  test('have the logos of the configuration, and none is left over', () => {
    assert.deepEqual(problemsWith(), [])
    assert.deepEqual(problemsWith('strava', 'withings'), [])
    assert.deepEqual(problemsWith('strava', 'stravva', 'google'), [
      'logosFolder: the logo stravva belongs to no source.',
      'logosFolder: the logo google belongs to no source.',
    ])
  })
})
