// Goal: every built-in definition keeps the rules that an operator's file must keep. Method: all of the registry.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceProblems } from '../../src/model/source-rules.ts'
import { sources } from '../../src/sources/index.ts'

for (const source of sources.values())
  test(`${source.key} keeps the rules of a definition`, () => {
    assert.deepEqual(sourceProblems(source), [])
  })
