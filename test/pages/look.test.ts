// Goal: whatever colours were accepted, every page can be read; and nothing of a look is more than a colour, a word or a
// constant. Method: random accepted looks, all whose pairs are measured; strings from outside in every place; every page.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type AppearanceSettings,
  COLOUR_NAMES,
  FONTS,
  OWN_COLOURS,
  PLAIN_SETTINGS,
  RADII,
  SCHEMES,
} from '../../src/model/appearance.ts'
import { contrastProblems } from '../../src/model/appearance-colours.ts'
import { appearanceFields, toSettings } from '../../src/model/appearance-schema.ts'
import { type Colour, contrast } from '../../src/model/contrast.ts'
import { lookOf, textProblem, withOwnTexts } from '../../src/pages/index.ts'
import { languages } from '../../src/pages/messages/index.ts'
import { PALETTE_NAMES, type Palette, paletteOf } from '../../src/pages/palette.ts'
import { LIST_STYLESHEET, STYLESHEET } from '../../src/pages/stylesheet.ts'
import '../support/fixed-seed.ts'
import { everyPage, NONCE } from './every-page.ts'

const english = languages.en
const looking = (settings: AppearanceSettings) => ({ settings, logoDigest: null, darkLogoDigest: null })

/** What meets on our pages: the front, the grounds it stands on, and the contrast that it needs. */
const MEETINGS: readonly (readonly [keyof Palette, readonly (keyof Palette)[], number])[] = [
  ['ink', ['page', 'card', 'hover', 'soft', 'calm-back', 'careful-back', 'good-back'], 4.5],
  ['quiet', ['page', 'card', 'hover', 'soft', 'calm-back', 'careful-back'], 4.5],
  ['good', ['page', 'card', 'hover', 'soft', 'good-back'], 4.5],
  ['careful', ['page', 'card', 'hover', 'soft', 'careful-back'], 4.5],
  ['calm', ['calm-back'], 4.5],
  ['on-accent', ['accent', 'accent-hover'], 4.5],
  ['soft-ink', ['soft', 'soft-hover'], 4.5],
  ['on-strong', ['strong', 'strong-hover'], 4.5],
  ['card', ['ink'], 4.5],
  ['accent', ['page', 'card'], 3],
  ['accent-hover', ['page', 'card'], 3],
  ['strong', ['page', 'card'], 3],
  ['control', ['page', 'card'], 3],
]

function assertReadable(palette: Palette, what: string): void {
  for (const [front, grounds, needed] of MEETINGS)
    for (const ground of grounds) {
      const found = contrast(palette[front], palette[ground])
      assert.ok(found >= needed, `${what}: ${front} on ${ground} has ${found.toFixed(2)}`)
    }
}

const anyColour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((n) => `#${n.toString(16).padStart(6, '0')}` as Colour)
const anyTheme = fc.record(Object.fromEntries(COLOUR_NAMES.map((name) => [name, anyColour])), {
  requiredKeys: [],
})

/** Random colours that hold: each that is refused is replaced by the suggestion, or left out. */
function accepted(colours: { readonly light: object; readonly dark: object }): AppearanceSettings {
  let settings = toSettings({ colours })
  for (let i = 0; i < 40; i++) {
    const [problem] = contrastProblems(settings)
    if (problem === undefined) return settings
    const { scheme, change, suggestion } = problem
    const theme = { ...settings.colours[scheme], [change]: suggestion }
    settings = { ...settings, colours: { ...settings.colours, [scheme]: theme } }
  }
  return PLAIN_SETTINGS
}

