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

/** The pages of one message, and the one with the list. */
const ofKinds = ['connect-partly', 'confirm-disconnect', 'pairing', 'log-in-wrong_password', 'list-more']

/** What moves on a page, or would: transitions and animations of the stylesheet that take time. */
const moving = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap((element) => {
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(element)
      const isMoving = animationName !== 'none' && parseFloat(animationDuration) > 0
      return isMoving || parseFloat(transitionDuration) > 0 ? [element.className.toString()] : []
    }),
  )

test('nothing moves for who asked for less motion, and something does for everybody else', async (t) => {
  const still = (await newPage(browser, { test: t })).page
  const lively = (await newPage(browser, { test: t })).page
  await lively.emulateMedia({ reducedMotion: 'no-preference' })
  for (const sample of samples) {
    await show(still, sample, 'en')
    assert.deepEqual(await moving(still), [], sample.name)
  }
  for (const name of ofKinds) {
    const sample = samples.find((one) => one.name === name)
    assert.ok(sample)
    await show(lively, sample, 'en')
    assert.notDeepEqual(await moving(lively), [], name)
  }
})

test('in forced colours every control keeps a border, and every state its sign and words', async (t) => {
  const { page } = await newPage(browser, { test: t })
  await page.emulateMedia({ forcedColors: 'active' })
  for (const sample of samples) {
    await show(page, sample, 'en')
    const { controls, bare, signs } = await page.evaluate(() => {
      const visible = (element: Element) => element.getClientRects().length > 0
      const controls = [...document.querySelectorAll('.button, .field input')].filter(visible)
      const hasBorder = (element: Element) => {
        const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(element)
        return (
          borderTopStyle === 'solid' &&
          parseFloat(borderTopWidth) >= 1 &&
          !/^rgba\(.*, 0\)$/.test(borderTopColor)
        )
      }
      const states = [...document.querySelectorAll('.state')].filter(visible)
      return {
        controls: controls.length,
        bare: controls.filter((element) => !hasBorder(element)).map((element) => element.outerHTML),
        signs: states.every(
          (state) => state.querySelector('svg') !== null && state.textContent.trim() !== '',
        ),
      }
    })
    assert.deepEqual(bare, [], sample.name)
    assert.ok(signs, sample.name)
    if (ofKinds.includes(sample.name)) assert.ok(controls > 0, sample.name)
  }
  // The sign that stands for "Connect" on a phone is drawn in the colour of links.
  await page.setViewportSize({ width: 320, height: 640 })
  const list = samples.find(({ name }) => name === 'list')
  assert.ok(list)
  await show(page, list, 'en')
  const sign = await page.evaluate(() => {
    const button = document.querySelector('.button:has(.word)')
    return button === null ? '' : getComputedStyle(button, '::before').backgroundImage
  })
  assert.match(sign, /linear-gradient/)
})

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
