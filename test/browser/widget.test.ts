// Goal: the list of sources leads to vendors and back wherever it stands: as a page, in a frame, in a window that an
// application opened, with windows blocked, openers gone, scripts off, inside another app. The token never stays in an
// address bar, and the application's page hears what changed, never a secret. Method: a real browser on three sites.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { closesBy, launchBrowser } from '../support/browser.ts'
import { openBrowserWorld } from '../support/browser-world.ts'
import { connectLink, embedding, openFrame, toldOf, visitFrame } from './embedding.ts'
import { allow, atVendor, cancel, heading, newSession, opensWindow, SOURCES, says } from './steps.ts'

/** A page of an application that opens the list in a window. */
const opening = (url: string): string => `<!doctype html><html lang="en"><head><title>Shop</title></head>
<script>window.told = []; addEventListener('message', (event) => told.push({ origin: event.origin, data: event.data }))</script>
<button onclick="open('${url}', 'list', 'popup,width=520,height=760')">Open</button></html>`

/** Android's mark of a web view. */
const IN_APP =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36'

describe('the widget', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  describe('as a page', () => {
    it('has no token in its address, and none in the history [T013]', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, context } = await world.visit()
      const { url, token } = await newSession(world)
      await page.goto(url)
      assert.match(page.url(), /\/\?session=[\w-]{22}&ends=\d{10}&platform=web&lang=en$/)
      assert.equal(await page.evaluate(() => history.length), 2)
      const [cookie] = await context.cookies()
      assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.value], [true, 'Lax', token])
    })

    it('comes back to the place of the source, and survives reload and back at every step', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit()
      const { url, sources } = await newSession(world)
      await page.goto(url)
      const address = page.url()
      await page.reload()
      await connectLink(page, 'Strava').click()
      await atVendor(page)
      await page.goBack()
      await heading(page, 'Your data sources')
      assert.equal(page.url(), address)
      await connectLink(page, 'Strava').click()
      await page.reload()
      await allow(page)
      await says(page, 'Strava is connected')
      await page.getByRole('link', { name: 'Back to the list' }).click()
      await heading(page, 'Your data sources')
      assert.match(page.url(), /\/\?session=[\w-]{22}&ends=\d{10}&platform=web#s-strava$/)
      assert.equal(await page.locator('.source:target h3').textContent(), 'Strava')
      assert.deepEqual(await sources(), [SOURCES.Strava])
    })

    it('keeps two people’s lists in two tabs apart', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, context } = await world.visit()
      const [one, other] = [await newSession(world), await newSession(world)]
      await page.goto(one.url)
      const second = await context.newPage()
      await second.goto(other.url)
      await connectLink(page, 'Strava').click()
      await connectLink(second, 'Withings').click()
      await allow(page)
      await says(page, 'Strava is connected')
      await allow(second)
      await says(second, 'Withings is connected')
      assert.deepEqual([await one.sources(), await other.sources()], [[SOURCES.Strava], [SOURCES.Withings]])
    })

    it('searches while typing, and by a form without scripts', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { url } = await newSession(world)
      for (const javaScriptEnabled of [true, false]) {
        const { page } = await world.visit({ javaScriptEnabled })
        await page.goto(url)
        const before = page.url()
        await page.getByRole('searchbox', { name: 'Search sources' }).fill('wíthings')
        if (!javaScriptEnabled) await page.getByRole('button', { name: 'Search' }).click()
        await connectLink(page, 'Withings').waitFor()
        await connectLink(page, 'Strava').waitFor({ state: 'hidden' })
        assert.equal(page.url() === before, javaScriptEnabled)
        await page.getByRole('searchbox').fill('nothing of the kind')
        if (!javaScriptEnabled) await page.getByRole('button', { name: 'Search' }).click()
        await page.getByText('No source matches your search.').waitFor()
      }
    })

    it('can be used by the keyboard alone', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit()
      const { url, sources } = await newSession(world)
      await page.goto(url)
      await page.keyboard.press('Tab')
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'q')
      await page.keyboard.type('strava')
      await page.keyboard.press('Tab')
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'connect-strava')
      await page.keyboard.press('Enter')
      await allow(page)
      await says(page, 'Strava is connected')
      assert.deepEqual(await sources(), [SOURCES.Strava])
    })
  })

  describe('in a frame of the application', () => {
    it('opens the vendor beside it, follows, and tells the application’s page alone what changed', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, context, list } = await visitFrame(world)
      assert.deepEqual(await context.cookies(), [])
      const vendor = await opensWindow(context, () => connectLink(list, 'Strava').click())
      await list.getByRole('status').getByText('Continue in the other window.').waitFor()
      await closesBy(vendor, () => allow(vendor))
      await list.getByRole('status').getByText('Strava is connected').waitFor()
      await list.getByRole('link', { name: 'Disconnect Strava' }).waitFor()
      const told = await toldOf(page, 1)
      assert.deepEqual(told, [
        {
          origin: world.urls.service,
          data: { type: 'springbar.connection', dataSource: SOURCES.Strava, connected: true },
        },
      ])
      assert.equal(new URL(page.url()).origin, world.urls.shop, 'the application’s page is where it was')
    })

    it('disconnects in the same way', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, context } = await world.visit()
      const { url, token } = await newSession(world)
      await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Withings }))
      await allow(page)
      await says(page, 'Withings is connected')
      const list = await openFrame(page, world, url)
      const asked = await opensWindow(context, () =>
        list.getByRole('link', { name: 'Disconnect Withings' }).click(),
      )
      await asked.getByRole('button', { name: 'Disconnect', exact: true }).click()
      await list.getByRole('status').getByText('Withings is disconnected').waitFor()
      assert.deepEqual(
        (await toldOf(page, 1)).map(({ data }) => data),
        [{ type: 'springbar.connection', dataSource: SOURCES.Withings, connected: false }],
      )
    })

    it('offers both ways in place when the browser opens no window, and follows a window without opener', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, context } = await world.visit()
      await page.addInitScript(() => {
        window.open = () => null
      })
      const { url, sources } = await newSession(world)
      const list = await openFrame(page, world, url)
      await connectLink(list, 'Strava').click()
      await list.getByRole('heading', { name: 'Your browser did not open a window' }).waitFor()
      await list.getByRole('link', { name: 'Continue in this window' }).waitFor()
      const vendor = await opensWindow(context, () =>
        list.getByRole('link', { name: 'Continue in a new window' }).click(),
      )
      assert.equal(await vendor.evaluate(() => window.opener), null)
      await allow(vendor)
      await says(vendor, 'Strava is connected')
      await list.getByRole('status').getByText('Strava is connected').waitFor()
      await list
        .getByRole('heading', { name: 'Your browser did not open a window' })
        .waitFor({ state: 'hidden' })
      assert.deepEqual(await sources(), [SOURCES.Strava])
    })

    it('follows when the vendor’s pages cut the opener off', async (t) => {
      const world = await openBrowserWorld(t, browser)
      world.front.changeHeaders((name, value) =>
        name === 'cross-origin-opener-policy' ? 'same-origin' : value,
      )
      const { context, list } = await visitFrame(world, {
        expectedErrors: /Cross-Origin-Opener-Policy/,
      })
      const vendor = await opensWindow(context, () => connectLink(list, 'Strava').click())
      await allow(vendor)
      await says(vendor, 'Strava is connected')
      await list.getByRole('status').getByText('Strava is connected').waitFor()
      assert.equal(vendor.isClosed(), false)
    })

    it('leaves the reason in the window when it was cancelled', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, context, list } = await visitFrame(world)
      const vendor = await opensWindow(context, () => connectLink(list, 'Strava').click())
      await cancel(vendor)
      await says(vendor, 'Strava was not connected')
      await closesBy(vendor, () => vendor.getByRole('button', { name: 'Close window' }).click())
      await connectLink(list, 'Strava').waitFor()
      assert.deepEqual(await toldOf(page, 0), [])
    })

    it('says there that the session is over', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit({ expectedErrors: /status of 410/ })
      const { url } = await newSession(world)
      world.advance(3_600_000)
      await page.goto(`${world.urls.shop}${world.publish(embedding(url))}`)
      await page.frameLocator('iframe').getByRole('heading', { name: 'This link has expired' }).waitFor()
    })
  })

  it('is shown to no frame of a page that is not listed [T090]', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit({ expectedErrors: /frame-ancestors/ })
    const { url } = await newSession(world)
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'))
    await page.goto(`${world.urls.stranger}${world.publish(embedding(url))}`)
    await refused
    assert.equal(await page.frameLocator('iframe').getByRole('link').count(), 0)
    assert.deepEqual(await toldOf(page, 0), [])
  })

  it('in a window that the application opened connects, comes back, and closes it', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, context } = await world.visit()
    const { url, sources } = await newSession(world)
    await page.goto(`${world.urls.shop}${world.publish(opening(url))}`)
    const list = await opensWindow(context, () => page.getByRole('button', { name: 'Open' }).click())
    await connectLink(list, 'Withings').click()
    await allow(list)
    await says(list, 'Withings is connected')
    await list.getByRole('link', { name: 'Back to the list' }).click()
    await heading(list, 'Your data sources')
    assert.doesNotMatch(list.url(), /connectionSessionToken/)
    await closesBy(list, () => list.getByRole('button', { name: 'Close window' }).click())
    assert.deepEqual(await sources(), [SOURCES.Withings])
  })

  it('inside another app names the ways out, and copies the link', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, context } = await world.visit({ userAgent: IN_APP })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: world.urls.service })
    const { url, token } = await newSession(world)
    await page.goto(url)
    await page.getByRole('heading', { name: 'You are inside another app' }).waitFor()
    const out = await page.getByRole('link', { name: 'Open in your browser' }).getAttribute('href')
    assert.equal(
      out,
      `intent://${world.urls.service.slice('http://'.length)}/?connectionSessionToken=${token}&platform=web#Intent;scheme=http;end`,
    )
    await page.getByText('Use another device').click()
    await page.getByRole('img', { name: 'QR code that holds the link' }).waitFor()
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByRole('button', { name: 'Link copied' }).waitFor()
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      `${world.urls.service}/?connectionSessionToken=${token}&platform=web`,
    )
  })
})
