// Goal: a developer sees every page in a look, in a real browser, and nothing that is pressed there does anything.
// Method: the link that the API gives is opened; its frame is read, its links and buttons are pressed, axe looks at it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { violations } from '../support/accessibility.ts'
import { launchBrowser } from '../support/browser.ts'
import { openBrowserWorld } from '../support/browser-world.ts'

const MARK = new TextEncoder().encode(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#c2185b"/></svg>',
)
const LOOK = {
  name: 'Morning Miles',
  colours: { light: { accent: '#c2185b' }, dark: { accent: '#f48fb1' } },
} as const

describe('the preview of a look', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  it('shows the pages in the look, logo and all, in the theme and language that are chosen', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { url } = await world.backend.previewAppearance({ appearance: LOOK, logo: MARK })
    const { page } = await world.visit()
    await page.goto(url)
    const shown = page.frameLocator('iframe')
    await shown.getByRole('heading', { name: 'Your data sources' }).waitFor()
    await page.getByRole('link', { name: 'Before leaving for a vendor' }).click()
    const button = shown.getByRole('button', { name: 'Yes, continue' })
    const ground = () => button.evaluate((element) => getComputedStyle(element).backgroundColor)
    await button.waitFor()
    assert.equal(await ground(), 'rgb(194, 24, 91)')
    const width = await shown
      .locator('.pair img')
      .first()
      .evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0))
    assert.ok(width > 0, 'the logo is a picture')
    assert.deepEqual(await violations(page), [])
    await page.getByLabel('Theme').selectOption('dark')
    await page.getByLabel('Language').selectOption('ar')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await shown.locator('html[dir=rtl]').waitFor()
    const arabic = shown.locator('.button.primary')
    assert.equal(
      await arabic.evaluate((element) => getComputedStyle(element).backgroundColor),
      'rgb(244, 143, 177)',
    )
  })

  it('has the page to look at in view on a phone, chosen from a field', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { url } = await world.backend.previewAppearance({ appearance: LOOK })
    const { page } = await world.visit({ viewport: { width: 360, height: 740 } })
    await page.goto(url)
    await page.locator('select[name=page]').selectOption('pairing')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.frameLocator('iframe').locator('.pairing-code').waitFor()
    assert.equal(await page.locator('nav').isVisible(), false)
    const box = await page.locator('iframe').boundingBox()
    assert.ok(box !== null && box.y < 400, `the page starts at ${box?.y}`)
    const wide = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
    assert.equal(await page.evaluate(wide), 0)
    assert.deepEqual(await violations(page), [])
  })

  it('does nothing, whatever is pressed', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { url } = await world.backend.previewAppearance({ appearance: LOOK })
    const { page } = await world.visit({ expectedErrors: /form-action|Sending form data/ })
    await page.goto(`${url}&page=confirm-disconnect`)
    const shown = page.frameLocator('iframe')
    await shown.getByRole('button', { name: 'Disconnect', exact: true }).click()
    await shown.getByRole('heading', { name: /^Disconnect/ }).waitFor()
    await page.goto(`${url}&page=list`)
    await shown
      .getByRole('link', { name: /^Disconnect/ })
      .first()
      .click()
    await page.getByRole('heading', { name: 'Preview: Morning Miles' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/appearance-preview')
    assert.equal((await world.backend.readAppearance()).managedBy, 'none')
    assert.deepEqual(world.complaints, [])
  })
})
