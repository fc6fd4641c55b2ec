// Goal: with odd colours that were accepted, everybody can use every page still: axe finds nothing in light and in dark, from
// left and from right, and the focus is seen. Method: a real browser lays every page out in looks at the edges of what is
// allowed; the boundaries of buttons and the mark of the focus are measured as they are drawn.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { contrastProblems } from '../../src/model/appearance-colours.ts'
import { toSettings } from '../../src/model/appearance-schema.ts'
import { asColour, contrast } from '../../src/model/contrast.ts'
import { type Look, lookOf } from '../../src/pages/index.ts'
import { languages } from '../../src/pages/messages/index.ts'
import { violations } from '../support/accessibility.ts'
import { launchBrowser, newPage } from '../support/browser.ts'
import { everyPage, NONCE, PLAIN } from './every-page.ts'

/** Every layout once, with what stands on the grounds that a look colours. */
const LAYOUTS = [
  'connect-partly',
  'connect-vendor_error',
  'disconnect-by-hand',
  'error-source-native-known',
  'confirm-disconnect',
  'before-leaving',
  'move-account',
  'framed-new-window',
  'choose-region',
  'log-in-wrong_password',
  'pairing-not-yet',
  'list',
  'list-more',
  'list-in-app',
]

const LOOKS = {
  'yellow paper, violet ink': {
    light: { background: '#ffe14d', surface: '#fff6c2', text: '#3b0a45', accent: '#b0006d' },
    dark: { background: '#2a0033', surface: '#3d0a49', text: '#ffe9a8', accent: '#ff9ec7' },
  },
  'dark by day, light by night': {
    light: { background: '#000000', surface: '#1b1b1b', text: '#f0f0f0', accent: '#ffd400' },
    dark: { background: '#ffffff', surface: '#f4f4f4', text: '#222222', accent: '#0044cc' },
  },
  'grey, where nothing but black and white can be read': {
    light: { background: '#767676', surface: '#757575', text: '#ffffff', accent: '#000000' },
    dark: { background: '#777777', surface: '#777777', text: '#000000', accent: '#000000' },
  },
  'an accent alone, at the least that is allowed': { light: { accent: '#8a8a8a' }, dark: {} },
} as const

const layouts = everyPage({ ...PLAIN }).filter(({ name }) => LAYOUTS.includes(name))

let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(() => browser.close())

const accepted = (colours: (typeof LOOKS)[keyof typeof LOOKS]): Look => {
  const settings = toSettings({ colours, radius: 'large', font: 'rounded' })
  assert.deepEqual(contrastProblems(settings), [])
  return lookOf({ settings, logoDigest: null, darkLogoDigest: null }, null)
}

/** `rgb(1, 2, 3)` as a browser says it. */
function ofBrowser(text: string) {
  const numbers = [...text.matchAll(/\d+/g)].map(([number]) => Number(number).toString(16).padStart(2, '0'))
  const found = asColour(`#${numbers.slice(0, 3).join('')}`)
  assert.ok(found, text)
  return found
}

for (const [name, colours] of Object.entries(LOOKS))
  for (const colorScheme of ['light', 'dark'] as const)
    test(`axe finds nothing in ${name}, ${colorScheme}`, async (t) => {
      const look = accepted(colours)
      const { page } = await newPage(browser, { test: t, colorScheme, viewport: { width: 640, height: 800 } })
      assert.equal(layouts.length, LAYOUTS.length)
      for (const { name: shown, render } of layouts)
        for (const language of [languages.en, languages.ar]) {
          await page.setContent(String(render({ language, nonce: NONCE, look })), {
            waitUntil: 'domcontentloaded',
          })
          await page.evaluate(() => {
            for (const details of document.querySelectorAll('details')) details.open = true
          })
          assert.deepEqual(await violations(page), [], `${shown} ${language.tag}`)
        }
    })

test('the mark of the focus and the grounds of buttons stand out, as they are drawn', async (t) => {
  for (const colours of Object.values(LOOKS))
    for (const colorScheme of ['light', 'dark'] as const) {
      const look = accepted(colours)
      const { page } = await newPage(browser, { test: t, colorScheme })
      const sample = layouts.find(({ name }) => name === 'before-leaving')
      assert.ok(sample)
      await page.setContent(String(sample.render({ language: languages.en, nonce: NONCE, look })))
      await page.keyboard.press('Tab')
      const drawn = await page.evaluate(() => {
        const focused = document.activeElement
        const card = document.querySelector('main')
        const other = document.querySelector('.button.plain')
        if (focused === null || card === null || other === null) throw new Error('The page has no form')
        return {
          outline: getComputedStyle(focused).outlineColor,
          button: getComputedStyle(focused).backgroundColor,
          border: getComputedStyle(other).borderTopColor,
          card: getComputedStyle(card).backgroundColor,
        }
      })
      for (const one of [drawn.outline, drawn.button, drawn.border])
        assert.ok(
          contrast(ofBrowser(one), ofBrowser(drawn.card)) >= 3,
          JSON.stringify({ drawn, colorScheme }),
        )
    }
})

test('corners and type are what the look says', async (t) => {
  const { page } = await newPage(browser, { test: t })
  const sample = layouts.find(({ name }) => name === 'before-leaving')
  assert.ok(sample)
  const measure = async (radius: 'none' | 'medium' | 'large') => {
    const look = lookOf(
      { settings: toSettings({ radius, font: 'slab' }), logoDigest: null, darkLogoDigest: null },
      null,
    )
    await page.setContent(String(sample.render({ language: languages.en, nonce: NONCE, look })))
    return page.evaluate(() => {
      const card = document.querySelector('main')
      if (card === null) throw new Error('The page has no card')
      const { borderTopLeftRadius, fontFamily } = getComputedStyle(card)
      return [borderTopLeftRadius, fontFamily.split(',')[0]]
    })
  }
  assert.deepEqual(await measure('none'), ['0px', 'Rockwell'])
  assert.deepEqual(await measure('medium'), ['24px', 'Rockwell'])
  assert.deepEqual(await measure('large'), ['38.4px', 'Rockwell'])
})
