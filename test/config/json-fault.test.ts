// Goal: whoever broke the JSON of a file is told where, and no word of the file is repeated. Method: texts that are broken in the
// ways in which people break them, and every beginning of a text that is in order.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { placeOfFault } from '../../src/config/json-fault.ts'

/** Each with a mark where it stops being JSON. */
const BROKEN = [
  '{"a": 1,\n  "b": 2\n  ▲"c": 3}',
  '{"a": 1,\n▲}',
  '[1, 2, ▲]',
  '{"a" ▲1}',
  '{▲a: 1}',
  "{▲'a': 1}",
  '{"a": ▲True}',
  '{"a": ▲.5}',
  '{"a": 0▲1}',
  '{"a": ▲"no end\n}',
  '{"a": ▲"C:\\data"}',
  '{"a": 1} ▲{"b": 2}',
  '{"a": 1}\n▲// a remark',
  '{"a": {"b": [1, {"c": null▲',
  '▲',
  '▲\uFEFF{}',
]

describe('where a text stops being JSON', () => {
  for (const marked of BROKEN)
    it(JSON.stringify(marked), () => {
      const [before = '', after = ''] = marked.split('▲')
      const text = before + after
      assert.throws(() => JSON.parse(text))
      const lines = before.split('\n')
      assert.equal(placeOfFault(text), `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`)
    })

  it('a text that ends too early stops within its last word', () => {
    const whole = JSON.stringify({ a: [1.5e3, true, null, 'x"\\\u0007'], b: { c: {}, d: [] }, e: -0 })
    for (let end = 1; end < whole.length; end++) {
      const column = Number(/\d+$/.exec(placeOfFault(whole.slice(0, end)))?.[0])
      assert.ok(column <= end + 1 && column > end - 12, `${whole.slice(0, end)} stops at ${column}`)
    }
  })

  it('a text of a million brackets is no trouble', () => {
    assert.match(placeOfFault('['.repeat(1_000_000)), /^line 1, column \d+$/)
  })
})
