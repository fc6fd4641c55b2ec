// Goal: a vendor's JSON is read without loss and without ambiguity. Method: cases at the edges, and generated documents
// that must read the same as with the platform's parser.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseJson, valueAt } from '../../src/oauth/json.ts'
import '../support/fixed-seed.ts'

describe('parsing JSON', () => {
  test('an integer that a number cannot hold becomes the string of its digits, at any depth', () => {
    const text =
      '{"id": 9007199254740993, "deep": [{"n": -123456789012345678901234567890}], "ok": 9007199254740991}'
    assert.deepEqual(parseJson(text).value, {
      id: '9007199254740993',
      deep: [{ n: '-123456789012345678901234567890' }],
      ok: 9007199254740991,
    })
  })

  test('digits inside of strings, fractions and exponents are left alone', () => {
    const text = String.raw`{"a": "9007199254740993", "b \" 9007199254740993": 1.5, "c": 1e30, "d": "\\"}`
    assert.deepEqual(parseJson(text).value, JSON.parse(text))
  })

  for (const text of [
    '{"a": 1, "a": 2}',
    '{"a": 1, "\\u0061": 2}',
    '[{"x": {"a": 1, "b": [], "a" : 1}}]',
    '{"__proto__": 1, "__proto__": 2}',
    '{"": 1, "": 1}',
  ]) {
    test(`a member named twice is noticed: ${text}`, () => assert.equal(parseJson(text).duplicate, true))
  }

  for (const text of [
    '{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}',
    '{"a": "a", "b": "a\\":"}',
    '["a", "a"]',
    '{"a": 1, "A": 2}',
  ]) {
    test(`the same name in different places is none: ${text}`, () =>
      assert.equal(parseJson(text).duplicate, false))
  }

  for (const text of [
    '',
    '{',
    '{"a":1',
    '{"a":01}',
    '\uFEFF{}',
    "{'a':1}",
    '{"a":1}}',
    'NaN',
    '<html>',
    '{"a":"\n"}',
  ]) {
    test(`what is not JSON throws: ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseJson(text), SyntaxError))
  }

  test('any document without large integers reads as the platform reads it, and none has a member twice', () => {
    const safe = fc.jsonValue().filter((value) => !/\d{16}/.test(JSON.stringify(value)))
    fc.assert(
      fc.property(safe, fc.constantFrom(0, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        assert.deepEqual(parseJson(text), { value: JSON.parse(text), duplicate: false })
      }),
    )
  })

  test('a document of the largest size that we read, however deep or wide, is read or refused without a crash', () => {
    const size = 256 * 1024
    const deep = '['.repeat(size / 2) + ']'.repeat(size / 2)
    const text = JSON.stringify({ long: 'x"\\'.repeat(size / 8) })
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i])))
    for (const document of [deep, text, wide]) {
      try {
        assert.equal(parseJson(document).duplicate, false)
      } catch (error) {
        assert.ok(error instanceof RangeError)
      }
    }
  })
})

describe('the value at a path', () => {
  const data = { a: { b: [{ c: 7 }] }, n: null, s: 'text' }
  const cases: readonly [path: string, value: unknown][] = [
    ['a.b.0.c', 7],
    ['n', null],
    ['s', 'text'],
    ['s.length', undefined],
    ['a.b.1', undefined],
    ['a.b.length', 1],
    ['n.x', undefined],
    ['missing', undefined],
    ['constructor', undefined],
    ['a.__proto__', undefined],
    ['toString.name', undefined],
  ]
  for (const [path, value] of cases) {
    test(`${path} is ${JSON.stringify(value)}`, () => assert.equal(valueAt(data, path), value))
  }
})
