// Goal: colours that would be hard to read are refused with what would do, and what would do does.
// Method: single mistakes with their sentences; random colours, whose suggestions are followed until nothing is wrong.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  COLOUR_NAMES,
  type Colours,
  OWN_COLOURS,
  PLAIN_SETTINGS,
  SCHEMES,
  type Scheme,
} from '../../src/model/appearance.ts'
import {
  type ContrastProblem,
  contrastProblems,
  contrastSentence,
  pairOf,
  wholeColours,
} from '../../src/model/appearance-colours.ts'
import { type Colour, colour, contrast } from '../../src/model/contrast.ts'
import '../support/fixed-seed.ts'

type Given = { readonly [Name in keyof Colours]?: string }

const coloursOf = (given: Given): Colours => ({
  ...PLAIN_SETTINGS.colours.light,
  ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, colour(value)])),
})

const look = (light: Given, dark: Given = {}) => ({
  colours: { light: coloursOf(light), dark: coloursOf(dark) },
})

const sentences = (light: Given, dark: Given = {}) =>
  contrastProblems(look(light, dark)).map(contrastSentence)

describe('the colours of an application', () => {
  test('our own hold, and nothing that is left out is wrong', () => {
    assert.deepEqual(contrastProblems(PLAIN_SETTINGS), [])
    for (const scheme of SCHEMES) assert.deepEqual(wholeColours(PLAIN_SETTINGS, scheme), OWN_COLOURS[scheme])
  })

  test('a text that is too pale is refused on both grounds, with the nearest that does', () => {
    assert.deepEqual(sentences({ text: '#999999' }), [
      'light.text on light.background (#999999 on #f2f3ef) has a contrast of 2.55, and 4.5 is needed; the nearest text that does is #6f6f6f',
      'light.text on light.surface (#999999 on #ffffff) has a contrast of 2.84, and 4.5 is needed; the nearest text that does is #6f6f6f',
    ])
  })

  test('where the ground was given and the text is ours, the ground is what has to change', () => {
    const [problem] = contrastProblems(look({}, { surface: '#dddddd' }))
    assert.equal(problem?.change, 'surface')
    assert.equal(pairOf(problem), 'dark.text on dark.surface')
    assert.ok(problem.suggestion !== null)
    assert.deepEqual(contrastProblems(look({}, { surface: problem.suggestion })), [])
  })

  test('the words on a button are judged where they were given, and else made to fit', () => {
    const [problem, ...more] = contrastProblems(look({ accent: '#c2185b', accentText: '#222222' }))
    assert.deepEqual(more, [])
    assert.equal(problem && pairOf(problem), 'light.accentText on light.accent')
    assert.equal(wholeColours(look({ accent: '#c2185b' }), 'light').accentText, '#ffffff')
  })

  test('an accent that is lost on the ground is refused at 3 to 1', () => {
    const [problem] = contrastProblems(look({ accent: '#ffd400' }))
    assert.deepEqual([problem?.found, problem?.needed], [1.28, 3])
  })

  test('an accent for one theme makes a shade of it for the other, which holds', () => {
    const given = look({ accent: '#7a0026' })
    const { accent, surface, background } = wholeColours(given, 'dark')
    assert.notEqual(accent, OWN_COLOURS.dark.accent)
    assert.ok(contrast(accent, surface) >= 3 && contrast(accent, background) >= 3)
    assert.deepEqual(contrastProblems(given), [])
  })

  test('where no shade does, it says what else has to change', () => {
    const [problem] = contrastProblems(look({ background: '#000000', surface: '#eeeeee', text: '#777777' }))
    assert.ok(problem !== undefined)
    assert.equal(problem.suggestion, null)
    assert.match(
      contrastSentence(problem),
      /no shade of text does beside the other colours, so surface has to change/,
    )
  })

  test('a contrast is never rounded up to what would have done', () => {
    // 4.478 to 1.
    const [problem] = contrastProblems(look({ background: '#ffffff', text: '#777777' }))
    assert.equal(problem?.found, 4.47)
  })
})

const anyColour = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`)
const anyTheme: fc.Arbitrary<Given> = fc.record(
  Object.fromEntries(COLOUR_NAMES.map((name) => [name, anyColour])),
  { requiredKeys: [] },
)

describe('any colours', () => {
  test('what is called wrong is wrong and was given, and what is not, holds', () => {
    fc.assert(
      fc.property(anyTheme, anyTheme, (light, dark) => {
        const given = look(light, dark)
        const problems = contrastProblems(given)
        for (const { scheme, change, colours, found, needed } of problems) {
          assert.notEqual(given.colours[scheme][change], null)
          assert.ok(contrast(...colours) < needed && found < needed)
        }
        for (const scheme of SCHEMES) {
          if (problems.some((problem) => problem.scheme === scheme)) continue
          const { text, surface, background, accent, accentText } = wholeColours(given, scheme)
          for (const [one, other, needed] of [
            [text, surface, 4.5],
            [text, background, 4.5],
            [accentText, accent, 4.5],
            [accent, surface, 3],
            [accent, background, 3],
          ] as const)
            assert.ok(contrast(one, other) >= needed, `${scheme} ${JSON.stringify(given)}`)
        }
      }),
    )
  })

  test('a suggestion that is followed ends every problem of that colour', () => {
    let followed = 0
    fc.assert(
      fc.property(anyTheme, (light) => {
        const given = look(light)
        const problem = contrastProblems(given).find(({ suggestion }) => suggestion !== null)
        if (problem?.suggestion === undefined || problem.suggestion === null) return
        followed++
        const next = contrastProblems(withColour(given, problem.scheme, problem.change, problem.suggestion))
        assert.deepEqual(next.filter(involves(problem)), [])
      }),
    )
    assert.ok(followed > 20)
  })
})

const involves =
  ({ scheme, change }: ContrastProblem) =>
  (other: ContrastProblem): boolean =>
    other.scheme === scheme && (other.front === change || other.back === change)

const withColour = (
  { colours }: ReturnType<typeof look>,
  scheme: Scheme,
  name: keyof Colours,
  value: Colour,
) => ({ colours: { ...colours, [scheme]: { ...colours[scheme], [name]: value } } })
