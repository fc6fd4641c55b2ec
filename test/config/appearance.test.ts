// Goal: a look in the configuration is read whole, and a bad one keeps the service from starting, in the words of the API.
// Method: configurations with good and bad looks, logo files among them, and what is said about each.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { parseConfig } from '../../src/config/index.ts'
import { limits } from '../../src/limits.ts'
import { textProblem } from '../../src/pages/index.ts'
import { accountOf, configOf, problemsOf, RULES } from './support.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'springbar-look-'))
after(() => rmSync(FOLDER, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(FOLDER, name)
  writeFileSync(path, content)
  return path
}

const read = (appearance: unknown) =>
  parseConfig(configOf({ accounts: [accountOf({ appearance })] }), { ...RULES, textProblem })
const problems = (appearance: unknown) =>
  problemsOf(() => read(appearance)).map((one) =>
    one.replace('accounts[0].applications[0].appearance', 'look'),
  )

const MARK = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'

describe('a look in the configuration', () => {
  test('is nobody’s when it is not there, so that the API decides', () => {
    assert.equal(parseConfig(configOf(), RULES).applications[0]?.appearance, null)
  })

  test('is read whole, with its logo', () => {
    const look = read({
      name: 'Morning Miles',
      colours: { light: { accent: '#C2185B' } },
      radius: 'small',
      font: 'rounded',
      hideSpringbar: true,
      texts: { de: { 'again.button': 'Noch einmal' } },
      logoFile: file('logo.svg', MARK),
      darkLogoFile: file('dark.svg', `${MARK} `),
    }).applications[0]?.appearance
    assert.ok(look)
    const { name, colours, radius, font, hideSpringbar, texts } = look.settings
    assert.deepEqual(
      [name, colours.light.accent, colours.dark.accent, radius, font, hideSpringbar, texts],
      ['Morning Miles', '#c2185b', null, 'small', 'rounded', true, { de: { 'again.button': 'Noch einmal' } }],
    )
    assert.equal(look.logo?.mediaType, 'image/svg+xml')
    assert.equal(Buffer.from(look.logo.bytes).toString(), MARK)
    assert.match(look.logoDigest ?? '', /^[0-9a-f]{32}$/)
    assert.equal(look.logoDigest, look.logo.digest)
    assert.equal(look.darkLogoDigest, look.darkLogo?.digest)
    assert.notEqual(look.darkLogoDigest, look.logoDigest)
  })

  test('with colours that are hard to read keeps the service from starting, in the words of the API, all at once', () => {
    assert.deepEqual(problems({ colours: { light: { accent: '#ffd400' }, dark: { text: '#222222' } } }), [
      'look.colours.light.accent: light.accent on light.background (#ffd400 on #f2f3ef) has a contrast of 1.28, and 3 is needed; the nearest accent that does is #a68a14.',
      'look.colours.light.accent: light.accent on light.surface (#ffd400 on #ffffff) has a contrast of 1.43, and 3 is needed; the nearest accent that does is #a68a14.',
      'look.colours.dark.text: dark.text on dark.background (#222222 on #101514) has a contrast of 1.15, and 4.5 is needed; the nearest text that does is #858585.',
      'look.colours.dark.text: dark.text on dark.surface (#222222 on #191f1d) has a contrast of 1.05, and 4.5 is needed; the nearest text that does is #858585.',
    ])
  })

  test('names each thing that is wrong', () => {
    for (const [look, expected] of [
      [
        { colours: { light: { accent: 'red' } } },
        /^look\.colours\.light\.accent: must be # and six hex digits/,
      ],
      [{ radious: 'small' }, /^look: .*radious/],
      [{ font: 'Papyrus' }, /^look\.font: /],
      [{ name: '<b>' }, /^look\.name: must be plain text/],
      [
        { texts: { de: { 'again.button': 'x'.repeat(99) } } },
        /^look\.texts\.de\.again\.button: must have at most/,
      ],
      [
        { texts: { de: { 'connected.title': 'x' } } },
        /^look\.texts\.de\.connected\.title: must have \{source\}/,
      ],
      [{ logoFile: join(FOLDER, 'missing.png') }, /^look\.logoFile: .*missing\.png cannot be read/],
      [{ logoFile: FOLDER }, /^look\.logoFile: .* cannot be read/],
      [{ logoFile: file('page.html', '<html></html>') }, /^look\.logoFile: .*page\.html is not an SVG/],
      [{ logoFile: file('empty.png', '') }, /^look\.logoFile: .*empty\.png is empty/],
      [{ darkLogoFile: join(FOLDER, 'missing.png') }, /^look\.darkLogoFile: .*missing\.png cannot be read/],
      [
        { logoFile: file('large.svg', MARK + ' '.repeat(limits.logoBytes)) },
        new RegExp(`^look\\.logoFile: .*has more than ${limits.logoBytes} bytes`),
      ],
    ] as const) {
      const [first = '', ...more] = problems(look)
      assert.match(first, expected)
      assert.deepEqual(more, [])
    }
  })
})
