// Goal: a session token cannot be guessed, survives the way clients cut it out of a URL, and nothing else parses as one.
// Method: tables of malformed tokens, property tests, and random bytes from deterministic generators.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { formatSessionToken, newSessionToken, parseSessionToken } from '../../src/model/session-token.ts'

const runs = { seed: 20_260_802, numRuns: 2_000 }

/** Bytes that look random and are the same in each run: SHA-256 over a counter. */
function replayableRandom(): (byteLength: number) => Uint8Array {
  let counter = 0
  return (byteLength) => {
    const blocks: Buffer[] = []
    for (let length = 0; length < byteLength; length += 32) {
      blocks.push(createHash('sha256').update(`token ${counter++}`).digest())
    }
    return new Uint8Array(Buffer.concat(blocks)).subarray(0, byteLength)
  }
}

/** Answers each draw with the same 32-bit word, over and over. */
const always = (word: number) => (byteLength: number) => {
  const bytes = new Uint8Array(byteLength)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < byteLength; i += 4) view.setUint32(i, word)
  return bytes
}

const good = '1734509912000042X552018447730192664500112233445566778899'

describe('a new session token', () => {
  it('has 16 digits, an X and 39 digits', () => {
    const random = replayableRandom()
    for (let i = 0; i < 1_000; i++) {
      assert.match(formatSessionToken(newSessionToken(random)), /^\d{16}X\d{39}$/)
    }
  })

  it('needs no encoding in a URL and comes out of one by split', () => {
    const token = formatSessionToken(newSessionToken(replayableRandom()))
    assert.equal(encodeURIComponent(token), token)
    const url = `https://connect.example.org/?connectionSessionToken=${token}&platform=web&lang=de`
    assert.equal(url.split('connectionSessionToken=')[1]?.split('&')[0], token)
  })

  it('is another one each time, in both halves', () => {
    const random = replayableRandom()
    const tokens = Array.from({ length: 10_000 }, () => newSessionToken(random))
    assert.equal(new Set(tokens.map(({ lookup }) => lookup)).size, tokens.length)
    assert.equal(new Set(tokens.map(({ secret }) => secret)).size, tokens.length)
  })

  it('favours no digit at any place', () => {
    const random = replayableRandom()
    const tokens = 20_000
    const counts = Array.from({ length: 55 }, () => new Array<number>(10).fill(0))
    for (let i = 0; i < tokens; i++) {
      const { lookup, secret } = newSessionToken(random)
      for (const [place, digit] of [...(lookup + secret)].entries()) {
        const row = counts[place] ?? assert.fail()
        row[Number(digit)] = (row[Number(digit)] ?? 0) + 1
      }
    }
    const expected = tokens / 10
    for (const [place, row] of counts.entries()) {
      const chiSquare = row.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
      // 9 degrees of freedom: 33.7 is passed once in 10,000 places; the generator is fixed, so this never flickers
      assert.ok(chiSquare < 33.7, `place ${place}: ${chiSquare.toFixed(1)} from ${row}`)
    }
  })

  it('shares no digits with its neighbour beyond chance', () => {
    const random = replayableRandom()
    let equal = 0
    let last = newSessionToken(random)
    for (let i = 0; i < 1_000; i++) {
      const next = newSessionToken(random)
      for (const [place, digit] of [...next.lookup].entries()) equal += Number(last.lookup[place] === digit)
      last = next
    }
    // a tenth of 16,000 places, give or take six standard deviations (38 each)
    assert.ok(Math.abs(equal - 1_600) < 228, `${equal} equal places`)
  })

  it('draws a word again when using it would favour the low digits', () => {
    assert.equal(newSessionToken(always(3_999_999_999)).lookup, '9999999999999999')
    assert.equal(newSessionToken(always(7)).lookup, '0000000070000000')
    assert.throws(() => newSessionToken(always(4_000_000_000)), RangeError)
    let draws = 0
    const token = newSessionToken((n) => (draws++ === 0 ? always(0xffff_ffff)(n) : always(123_456_789)(n)))
    assert.equal(draws, 2)
    assert.equal(token.lookup, '1234567891234567')
  })

  it('is not made from a source that gives too few bytes', () => {
    assert.throws(() => newSessionToken(() => new Uint8Array(0)), RangeError)
    assert.throws(() => newSessionToken((n) => new Uint8Array(n / 2).fill(0xff)), RangeError)
  })

  it('reads its bytes where they lie in a larger buffer', () => {
    const random = (n: number) => new Uint8Array(new Uint8Array(n + 8).fill(1).buffer, 8, n).fill(0)
    assert.equal(newSessionToken(random).lookup, '0000000000000000')
  })
})

describe('reading a session token', () => {
  it('gives its two halves', () => {
    assert.deepEqual(parseSessionToken(good), { lookup: good.slice(0, 16), secret: good.slice(17) })
  })

  it('gives back what was formatted, and formats back what was read', () => {
    const digits = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
    fc.assert(
      fc.property(digits(16), digits(39), (lookup, secret) => {
        const text = formatSessionToken({ lookup, secret })
        assert.deepEqual(parseSessionToken(text), { lookup, secret })
      }),
      runs,
    )
  })

  it('is null for every other string', () => {
    const wrong = [
      '',
      'X',
      good.slice(1),
      good.slice(0, -1),
      `${good}0`,
      `0${good}`,
      good.toLowerCase(),
      good.replace('X', '0'),
      good.replace('X', 'XX'),
      good.replace('X', '\u0425'),
      `X${good.replace('X', '')}`,
      `${good} `,
      ` ${good}`,
      `${good}\n`,
      `${good.slice(0, -1)}\n`,
      `\n${good.slice(1)}`,
      `${good.slice(0, -1)}\0`,
      good.replace('1', '\u0661'),
      good.replace('1', '\uff11'),
      good.replace('1', '\u00b9'),
      good.replace('1', '\u0967'),
      `+${good.slice(1)}`,
      `-${good.slice(1)}`,
      `${good.slice(0, -2)}.5`,
      `${good.slice(0, -2)}e9`,
      `${good.slice(0, -3)}%30`,
      `${good}&`,
      `${good},${good}`,
      good.repeat(2),
      'a'.repeat(56),
      '0'.repeat(56),
      '0'.repeat(1_000_000),
      'null',
      '[object Object]',
    ]
    for (const value of wrong)
      assert.equal(parseSessionToken(value), null, JSON.stringify(value.slice(0, 80)))
  })

  it('is null for everything that is not a string', () => {
    const values = [
      undefined,
      null,
      0,
      1e55,
      1n,
      true,
      {},
      [],
      [good],
      new String(good),
      () => good,
      Symbol('x'),
    ]
    for (const value of [...values, { toString: () => good, length: 56 }]) {
      assert.equal(parseSessionToken(value), null)
    }
  })

  it('is null after any change of one character to something else than a digit at its place', () => {
    fc.assert(
      fc.property(
        fc.nat(55),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        (place, character) => {
          const text = good.slice(0, place) + character + good.slice(place + 1)
          const isToken = place === 16 ? character === 'X' : /^[0-9]$/.test(character)
          assert.equal(parseSessionToken(text) !== null, isToken)
        },
      ),
      runs,
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string({ unit: 'binary' })), (value) => {
        const token = parseSessionToken(value)
        assert.ok(token === null || formatSessionToken(token) === value)
      }),
      runs,
    )
  })
})
