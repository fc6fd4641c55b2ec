// Goal: contrast is what WCAG says, and the nearest shade of a colour is one that does, of the same hue, and not further
// away than it must be. Method: published figures; every grey; random colours and grounds.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  asColour,
  BLACK,
  type Colour,
  colour,
  contrast,
  holdsOn,
  luminance,
  mix,
  nearestShade,
  readableOn,
  WHITE,
} from '../../src/model/contrast.ts'
import '../support/fixed-seed.ts'

const anyColour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((n) => colour(`#${n.toString(16).padStart(6, '0')}`))

const grey = (value: number): Colour => colour(`#${value.toString(16).padStart(2, '0').repeat(3)}`)
const GREYS = Array.from({ length: 256 }, (_, value) => grey(value))

describe('a colour', () => {
  test('is # and six hex digits, in either case, and nothing else', () => {
    assert.equal(asColour('#0D5c56'), '#0d5c56')
    for (const text of [
      '',
      '#',
      '0d5c56',
      '#0d5',
      '#0d5c5',
      '#0d5c56ff',
      '#0d5c5g',
      ' #0d5c56',
      '#0d5c56 ',
      '#0d5c56\n',
      '#0d5c56;}',
      'red',
      'rgb(1,2,3)',
      'var(--x)',
      '#٠٠٠٠٠٠',
    ])
      assert.equal(asColour(text), null, JSON.stringify(text))
    assert.throws(() => colour('red'), TypeError)
  })
})

describe('contrast', () => {
  // From WebAIM's checker and the examples of WCAG's technique G18.
  for (const [one, other, expected] of [
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4],
    ['#0000ff', '#ffffff', 8.59],
    ['#949494', '#ffffff', 3.03],
    ['#595959', '#ffffff', 7],
  ] as const)
    test(`of ${one} on ${other} is ${expected}`, () => {
      assert.ok(Math.abs(contrast(colour(one), colour(other)) - expected) < 0.01)
    })

  test('of greys grows with every step away, and white has the luminance 1', () => {
    assert.equal(luminance(BLACK), 0)
    assert.ok(Math.abs(luminance(WHITE) - 1) < 1e-9)
    for (const [value, one] of GREYS.entries()) {
      const darker = GREYS[value - 1]
      if (darker !== undefined) assert.ok(contrast(darker, WHITE) > contrast(one, WHITE))
    }
  })

  test('is the same both ways, from 1 to 21', () => {
    fc.assert(
      fc.property(anyColour, anyColour, (one, other) => {
        const found = contrast(one, other)
        assert.equal(found, contrast(other, one))
        assert.ok(found >= 1 && found <= 21)
      }),
    )
  })

  test('black or white can be read on every colour', () => {
    for (const ground of GREYS) assert.ok(contrast(readableOn(ground), ground) >= 4.5, ground)
    fc.assert(fc.property(anyColour, (ground) => contrast(readableOn(ground), ground) >= 4.5))
  })

  test('a mixture lies between its two colours', () => {
    assert.equal(mix(BLACK, WHITE, 0), BLACK)
    assert.equal(mix(BLACK, WHITE, 1), WHITE)
    assert.equal(mix(BLACK, WHITE, 0.5), '#808080')
  })
})

describe('the nearest shade', () => {
  test('is the colour itself where that does', () => {
    fc.assert(fc.property(anyColour, (one) => nearestShade(one, () => true) === one))
  })

  test('does, whatever the colour and the ground', () => {
    fc.assert(
      fc.property(anyColour, anyColour, fc.constantFrom(3, 4.5), (one, ground, needed) => {
        const found = nearestShade(one, (candidate) => holdsOn(candidate, [ground], needed))
        assert.ok(found !== null && contrast(found, ground) >= needed, `${one} on ${ground}: ${found}`)
      }),
    )
  })

  test('is hardly better than it must be: the way there was not too long', () => {
    fc.assert(
      fc.property(anyColour, fc.constantFrom(WHITE, BLACK), (one, ground) => {
        const found = nearestShade(one, (candidate) => holdsOn(candidate, [ground], 4.5))
        assert.ok(found === one || (found !== null && contrast(found, ground) < 4.75), `${one}: ${found}`)
      }),
    )
  })

  test('lies on the nearer side, where both would do', () => {
    const ground = grey(0x76)
    const shadeOf = (value: number) =>
      nearestShade(grey(value), (candidate) => holdsOn(candidate, [ground], 3)) ?? ''
    assert.ok(shadeOf(0xcc) > '#cccccc' && shadeOf(0xcc) < '#dddddd', shadeOf(0xcc))
    assert.ok(shadeOf(0x33) < '#333333' && shadeOf(0x33) > '#111111', shadeOf(0x33))
  })

  test('of a grey is a grey, of a red a red', () => {
    const onWhite = (one: Colour) => nearestShade(one, (candidate) => holdsOn(candidate, [WHITE], 4.5)) ?? ''
    assert.match(onWhite(grey(0xaa)), /^#(..)\1\1$/)
    const [, red = '', green = '', blue = ''] = /^#(..)(..)(..)$/.exec(onWhite(colour('#ff8a80'))) ?? []
    assert.ok(red > green && red > blue)
  })

  test('is none where none does', () => {
    assert.equal(
      nearestShade(WHITE, () => false),
      null,
    )
    const impossible = (candidate: Colour) => holdsOn(candidate, [WHITE, BLACK], 4.7)
    assert.equal(nearestShade(colour('#777777'), impossible), null)
  })
})
