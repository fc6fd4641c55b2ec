// Goal: everybody can use every page: WCAG 2.2 AA in both themes and directions, small windows, large text, touch.
// Method: a real browser lays the pages out; axe-core looks for violations, and boxes are measured.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { languages } from '../../src/pages/messages/index.ts'
import { violations } from '../support/accessibility.ts'
import { launchBrowser, newPage } from '../support/browser.ts'
import { everyPage, PLAIN } from './every-page.ts'
import { type LanguageKey, show } from './show-sample.ts'

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

for (const colorScheme of ['light', 'dark'] as const) {
  for (const language of ['en', 'ar'] as const) {
    test(`axe finds nothing on any page, ${colorScheme}, ${languages[language].dir}`, async (t) => {
      const { page } = await newPage(browser, {
        test: t,
        colorScheme,
        viewport: { width: 640, height: 800 },
      })
      for (const sample of samples) {
        await show(page, sample, language)
        assert.deepEqual(await violations(page), [], sample.name)
      }
    })
  }
}

test('whatever becomes of something is announced, and a heading says what a page is about', async (t) => {
  const { page } = await newPage(browser, { test: t })
  for (const sample of samples) {
    await show(page, sample, 'en')
    const { headings, announced } = await page.evaluate(() => ({
      headings: [...document.querySelectorAll('h1')].map((one) => one.textContent),
      announced: [...document.querySelectorAll('[role=status], [role=alert]')].map((one) => one.textContent),
    }))
    assert.equal(headings.length, 1, sample.name)
    const isOutcome = /^(connect|disconnect|result)-/.test(sample.name)
    if (isOutcome)
      assert.ok(
        announced.some((text) => text.includes(headings[0] ?? '')),
        sample.name,
      )
    if (/^log-in-|pairing-not-yet/.test(sample.name)) assert.ok(announced.length > 0, sample.name)
    if (sample.name === 'list-more') assert.ok(announced.includes('Sources found: 8'), String(announced))
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

test('a phone that shows everything twice as large, 180 pixels wide, scrolls in one direction and breaks no word into letters', async (t) => {
  const { page } = await newPage(browser, { test: t, viewport: { width: 180, height: 360 } })
  for (const sample of layouts) {
    await show(page, sample, 'de')
    assert.equal(await overflow(page), 0, sample.name)
    const narrow = await page.evaluate(() =>
      [...document.querySelectorAll('.about')].map((one) => one.clientWidth).filter((width) => width < 110),
    )
    assert.deepEqual(narrow, [], sample.name)
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

test('at 200 % zoom a window of 1280 pixels shows everything, without scrolling to the side', async (t) => {
  // What a browser does at this zoom: half the window in CSS pixels, twice the device pixels for each.
  const { page, context } = await newPage(browser, { test: t, viewport: { width: 640, height: 400 } })
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setDeviceMetricsOverride', {
    width: 640,
    height: 400,
    deviceScaleFactor: 2,
    mobile: false,
  })
  for (const sample of samples) {
    await show(page, sample, 'de')
    assert.equal(await page.evaluate(() => devicePixelRatio), 2)
    assert.equal(await overflow(page), 0, sample.name)
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('h1, h2, h3, p, .button:not([hidden])')]
        .filter((one) => one.getClientRects().length > 0 && !one.classList.contains('aloud'))
        .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
        .map((one) => one.outerHTML),
    )
    assert.deepEqual(cut, [], sample.name)
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

test('the keyboard reaches every control of every page in the order of reading, shows where it is, and is never held', async (t) => {
  const { page } = await newPage(browser, { test: t })
  for (const sample of samples) {
    await show(page, sample, 'en')
    const controls = await page.evaluate(() =>
      [...document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')]
        .filter((one) => one.getClientRects().length > 0)
        .map((one) => one.outerHTML),
    )
    const reached: string[] = []
    for (const _ of controls) {
      await page.keyboard.press('Tab')
      const focus = await page.evaluate(() => {
        const element = document.activeElement
        return element === null
          ? null
          : { html: element.outerHTML, outline: getComputedStyle(element).outlineWidth }
      })
      assert.equal(focus?.outline, '3px', `${sample.name}: ${focus?.html}`)
      reached.push(focus?.html ?? '')
    }
    assert.deepEqual(reached, controls, sample.name)
    await page.keyboard.press('Tab')
    assert.ok(
      await page.evaluate(() => document.activeElement === document.body || document.activeElement === null),
      `${sample.name}: the keyboard leaves the page at its end`,
    )
  }
})

test('a question is answered by keyboard', async (t) => {
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
