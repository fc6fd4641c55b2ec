// Goal: everything that a person meets on the way is usable by anybody: clean for axe (WCAG 2.2 AA), light and dark, and
// never wider than the window. Method: a real browser walks the real pages and looks at each in every circumstance.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { violations } from '../support/accessibility.ts'
import { launchBrowser, type PageOptions } from '../support/browser.ts'
import { type BrowserWorld, openBrowserWorld } from '../support/browser-world.ts'
import {
  allow,
  atVendor,
  cancel,
  connect,
  heading,
  leaveFor,
  newSession,
  openDemo,
  SOURCES,
  says,
} from './steps.ts'

const WIDTHS = [1280, 360, 320]
const HEIGHT = 800
const LONG_NAME = 'Die Gesundheitstagebuch-App der Donaudampfschifffahrtsgesellschaftskapitänsvereinigung'

describe('how it looks', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  async function visit(world: BrowserWorld, options: PageOptions = {}): Promise<Page> {
    return (await world.visit(options)).page
  }

  /** Looks at the page in both themes and every width. */
  async function look(page: Page, what: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: HEIGHT })
        const isTooWide = await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        )
        assert.equal(isTooWide, false, `${what} is wider than ${width} pixels`)
        // 360 lays out as 320 does.
        if (width !== 360)
          assert.deepEqual(await violations(page), [], `${what}, ${colorScheme}, ${width} pixels`)
      }
    }
  }

  it('the application’s screen, from signing in to disconnecting', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const page = await visit(world)
    await page.goto(world.urls.demo)
    await look(page, 'signing in')
    await openDemo(page, world)
    await look(page, 'the screen with nothing connected')
    await connect(page, 'Strava')
    await page.getByText('Disconnect Strava', { exact: true }).click()
    await look(page, 'the screen with a source connected')
    await leaveFor(page, 'Withings')
    await cancel(page)
    await says(page, 'You cancelled')
    await look(page, 'the screen after cancelling')
  })

  it('the vendor’s page', async (t) => {
    const world = await openBrowserWorld(t, browser, { applicationName: LONG_NAME })
    const page = await visit(world)
    const { token } = await newSession(world)
    await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Fitbit }))
    await page.getByText('Make something go wrong').click()
    await look(page, 'the consent page')
  })

  it('the result page, for each kind of outcome', async (t) => {
    const world = await openBrowserWorld(t, browser, { applicationName: LONG_NAME })
    const page = await visit(world)
    const { token } = await newSession(world)
    const link = { token, dataSource: SOURCES.Strava }
    const leave = async () => {
      await page.goto(world.backend.connectUrl(link))
      await atVendor(page)
    }

    await leave()
    await cancel(page)
    await says(page, 'Strava was not connected')
    await look(page, 'cancelled')
    await leave()
    for (const box of await page.getByRole('checkbox', { disabled: false }).all()) await box.uncheck()
    await allow(page)
    await page.getByText('that Strava lists').waitFor()
    await look(page, 'too little allowed')
    await leave()
    await page.getByLabel('See your whole profile, even when it is private').uncheck()
    await allow(page)
    await says(page, 'Strava is connected')
    await look(page, 'connected in part')
    await page.goto(world.backend.disconnectUrl(link))
    await heading(page, 'Disconnect Strava?')
    await look(page, 'the question before disconnecting')
    await page.getByRole('button', { name: 'Keep connected' }).click()
    await says(page, 'Strava was not disconnected')
    await look(page, 'kept')
    await page.goto(world.backend.disconnectUrl({ ...link, direct: true }))
    await says(page, 'Strava is disconnected')
    await look(page, 'disconnected')
    await page.goto(`${world.urls.service}/dataSourceDirectConnectionResult.html`)
    await heading(page, 'You can go back to your app')
    await look(page, 'nothing known')
  })

  it('the list, with everything open', async (t) => {
    const world = await openBrowserWorld(t, browser, { applicationName: LONG_NAME })
    const page = await visit(world)
    const { token, url } = await newSession(world)
    await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Withings }))
    await allow(page)
    await says(page, 'Withings is connected')
    await page.goto(url)
    await page.getByText('Not available').click()
    await look(page, 'the list')
  })

  it('error pages', async (t) => {
    const world = await openBrowserWorld(t, browser, { applicationName: LONG_NAME })
    const page = await visit(world, { expectedErrors: /status of 4\d\d/ })
    const { token } = await newSession(world)
    const { backend, urls } = world
    await page.goto(
      backend.connectUrl({ token, dataSource: SOURCES.Strava, redirectUri: `${urls.stranger}/done` }),
    )
    await look(page, 'redirect not allowed')
    await page.goto(backend.connectUrl({ token, dataSource: 5 }))
    await heading(page, 'Connect Apple Health with your phone')
    await look(page, 'a source of the phone')
    await page.goto(`${urls.service}/nowhere`)
    await heading(page, 'There is nothing here')
    await look(page, 'nothing there')
    world.advance(3_600_000)
    await page.goto(backend.connectUrl({ token, dataSource: SOURCES.Strava }))
    await heading(page, 'This link has expired')
    await look(page, 'expired')
  })
})
