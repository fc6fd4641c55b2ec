// Goal: the list works in browsers that keep cookies and storage from frames, that open no windows, inside other apps,
// in several tabs at once, and when people go back or load anew wherever they are. Method: browsers that are started so.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { openBrowserWorld } from '../support/browser-world.ts'
import { connectLink, toldOf, visitFrame } from './embedding.ts'
import { allow, atVendor, cancel, heading, newSession, opensWindow, SOURCES, says } from './steps.ts'

/** An app's own browser on Android, by the mark of its web view. */
const IN_APP =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36'

describe('with cookies and storage kept from frames', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser({ blocksThirdPartyCookies: true })
  })
  after(() => browser.close())

  it('the browser does keep a cookie from a frame of another site, and gives it a storage of its own', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const path = world.publish(`<!doctype html><html lang="en"><head><title>Inner</title></head><h1>Inner</h1>
<script>document.cookie = 'seen=1; SameSite=None; Secure'; localStorage.visits = Number(localStorage.visits || 0) + 1</script></html>`)
    const state = () => [document.cookie, localStorage.getItem('visits')]
    await page.goto(`${world.urls.stranger}${path}`)
    assert.deepEqual(await page.evaluate(state), ['seen=1', '1'])
    const outer = world.publish(`<!doctype html><html lang="en"><head><title>Outer</title></head>
<iframe title="Inner" src="${world.urls.stranger}${path}"></iframe></html>`)
    await page.goto(`${world.urls.shop}${outer}`)
    const inner = page.frames().find((frame) => frame.url().startsWith(world.urls.stranger))
    assert.deepEqual(await inner?.evaluate(state), ['', '1'])
  })

  it('the list in a frame connects, tells its page, and shows it again after the page is loaded anew', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, context, list, sources } = await visitFrame(world)
    await allow(await opensWindow(context, () => connectLink(list, 'Strava').click()))
    await list.getByRole('status').getByText('Strava is connected').waitFor()
    assert.deepEqual(
      (await toldOf(page, 1)).map(({ data }) => data),
      [{ type: 'springbar.connection', dataSource: SOURCES.Strava, connected: true }],
    )
    await page.reload()
    await list.getByRole('link', { name: 'Disconnect Strava' }).waitFor()
    assert.deepEqual(await sources(), [SOURCES.Strava])
  })

  it('without scripts its links take the whole window, and come back to the list there', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, list, sources } = await visitFrame(world, { javaScriptEnabled: false })
    await connectLink(list, 'Withings').click()
    await allow(page)
    await says(page, 'Withings is connected')
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await heading(page, 'Your data sources')
    assert.doesNotMatch(page.url(), /connectionSessionToken/)
    assert.deepEqual(await sources(), [SOURCES.Withings])
  })
})

describe('in a browser that opens no windows', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser({ blocksWindows: true })
  })
  after(() => browser.close())

  it('the list in a frame goes on in the same window, and comes back', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, list, sources } = await visitFrame(world)
    const opened = await page.evaluate(() => window.open('about:blank') !== null)
    // A browser with windows of its own may not know the switch; it is told by the page then.
    if (opened)
      await page.frames()[1]?.evaluate(() => {
        window.open = () => null
      })
    await connectLink(list, 'Strava').click()
    await list.getByRole('heading', { name: 'Your browser did not open a window' }).waitFor()
    await list.getByRole('link', { name: 'Continue in this window' }).click()
    await allow(page)
    await says(page, 'Strava is connected')
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await page.getByRole('link', { name: 'Disconnect Strava' }).waitFor()
    assert.deepEqual(await sources(), [SOURCES.Strava])
  })
})

