// Goal: <springbar-connect> is a good button: found by axe to have no fault in light and dark, used by keyboard alone, changed and
// taken away at any time, with words of its own, and heard by everything around it.
// Method: a real browser on pages that the driver answers; its shadow is opened there, so that axe and the driver can
// look into it.
import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { stop } from 'esbuild-wasm'
import type { Browser, Page } from 'playwright-core'
import { violations } from '../support/accessibility.ts'
import { launchBrowser, type PageOptions } from '../support/browser.ts'
import { APP, bundleScript, CONNECT, openStage } from './stage.ts'

const LINK = `${CONNECT}/?dataSource=11`

describe('<springbar-connect>', () => {
  let browser: Browser
  let script: string
  before(async () => {
    browser = await launchBrowser()
    script = await bundleScript(`import { finishReturn } from './browser.ts'
      import { defineSpringbarConnect } from './element.ts'
      const heard = []
      const attach = Element.prototype.attachShadow
      Element.prototype.attachShadow = function (how) { return attach.call(this, { ...how, mode: 'open' }) }
      Object.assign(window, { heard, finishReturn, defineSpringbarConnect })
      for (const type of ['springbar-outcome', 'springbar-error'])
        document.addEventListener(type, ({ detail, target }) =>
          heard.push([type, target.localName, String(detail?.message ?? JSON.stringify(detail.result))]))
      defineSpringbarConnect()
      defineSpringbarConnect()`)
  })
  after(async () => {
    await stop()
    await browser.close()
  })

  async function openScreen(test: TestContext, element: string, options: PageOptions = {}): Promise<Page> {
    const done = { script: `${script};finishReturn({ action: 'connect' })` }
    const pages = { [`${APP}/`]: { script, body: element }, [`${APP}/done`]: done }
    return (await openStage(browser, test, pages, options)).page
  }
  const heard = (page: Page, count: number) =>
    page
      .waitForFunction((length) => {
        const { heard } = globalThis as unknown as { heard: unknown[] } // put there by the bundle
        return heard.length === length && heard
      }, count)
      .then((found) => found.jsonValue())
  const comeBack = async (popup: Page) => {
    await popup.waitForURL(`${CONNECT}/**`)
    await popup.goto(`${APP}/done?dataSource=11&connected=true`).catch(() => {})
  }
  const expected = '{"action":"connect","dataSource":11,"connected":true,"succeeded":true}'
  const element = `<springbar-connect href="${LINK}" busy-text="A window is open.">Connect Strava</springbar-connect>`

  for (const colorScheme of ['light', 'dark'] as const)
    it(`has nothing that axe finds, at rest and in use, in ${colorScheme}`, async (test) => {
      const page = await openScreen(test, element, { colorScheme, viewport: { width: 320, height: 640 } })
      assert.deepEqual(await violations(page), [])
      const size = await page
        .locator('springbar-connect')
        .evaluate((host) => host.getBoundingClientRect().height)
      assert.ok(size >= 44, 'large enough for a finger')
      await page.evaluate(() => {
        window.open = () => null
      })
      await page.route(`${CONNECT}/**`, (route) => route.fulfill({ status: 204 }))
      await Promise.all([page.waitForRequest(`${CONNECT}/**`), page.getByRole('button').click()])
      assert.equal(await page.getByRole('status').innerText(), 'A window is open.')
      assert.deepEqual(await violations(page), [])
    })

  for (const key of ['Enter', 'Space'])
    it(`is reached by Tab and pressed by ${key}, with a focus that is seen`, async (test) => {
      const page = await openScreen(test, element)
      const button = page.getByRole('button', { name: 'Connect Strava' })
      await page.keyboard.press('Tab')
      assert.equal(await page.evaluate(() => document.activeElement?.localName), 'springbar-connect')
      assert.equal(await button.evaluate((inner) => getComputedStyle(inner).outlineStyle), 'solid')
      const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press(key)])
      assert.equal(await button.getAttribute('aria-disabled'), 'true')
      await page.keyboard.press(key)
      assert.equal(page.context().pages().length, 2, 'pressed again it opens nothing')
      await comeBack(popup)
      assert.deepEqual(await heard(page, 1), [['springbar-outcome', 'springbar-connect', expected]])
      assert.equal(await button.getAttribute('aria-disabled'), null)
    })

  it('takes what its attributes and its content are at the click', async (test) => {
    const page = await openScreen(test, `<springbar-connect href="${APP}/old">Old</springbar-connect>`)
    await page.evaluate((link) => {
      const host = document.querySelector('springbar-connect')
      host?.setAttribute('href', link)
      host?.setAttribute('open-in', 'same-window')
      host?.replaceChildren('Weiter')
    }, LINK)
    await page.getByRole('button', { name: 'Weiter' }).click()
    await page.waitForURL(LINK)
  })

  it('says that a link could not be had, in the words that it was given, and can be pressed again', async (test) => {
    const page = await openScreen(
      test,
      '<springbar-connect failed-text="Leider nicht.">Los</springbar-connect>',
    )
    await page.evaluate(() => {
      const host = document.querySelector('springbar-connect')
      Object.assign(host ?? {}, { getUrl: () => Promise.reject(new Error('no link')) })
    })
    for (const times of [1, 2]) {
      await page.getByRole('button', { name: 'Los' }).click()
      const all = Array.from({ length: times }, () => ['springbar-error', 'springbar-connect', 'no link'])
      assert.deepEqual(await heard(page, times), all)
      assert.equal(await page.getByRole('status').innerText(), 'Leider nicht.')
    }
  })

  it('without a link fails in place, and does not open the page that it stands on', async (test) => {
    const page = await openScreen(test, '<springbar-connect>Connect</springbar-connect>')
    await page.getByRole('button').click()
    assert.deepEqual(await heard(page, 1), [['springbar-error', 'springbar-connect', 'href is missing.']])
    assert.equal(page.context().pages().length, 1)
  })

  it('keeps its words and its slot when it is taken away and put back, and hears on meanwhile', async (test) => {
    const page = await openScreen(
      test,
      `<div id="a"><springbar-connect href="${LINK}"><b>Connect</b></springbar-connect></div>`,
    )
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()])
    await page.evaluate(() => {
      const host = document.querySelector('springbar-connect')
      host?.remove()
      Object.assign(globalThis, { host })
      host?.addEventListener('springbar-outcome', () => document.body.append('heard without a page'))
    })
    await comeBack(popup)
    await page.locator('body', { hasText: 'heard without a page' }).waitFor()
    await page.evaluate(() => {
      const { host } = globalThis as unknown as { host: Element } // put there just before
      document.querySelector('#a')?.append(host)
    })
    const button = page.getByRole('button', { name: 'Connect' })
    assert.equal(await button.count(), 1)
    assert.equal(await button.getAttribute('aria-disabled'), null)
  })

  it('is heard through a shadow that it stands in', async (test) => {
    const page = await openScreen(test, '<div id="a"></div>')
    await page.evaluate((html) => {
      const root = document.querySelector('#a')?.attachShadow({ mode: 'open' })
      if (root) root.innerHTML = html
    }, element)
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()])
    await comeBack(popup)
    // The document sees the host of that shadow as the target.
    assert.deepEqual(await heard(page, 1), [['springbar-outcome', 'div', expected]])
  })

  it('sends no form that it stands in', async (test) => {
    const page = await openScreen(test, `<form action="/sent">${element}</form>`)
    await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()])
    assert.equal(page.url(), `${APP}/`)
  })
})