describe('the colours of a page', () => {
  test('our own can be read, in the stylesheet and when they are made', () => {
    const [, light = '', dark = ''] =
      /:root \{[^}]*--round: 1;([^}]+)\}[\s\S]*?prefers-color-scheme: dark\) \{ :root \{([^}]+)\}/.exec(
        STYLESHEET,
      ) ?? []
    for (const [scheme, block] of [
      ['light', light],
      ['dark', dark],
    ] as const) {
      const written = Object.fromEntries(
        [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
      )
      assert.deepEqual(Object.keys(written).toSorted(), [...PALETTE_NAMES].toSorted())
      assertReadable(written as Palette, `written, ${scheme}`) // has each name of it, as the line above says
      assertReadable(paletteOf(PLAIN_SETTINGS, scheme), `made, ${scheme}`)
      const own = OWN_COLOURS[scheme]
      assert.deepEqual(
        [own.background, own.surface, own.text, own.accent, own.accentText],
        ['page', 'card', 'ink', 'accent', 'on-accent'].map((name) => written[name]),
      )
    }
  })

  test('whatever was accepted can be read, in light and in dark', () => {
    let odd = 0
    fc.assert(
      fc.property(anyTheme, anyTheme, (light, dark) => {
        const settings = accepted({ light, dark })
        if (settings !== PLAIN_SETTINGS) odd++
        for (const scheme of SCHEMES)
          assertReadable(paletteOf(settings, scheme), `${scheme} of ${JSON.stringify(settings.colours)}`)
      }),
      { numRuns: 200 },
    )
    assert.ok(odd > 150, `${odd} looks were not our own`)
  })

  test('every colour that the stylesheet uses is one of those that a look gives', () => {
    const defined = new Set<string>([...PALETTE_NAMES, 'way', 'round', 'shadow', 'hue'])
    for (const [, name = ''] of LIST_STYLESHEET.matchAll(/var\(--([a-z-]+)\)/g))
      assert.ok(defined.has(name) || name.startsWith('tile-'), name)
  })
})

const ESCAPES = [
  '#0d5c56;}body{display:none}',
  '#0d5c56}</style><script>alert(1)</script>',
  'red;background:url(https://evil.example)',
  'url(https://evil.example/?)',
  'expression(alert(1))',
  '#0d5c56/*',
  '\\#0d5c56',
  '#0d5c5\u0000',
]