describe('wherever people are', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  it('a connect that failed is said in the row, in a frame without leaving it, and the next try counts', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { context, list } = await visitFrame(world)
    const vendor = await opensWindow(context, () => connectLink(list, 'Strava').click())
    await cancel(vendor)
    await says(vendor, 'Strava was not connected')
    await list.getByRole('status').getByText('Strava was not connected').waitFor()
    await list.locator('#s-strava').getByText('You cancelled at Strava.').waitFor()
    assert.equal(vendor.isClosed(), false, 'the window that says why stays')
    world.advance(1000)
    await vendor.getByRole('link', { name: 'Try again' }).click()
    await allow(vendor)
    await list.getByRole('status').getByText('Strava is connected').waitFor()
    assert.equal(await list.locator('#s-strava').getByText('You cancelled').count(), 0)
  })

  it('inside another app connecting works where the vendor lets it, and the ways out are there again after it', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit({ userAgent: IN_APP })
    const { url, sources } = await newSession(world)
    await page.goto(url)
    await connectLink(page, 'Withings').click()
    await allow(page)
    await says(page, 'Withings is connected')
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await page.getByRole('heading', { name: 'You are inside another app' }).waitFor()
    assert.deepEqual(await sources(), [SOURCES.Withings])
  })

  it('one list in two tabs connects two sources at once, and both tabs show both', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, context } = await world.visit()
    const { url, sources } = await newSession(world)
    const second = await context.newPage()
    for (const tab of [page, second]) await tab.goto(url)
    await connectLink(page, 'Strava').click()
    await connectLink(second, 'Withings').click()
    await Promise.all([atVendor(page), atVendor(second)])
    await allow(second)
    await allow(page)
    for (const [tab, name] of [
      [page, 'Strava'],
      [second, 'Withings'],
    ] as const) {
      await says(tab, `${name} is connected`)
      await tab.getByRole('link', { name: 'Back to the list' }).click()
      for (const one of ['Strava', 'Withings'])
        await tab.getByRole('link', { name: `Disconnect ${one}` }).waitFor()
    }
    assert.deepEqual(
      (await sources()).toSorted((a, b) => a - b),
      [SOURCES.Withings, SOURCES.Strava],
    )
  })

  /** Loads the page anew, goes back to the list, and forward again: each time what belongs there is there. */
  const wander = async (page: Page, name: string) => {
    await heading(page, name)
    await page.reload()
    await heading(page, name)
    await page.goBack()
    await heading(page, 'Your data sources')
    await page.goForward()
    await heading(page, name)
  }

  it('back, forward and loading anew hold on every page of ours between the list and the outcome', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { url, sources } = await newSession(world)
    await page.goto(url)
    await page.getByRole('link', { name: 'Show QR code Apple Health' }).click()
    await wander(page, 'Connect Apple Health with your phone')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await says(page, 'Apple Health was not connected')
    await page.getByText('You chose not to go on.').waitFor()
    await page.reload()
    await heading(page, 'Apple Health was not connected')
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await connectLink(page, 'FreeStyle Libre').click()
    await wander(page, 'Log in to connect FreeStyle Libre')
    await page.goBack()
    await connectLink(page, 'Strava').click()
    await allow(page)
    await says(page, 'Strava is connected')
    await page.reload()
    await heading(page, 'Strava is connected')
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await page.getByRole('link', { name: 'Disconnect Strava' }).click()
    await wander(page, 'Disconnect Strava?')
    assert.deepEqual(await sources(), [SOURCES.Strava], 'looking at it changes nothing')
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
    await says(page, 'Strava is disconnected')
    await page.reload()
    await heading(page, 'Strava is disconnected')
    assert.deepEqual(await sources(), [])
  })

  it('the whole way there and back by keyboard: connect, come back, disconnect', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { url, sources } = await newSession(world)
    /** Moves on by Tab until something with this name has the focus, and presses Enter. */
    const press = async (name: string) => {
      for (let step = 0; step < 80; step++) {
        await page.keyboard.press('Tab')
        const focused = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
        if (focused === name) return page.keyboard.press('Enter')
      }
      assert.fail(`the keyboard does not reach ${name}`)
    }
    await page.goto(url)
    await page.keyboard.press('Tab')
    await page.keyboard.type('withings')
    await press('Connect')
    await atVendor(page)
    await press('Allow')
    await says(page, 'Withings is connected')
    assert.deepEqual(await sources(), [SOURCES.Withings])
    await press('Back to the list')
    await heading(page, 'Your data sources')
    await press('Disconnect')
    await heading(page, 'Disconnect Withings?')
    await press('Disconnect')
    await says(page, 'Withings is disconnected')
    assert.deepEqual(await sources(), [])
  })

  it('what a search found is said once the typing stops, in the digits of the language', async (t) => {
    const world = await openBrowserWorld(t, browser)
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await world.visit({ javaScriptEnabled, locale: 'fa' })
      const { url } = await newSession(world)
      await page.goto(url)
      await page.getByRole('searchbox').fill('strava')
      if (!javaScriptEnabled) await page.locator('#find button').click()
      const found = page.locator('#found[role=status]')
      await found.getByText(/۱/).waitFor()
      assert.doesNotMatch((await found.textContent()) ?? '', /1|count/)
    }
  })

  it('a page of an application that is loaded anew while somebody is away shows what they did', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, context, list } = await visitFrame(world)
    const vendor = await opensWindow(context, () => connectLink(list, 'Strava').click())
    await atVendor(vendor)
    await page.reload()
    await connectLink(list, 'Strava').waitFor()
    await allow(vendor)
    await says(vendor, 'Strava is connected')
    await page.reload()
    await list.getByRole('link', { name: 'Disconnect Strava' }).waitFor()
  })
})
