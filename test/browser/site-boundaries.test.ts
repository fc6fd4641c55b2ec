// Goal: what browsers do between sites is what the service counts on: which cookies come along, what may be framed, what
// is fetched ahead. Method: a real browser, real site boundaries, and a look at the requests that arrived.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { type BrowserWorld, openBrowserWorld } from '../support/browser-world.ts'
import {
  addressOf,
  allow,
  atVendor,
  exchanges,
  heading,
  newSession,
  opensWindow,
  SOURCES,
  says,
} from './steps.ts'

describe('between sites', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  describe('the attempt’s cookie must be Lax, since a vendor sends the person back from another site', () => {
    /** Connects Strava while the service's cookies carry another `SameSite`. */
    async function connectWith(page: Page, world: BrowserWorld, sameSite: 'Lax' | 'Strict') {
      world.front.changeHeaders((name, value) =>
        name === 'set-cookie' ? value.replace('SameSite=Lax', `SameSite=${sameSite}`) : value,
      )
      const { token, sources } = await newSession(world)
      await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Strava }))
      await atVendor(page)
      const cookies = await page.context().cookies()
      assert.deepEqual(
        cookies.map((cookie) => cookie.sameSite),
        [sameSite],
      )
      await allow(page)
      return sources
    }

    it('with Lax the callback knows its browser', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit()
      const sources = await connectWith(page, world, 'Lax')
      await says(page, 'Strava is connected')
      assert.deepEqual(await sources(), [SOURCES.Strava])
    })

    it('with Strict it would refuse the very person who started', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit({ expectedErrors: /status of 409/ })
      const sources = await connectWith(page, world, 'Strict')
      await heading(page, 'You came back in another browser')
      assert.deepEqual([await sources(), exchanges(world)], [[], 0])
    })
  })

  describe('in a frame', () => {
    /** Opens a page of an application with a frame in it, and returns the frame's content. */
    async function frame(page: Page, world: BrowserWorld, origin: string, url: string) {
      const path = world.publish(
        `<!doctype html><html lang="en"><head><title>Shop</title></head><iframe title="Connect" width="400" height="400" src="${url.replaceAll('&', '&amp;')}"></iframe>`,
      )
      await page.goto(`${origin}${path}`)
      return page.frameLocator('iframe')
    }

    /** The same, and waits until the browser has refused to show the content. */
    async function refusedFrame(page: Page, world: BrowserWorld, origin: string, url: string) {
      const [content] = await Promise.all([
        frame(page, world, origin, url),
        page.waitForEvent('console', (message) => message.text().includes('frame-ancestors')),
      ])
      return content
    }

    it('of a listed origin a start link shows one button, which takes the whole window and comes back', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, context } = await world.visit()
      const { token, sources } = await newSession(world)
      const redirectUri = `${world.urls.shop}/done`
      const url = world.backend.connectUrl({ token, dataSource: SOURCES.Strava, redirectUri })
      const content = await frame(page, world, world.urls.shop, url)
      await content.getByRole('heading', { name: 'Continue to Strava' }).waitFor()
      assert.equal(await content.getByRole('link').or(content.getByRole('button')).count(), 1)
      assert.deepEqual([await context.cookies(), world.sandbox.calls().length], [[], 0], 'nothing is started')
      await content.getByRole('link', { name: 'Continue' }).click()
      await allow(page)
      await page.waitForURL(`${redirectUri}?**`)
      assert.equal(addressOf(page).searchParams.get('connected'), 'true')
      assert.deepEqual(await sources(), [SOURCES.Strava])
    })

    it('of a listed origin, without a way back, the button opens a window of its own', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, context } = await world.visit()
      const { token, sources } = await newSession(world)
      const url = world.backend.connectUrl({ token, dataSource: SOURCES.Withings })
      const content = await frame(page, world, world.urls.shop, url)
      const opened = await opensWindow(context, () =>
        content.getByRole('link', { name: 'Continue in a new window' }).click(),
      )
      await allow(opened)
      await says(opened, 'Withings is connected')
      assert.equal(addressOf(page).origin, world.urls.shop)
      assert.deepEqual(await sources(), [SOURCES.Withings])
    })

    it('of an origin that is not listed the browser shows nothing', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, context } = await world.visit({ expectedErrors: /frame-ancestors/ })
      const { token } = await newSession(world)
      const url = world.backend.connectUrl({ token, dataSource: SOURCES.Strava })
      const content = await refusedFrame(page, world, world.urls.stranger, url)
      assert.equal(await content.getByRole('link').count(), 0)
      assert.deepEqual([await context.cookies(), world.sandbox.calls().length], [[], 0])
    })

    it('a page with a consequence is shown to nobody’s frame', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit({ expectedErrors: /frame-ancestors 'none'/ })
      const { token } = await newSession(world)
      const url = world.backend.disconnectUrl({ token, dataSource: SOURCES.Strava })
      const content = await refusedFrame(page, world, world.urls.shop, url)
      assert.equal(await content.getByRole('button', { name: 'Disconnect' }).count(), 0)
    })
  })

  describe('a browser that fetches ahead changes nothing', () => {
    /** Opens a page that makes the browser fetch a URL ahead, and waits until that arrived at the service. */
    async function fetchAhead(page: Page, world: BrowserWorld, url: string, markup: (url: string) => string) {
      const { pathname, search } = new URL(url)
      const path = world.publish(
        `<!doctype html><html lang="en"><head><title>Shop</title>${markup(url)}</head><a href="${url.replaceAll('&', '&amp;')}">Go on</a>`,
      )
      const [{ headers }] = await Promise.all([
        world.front.next(({ target }) => target === pathname + search),
        page.goto(`${world.urls.shop}${path}`),
      ])
      assert.match(String(headers['sec-purpose']), /^prefetch/)
    }
    const Ways = {
      'a link to prefetch': (url: string) => `<link rel="prefetch" href="${url.replaceAll('&', '&amp;')}">`,
      'speculation rules': (url: string) =>
        `<script type="speculationrules">${JSON.stringify({ prefetch: [{ source: 'list', urls: [url], eagerness: 'immediate' }] })}</script>`,
    }
    for (const [way, markup] of Object.entries(Ways))
      it(`by ${way}, to connect and to disconnect; the person’s own click then does`, async (t) => {
        const world = await openBrowserWorld(t, browser)
        // The browser notes that it got nothing.
        const { page, context } = await world.visit({
          expectedErrors: /status of 503/,
        })
        const { token, sources } = await newSession(world)
        const link = { token, dataSource: SOURCES.Strava }
        await fetchAhead(page, world, world.backend.connectUrl(link), markup)
        assert.deepEqual([await context.cookies(), world.sandbox.calls().length], [[], 0])
        await page.getByRole('link', { name: 'Go on' }).click()
        await allow(page)
        await says(page, 'Strava is connected')

        // A browser fetches ahead from another site only what it has no cookie for.
        await context.clearCookies()
        await fetchAhead(page, world, world.backend.disconnectUrl({ ...link, direct: true }), markup)
        assert.deepEqual(await sources(), [SOURCES.Strava])
        await page.getByRole('link', { name: 'Go on' }).click()
        await says(page, 'Strava is disconnected')
        assert.deepEqual(await sources(), [])
      })
  })
})
