// Goal: one reading of an encoded component, and none of a broken one.
// Method: tables of escapes, and a comparison with the encoder over arbitrary text.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeFormComponent, percentDecode } from '../../src/model/form-encoding.ts'

const runs = { seed: 20_260_801, numRuns: 1_000 }

describe('a form component', () => {
  it('is decoded exactly once, with "+" as a space', () => {
    for (const [raw, value] of [
      ['', ''],
      ['abc-._~!', 'abc-._~!'],
      ['a+b', 'a b'],
      ['a%20b%2Bc', 'a b+c'],
      ['%2541', '%41'],
      ['%c3%a4%C3%A4', 'ää'],
      ['%F0%9F%98%80', '😀'],
      ['%EF%BB%BFx', '\ufeffx'],
      ['%00', '\0'],
      ['a b\t', 'a b\t'],
    ] as const) {
      assert.equal(decodeFormComponent(raw), value, raw)
    }
  })

  it('is nothing when an escape is malformed or not UTF-8', () => {
    const broken = '% %2 %zz %G0 %% %u0041 %-1 a%'.split(' ')
    const notUtf8 =
      '%80 %bf %ff %fe %c0%80 %c0%af %c1%bf %e0%80%af %e0%9f%bf %f0%80%80%af %c3 %c3x %e2%82 %f0%9f%98 %ed%a0%80 %ed%bf%bf %f4%90%80%80 %f5%80%80%80 %f8%88%80%80%80'.split(
        ' ',
      )
    for (const raw of [...broken, ...notUtf8]) {
      assert.equal(decodeFormComponent(raw), null, raw)
      assert.equal(decodeFormComponent(`x${raw}&`), null, raw)
    }
  })

  it('is nothing when a raw character above ASCII stands in it', () => {
    for (const raw of ['ä', 'Ã¤', '\u0080', '€', '\ud83d\ude00', '\ud800', 'a%20ä']) {
      assert.equal(decodeFormComponent(raw), null, raw)
    }
  })

  it('gives back whatever text was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(decodeFormComponent(encodeURIComponent(text)), text)
        assert.equal(decodeFormComponent(new URLSearchParams({ '': text }).toString().slice(1)), text)
      }),
      runs,
    )
  })

  it('agrees with the platform wherever it gives a value at all', () => {
    const noisy = fc.string({ unit: fc.constantFrom(...'%+2fFcC3aAbB48eE90xX=') })
    fc.assert(
      fc.property(noisy, (raw) => {
        const value = decodeFormComponent(raw)
        if (value === null) return
        const pair = raw.replaceAll('=', '%3D')
        assert.equal(new URLSearchParams(`k=${pair}`).get('k'), value)
      }),
      runs,
    )
  })
})

describe('percent-decoding alone', () => {
  it('leaves a "+" as it is', () => {
    assert.equal(percentDecode('a+b%2B'), 'a+b+')
    assert.equal(percentDecode('%'), null)
  })
})
