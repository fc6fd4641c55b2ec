// Goal: the reference of the SDK says what the package really exports, with a word about each. Method: it is made anew from the
// built declarations and compared; the names are those that the modules have when they are loaded.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { readSdk, SDK_REFERENCE, sdkReference } from '../../tools/sdk-reference.ts'

describe('the reference of the SDK', () => {
  const entries = readSdk()

  test('is what the docstrings make it (npm run docs)', () => {
    assert.equal(readFileSync(SDK_REFERENCE, 'utf8'), sdkReference(entries))
  })

  for (const { name, declarations } of entries)
    test(`${name}: every export has a docstring, and none is missing`, async () => {
      assert.deepEqual(
        declarations.filter(({ text }) => text === '').map((one) => one.name),
        [],
      )
      const isValue = (kind: string) => kind === 'function' || kind === 'class' || kind === 'const'
      const values = declarations.filter(({ kind }) => isValue(kind)).map((one) => one.name)
      assert.deepEqual(values.toSorted(), Object.keys(await import(name)).toSorted())
    })
})