describe('a look', () => {
  test('brings nothing into the stylesheet but colours, whatever was written', () => {
    const fields = appearanceFields(() => null)
    for (const text of ESCAPES) {
      for (const name of COLOUR_NAMES)
        assert.equal(fields.colours.safeParse({ light: { [name]: text } }).success, false, text)
      assert.equal(fields.font.safeParse(text).success, false)
      assert.equal(fields.radius.safeParse(text).success, false)
    }
    assert.equal(fields.colours.safeParse({ light: { shadow: '#000000' } }).success, false)
    assert.equal(fields.colours.safeParse({ sepia: {} }).success, false)
  })

  test('that came past that check, as from a database somebody wrote into, is not drawn', () => {
    for (const text of ESCAPES) {
      const forged = {
        ...PLAIN_SETTINGS,
        colours: {
          ...PLAIN_SETTINGS.colours,
          light: { ...PLAIN_SETTINGS.colours.light, surface: text as Colour },
        },
      }
      assert.throws(() => lookOf(looking(forged), null), TypeError, text)
    }
  })

  test('is made of one kind of letters alone, for every radius and font', () => {
    for (const radius of RADII)
      for (const font of FONTS) {
        const settings = toSettings({ radius, font, colours: { light: { accent: '#c2185b' } } })
        const styles = String(lookOf(looking(settings), null).styles)
        assert.match(styles, /^[a-zA-Z0-9:;{}#().,@" -]+$/)
        assert.equal(styles.split('{').length, styles.split('}').length)
        assert.ok(Buffer.byteLength(styles) < 1_500, `${Buffer.byteLength(styles)} bytes`)
      }
  })

  test('that says nothing leaves the page as it is, byte for byte', () => {
    const look = lookOf(looking(PLAIN_SETTINGS), null)
    for (const { name, render } of everyPage()) {
      const own = String(render({ language: english, nonce: NONCE }))
      assert.equal(String(render({ language: english, nonce: NONCE, look })), own, name)
    }
  })

  test('is on every page: colours, corners, type, the logo where the application is shown, and no name of ours', () => {
    const settings = toSettings({
      colours: { light: { accent: '#c2185b' } },
      radius: 'none',
      font: 'serif',
      hideSpringbar: true,
    })
    const look = lookOf(looking(settings), { light: '/application-logos/app/abc', dark: null })
    let logos = 0
    for (const { name, render } of everyPage()) {
      const markup = String(render({ language: english, nonce: NONCE, look }))
      assert.ok(markup.includes('--accent:#c2185b'), name)
      assert.ok(markup.includes('--round:0') && markup.includes('Charter'), name)
      assert.ok(!/<footer|Springbar/.test(markup), name)
      assert.ok(!markup.includes('class="tile tile-application"'), name)
      if (markup.includes('<img src="/application-logos/app/abc" alt=""')) logos++
    }
    assert.ok(logos > 20, `${logos} pages show the application`)
  })

  test('shows no logo from elsewhere', () => {
    for (const address of [
      'https://evil.example/logo.png',
      '//evil.example/logo.png',
      'javascript:alert(1)',
    ]) {
      const look = lookOf(looking(PLAIN_SETTINGS), { light: address, dark: address })
      for (const { name, render } of everyPage()) {
        const markup = String(render({ language: english, nonce: NONCE, look }))
        assert.ok(!markup.includes(`src="${address}`) && !markup.includes(`srcset="${address}`), name)
      }
    }
  })
})

describe('a text of an application’s own', () => {
  const own = (texts: Readonly<Record<string, string>>, tag = 'en') =>
    withOwnTexts(tag === 'de' ? languages.de : english, looking(toSettings({ texts: { [tag]: texts } })))

  test('stands in place of ours, in its language alone, and is escaped', () => {
    const changed = own({ 'again.button': 'Once more & "again"' })
    assert.equal(changed.messages['again.button'], 'Once more & "again"')
    assert.equal(changed.messages['close.button'], english.messages['close.button'])
    assert.equal(own({ 'again.button': 'Noch einmal' }, 'de').messages['again.button'], 'Noch einmal')
    const shown = everyPage()
      .map(({ render }) => String(render({ language: changed, nonce: NONCE })))
      .filter((markup) => markup.includes('Once more'))
    assert.ok(shown.length > 0)
    for (const markup of shown) assert.ok(markup.includes('Once more &amp; &quot;again&quot;'))
    assert.equal(
      withOwnTexts(languages.de, looking(toSettings({ texts: { en: { 'again.button': 'X' } } }))),
      languages.de,
    )
  })

  test('follows the rules of a translation', () => {
    const fits = (key: string, text: string, language = 'en') => textProblem(language, key, text)
    assert.equal(fits('connected.title', 'Done: {source}'), null)
    assert.equal(fits('connected.title', '{source}, {source}'), null)
    assert.match(fits('connected.title', 'Done') ?? '', /must have \{source\} in it/)
    assert.match(fits('connected.title', '{source} {application}') ?? '', /and no other/)
    assert.match(fits('connected.title', '{source} { x') ?? '', /brace/)
    assert.match(fits('again.button', '{source}') ?? '', /the original has none/)
    assert.match(fits('again.button', 'x'.repeat(60)) ?? '', /at most 30 characters/)
    assert.match(fits('again.button', '<b>Again</b>') ?? '', /plain text/)
    assert.match(fits('again.button', ' Again') ?? '', /space/)
    assert.match(fits('again.button', '') ?? '', /empty/)
    assert.match(fits('again.button', 'A\u202egain') ?? '', /control characters/)
    assert.match(fits('again.button', 'A\ngain') ?? '', /control characters/)
    assert.match(fits('no.such', 'x') ?? '', /key that there is not/)
    assert.match(fits('__proto__', 'x') ?? '', /key that there is not/)
    assert.match(fits('constructor', 'x') ?? '', /key that there is not/)
    assert.match(fits('again.button', 'x', 'xx') ?? '', /language that there is not; there are .*zh-Hant/)
    assert.equal(fits('again.button', 'نمی‌خواهم', 'ar'), null, 'joins of letters are no control characters')
  })

  test('that no longer fits is left out, and the others stay', () => {
    const changed = own({ 'again.button': 'Again!', 'gone.key': 'x', 'connected.title': 'Done' })
    assert.equal(changed.messages['again.button'], 'Again!')
    assert.equal(changed.messages['connected.title'], english.messages['connected.title'])
    assert.ok(!Object.hasOwn(changed.messages, 'gone.key'))
  })

  test('every translation of ours would be accepted as one', () => {
    for (const { tag, messages } of Object.values(languages))
      for (const [key, text] of Object.entries(messages))
        assert.equal(textProblem(tag, key, text), null, `${tag} ${key}: ${text}`)
  })
})
