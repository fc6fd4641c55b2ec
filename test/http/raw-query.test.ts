// Goal: a parameter that decides something has one reading or none.
// Method: tables of queries, and a comparison with a plain model over arbitrary ones.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { rawQueryOf, readQueryParameter } from '../../src/http/raw-query.ts'

const runs = { seed: 20_260_803, numRuns: 2_000 }
const read = (rawQuery: string) => {
  const found = readQueryParameter(rawQuery, 'token')
  return found.kind === 'value' ? `=${found.value}` : found.kind
}

describe('the raw query of a request target', () => {
  it('is what stands behind the first "?", untouched', () => {
    for (const [target, query] of [
      ['/', ''],
      ['/?', ''],
      ['/a?b=1', 'b=1'],
      ['/a?b=1?c=2', 'b=1?c=2'],
      ['/a?b=%20+\t"#x', 'b=%20+\t"#x'],
      ['https://h/a?b', 'b'],
      ['', ''],
    ] as const) {
      assert.equal(rawQueryOf(target), query, target)
    }
  })
})

describe('a query parameter', () => {
  it('that stands there once has its value, decoded once', () => {
    for (const [query, value] of [
      ['token=1', '1'],
      ['token=', ''],
      ['token', ''],
      ['a=1&token=2&b=3', '2'],
      ['&&token=2&&', '2'],
      ['=&token=1', '1'],
      ['a&b&c&token', ''],
      ['token==', '='],
      ['token=a=b', 'a=b'],
      ['token=a?b', 'a?b'],
      ['token=a%20b+c%2B', 'a b c+'],
      ['token=%2541', '%41'],
      ['token=%26token%3D2', '&token=2'],
      ['token=a;token=b', 'a;token=b'],
      ['x=token&token=1', '1'],
      ['x=&=token&token=1', '1'],
      ['tokens=2&tok=3&token=1&mytoken=4&token_=5&token.x=6&xtoken[]=7', '1'],
      ['token=1&%zz=2&%ff&token%zz=3', '1'],
      ['token=\u0001\t', '\u0001\t'],
    ] as const) {
      assert.deepEqual(readQueryParameter(query, 'token'), { kind: 'value', value }, query)
    }
  })

  it('that is not there is absent, whatever resembles it', () => {
    for (const query of [
      '',
      '&',
      '=',
      '=token',
      'a=token',
      'a=1&b',
      'tokens=1',
      'xtoken=1',
      'Token=1',
      'TOKEN=1',
      'tok=en',
      '?token=1',
      'x[token]=1',
      'token =1',
      '%20token=1',
    ]) {
      assert.equal(read(query), 'absent', query)
    }
  })

  it('that stands there more than once, as an array or under an encoded name is repeated', () => {
    for (const query of [
      'token=1&token=1',
      'token=1&token=2',
      'token=1&token',
      'token&token',
      'token=&token=1',
      'token=1&x=2&token=3&token=4',
      'token[]=1',
      'token[0]=1',
      'token[a][b]=1',
      'token[=1',
      'token[]',
      'token[%zz=1',
      'token%5B%5D=1',
      'token%5b0%5d=1',
      'token=1&token[]=2',
      'token[]=2&token=1',
      'token=1&token%5B%5D=2',
      '%74oken=1',
      'token=1&%74oken=2',
      'toke%6e=2&token=1',
      '%74%6f%6b%65%6e%5B=1',
      'token=%zz&token=1',
    ]) {
      assert.equal(read(query), 'repeated', query)
    }
  })

  it('whose encoding is broken is malformed', () => {
    for (const value of [
      '%',
      '%2',
      '%zz',
      '%ff',
      '%c0%af',
      '%ed%a0%80',
      '%e2%82',
      'ä',
      'Ã¤',
      '\ud800',
      'a%',
      '%u0041',
    ]) {
      assert.equal(read(`token=${value}`), 'malformed', value)
      assert.equal(read(`a=1&token=${value}&b=2`), 'malformed', value)
      assert.equal(read(`token=1&b=${value}`), '=1', value)
    }
  })

  it('is read the same way under each name that the pages use', () => {
    const query = 'token=1&dataSource=2&redirect_uri=3&state=4&code=5&direct=true'
    for (const [name, value] of new URLSearchParams(query)) {
      assert.deepEqual(readQueryParameter(query, name), { kind: 'value', value })
      assert.deepEqual(readQueryParameter(`${query}&${name}=x`, name), { kind: 'repeated' })
    }
  })

  it('agrees with a plain model for any query', () => {
    const name = fc.constantFrom('token', 'token', 'tokens', 'tok', '', 'a', '%zz', 'x%5B')
    const value = fc.constantFrom('', '1', '%41', 'a=b', 'token', '%', '+')
    const pair = fc.oneof(
      name,
      fc.tuple(name, value).map(([n, v]) => `${n}=${v}`),
    )
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), (pairs) => {
        const hits = pairs.filter((text) => text.split('=', 1)[0] === 'token')
        const raw = (hits[0] ?? '').slice('token='.length)
        const decoded = raw === '%' ? 'malformed' : `=${raw.replace('+', ' ').replace('%41', 'A')}`
        const expected = ['absent', decoded][hits.length] ?? 'repeated'
        assert.equal(read(pairs.join('&')), expected)
      }),
      runs,
    )
  })

  it('agrees with the platform whenever it has a value, and never throws', () => {
    const text = fc.string({
      unit: fc.constantFrom('&', '=', '%', '+', '2', '5', 'b', '[', ';', '?', 'token', 'x'),
    })
    fc.assert(
      fc.property(text, (query) => {
        const found = readQueryParameter(query, 'token')
        // a leading "?" belongs to the name here; URLSearchParams would drop it
        const values = new URLSearchParams(`&${query}`).getAll('token')
        if (found.kind === 'value') assert.deepEqual(values, [found.value])
        if (found.kind === 'absent') assert.deepEqual(values, [])
      }),
      runs,
    )
  })
})
