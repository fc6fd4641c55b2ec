// Goal: what people ask of their device is kept on every page: less motion, colours of the system's choice.
// Method: a real browser that says so lays the pages out; computed styles are read.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, newPage } from '../support/browser.ts'
import { everyPage } from './every-page.ts'
import { show } from './show-sample.ts'

const samples = everyPage()

let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(() => browser.close())

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
