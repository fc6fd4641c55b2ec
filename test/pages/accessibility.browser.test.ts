// Goal: everybody can use every page: WCAG 2.2 AA in both themes and directions, small windows, large text, touch.
// Method: a real browser lays the pages out; axe-core looks for violations, and boxes are measured.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { languages } from '../../src/pages/messages/index.ts'
import { violations } from '../support/accessibility.ts'
import { launchBrowser, newPage } from '../support/browser.ts'
import { everyPage, NONCE, PLAIN, type Sample } from './every-page.ts'

const SMALLEST_TARGET_PX = 44

/** One page for each different layout; the others differ from these in their words alone. */
const LAYOUTS = [
  'result-general',
  'connect-partly',
  'connect-vendor_error',
  'connect-access_denied',
  'disconnect-by-hand',
  'error-link-not-valid',
  'error-source-native-known',
  'confirm-disconnect',
  'before-leaving',
  'move-account',
  'framed-new-window',
  'choose-region',
  'list',
  'list-more',
  'list-in-app',
]

const samples = everyPage()
const layouts = samples.filter(({ name }) => LAYOUTS.includes(name))

let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(() => browser.close())

type LanguageKey = keyof typeof languages

async function show(page: Page, sample: Sample, language: LanguageKey): Promise<void> {
  const markup = sample.render({ language: languages[language], nonce: NONCE })
  await page.setContent(String(markup), { waitUntil: 'domcontentloaded' })
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
}

/** How far the page is wider than its window, in CSS pixels. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test('there is a sample for each layout', () => {
  assert.equal(layouts.length, LAYOUTS.length)
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 320]) {
    test(`axe finds nothing in English and Arabic, ${colorScheme}, ${width} pixels wide`, async (t) => {
      const { page } = await newPage(browser, { test: t, colorScheme, viewport: { width, height: 800 } })
      for (const sample of layouts) {
        for (const language of ['en', 'ar'] as const) {
          await show(page, sample, language)
          assert.deepEqual(await violations(page), [], `${sample.name} ${language}`)
        }
      }
    })
  }
}

test('axe finds nothing on any page in English', async (t) => {
  const { page } = await newPage(browser, { test: t, viewport: { width: 640, height: 800 } })
  for (const sample of samples) {
    await show(page, sample, 'en')
    assert.deepEqual(await violations(page), [], sample.name)
  }
})

test('no page in any language is wider than a window of 320 pixels', async (t) => {
  const { page } = await newPage(browser, { test: t, viewport: { width: 320, height: 640 } })
  // The keys of the table are those of its type.
  for (const language of Object.keys(languages) as LanguageKey[]) {
    for (const sample of language === 'en' || language === 'ar' ? samples : layouts) {
      await show(page, sample, language)
      assert.equal(await overflow(page), 0, `${sample.name} ${language}`)
    }
  }
})

test('names without a space to break at stay inside a window of 320 pixels', async (t) => {
  const { page } = await newPage(browser, { test: t, viewport: { width: 320, height: 640 } })
  const long = 'W'.repeat(120)
  for (const sample of everyPage({ ...PLAIN, application: long, source: long, label: long })) {
    if (!LAYOUTS.includes(sample.name)) continue
    await show(page, sample, 'en')
    assert.equal(await overflow(page), 0, sample.name)
  }
})

test('text of twice the size fits', async (t) => {
  const { page } = await newPage(browser, { test: t, viewport: { width: 640, height: 800 } })
  for (const sample of layouts) {
    await show(page, sample, 'de')
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%'
    })
    assert.equal(await overflow(page), 0, sample.name)
  }
})

test('everything that can be pressed is at least 44 pixels high and wide', async (t) => {
  for (const width of [320, 1280]) {
    const { page } = await newPage(browser, { test: t, viewport: { width, height: 800 } })
    let pressable = 0
    for (const sample of layouts) {
      await show(page, sample, 'en')
      const sizes = await page.evaluate(() =>
        [...document.querySelectorAll('a, button:not([hidden]), summary')].map((element) => {
          const { width: wide, height: high } = element.getBoundingClientRect()
          return { wide, high, text: element.textContent }
        }),
      )
      pressable += sizes.length
      const small = sizes.filter(({ wide, high }) => Math.min(wide, high) < SMALLEST_TARGET_PX)
      assert.deepEqual(small, [], sample.name)
    }
    assert.ok(pressable >= layouts.length)
  }
})

test('the keyboard reaches every control in the order of reading, and shows where it is', async (t) => {
  const { page } = await newPage(browser, { test: t })
  const sample = samples.find(({ name }) => name === 'confirm-disconnect')
  assert.ok(sample)
  await show(page, sample, 'en')
  const seen: (string | null)[] = []
  for (let i = 0; i < 2; i++) {
    await page.keyboard.press('Tab')
    const focus = await page.evaluate(() => {
      const element = document.activeElement
      return element === null
        ? null
        : { text: element.textContent, outline: getComputedStyle(element).outlineWidth }
    })
    assert.equal(focus?.outline, '3px')
    seen.push(focus?.text ?? null)
  }
  assert.deepEqual(seen, ['Disconnect', 'Keep connected'])
})

test('a page is looked at when it rests, and one that never does is refused', async (t) => {
  const { page } = await newPage(browser, { test: t })
  const moving = (times: string) => `<!doctype html><html lang="en"><title>Moving</title>
    <style>@keyframes fade { from { color: #fff } to { color: #eee } } p { animation: fade .3s ${times} }</style>
    <main><h1>Moving</h1><p>White on white, until it rests.</p></main></html>`
  await page.setContent(moving('1'))
  assert.deepEqual(await violations(page), [])
  await page.setContent(moving('infinite'))
  await assert.rejects(violations(page), /never ends/)
})
