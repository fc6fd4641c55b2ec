// Goal: without a way back, the service's own result page ends the trip well: it is true, keeps no token in the address
// bar, can be closed, and errors leave the session as it was. Method: a real browser on three sites.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { closesBy, launchBrowser } from '../support/browser.ts'
import { openBrowserWorld } from '../support/browser-world.ts'
import {
  addressOf,
  allow,
  atVendor,
  cancel,
  demoSources,
  exchanges,
  heading,
  newSession,
  openDemo,
  opensWindow,
  SOURCES,
  says,
} from './steps.ts'

const HOUR_MS = 3_600_000

describe('the result page', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  it('ends the new tab of the demo, whose screen knows once that tab is closed', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    const tab = await opensWindow(page.context(), () =>
      page.getByRole('link', { name: 'New tab to connect Strava' }).click(),
    )
    await allow(tab)
    await says(tab, 'Strava is connected')
    await tab.getByText('You can close this window.').waitFor()
    assert.equal(addressOf(tab).origin, world.urls.service)
    await tab.close()
    await says(page, 'Strava is connected')
    assert.deepEqual(await demoSources(world), [SOURCES.Strava])
  })

  it('has a button that closes a popup, and the page that opened it sees that', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { token, sources } = await newSession(world)
    const url = world.backend.connectUrl({ token, dataSource: SOURCES.Withings })
    await page.goto(
      `${world.urls.shop}${world.publish('<head><title>Shop</title></head><button>Connect</button>')}`,
    )
    await page.evaluate((address) => {
      document.querySelector('button')?.addEventListener('click', () => {
        const popup = window.open(address, 'connect', 'width=480,height=700')
        const timer = setInterval(() => {
          document.title = popup?.closed ? 'closed' : 'open'
          if (popup?.closed) clearInterval(timer)
        }, 20)
      })
    }, url)
    const popup = await opensWindow(page.context(), () => page.getByRole('button').click())
    await atVendor(popup)
    await page.waitForFunction(() => document.title === 'open')
    await allow(popup)
    await says(popup, 'Withings is connected')
    assert.equal(await page.title(), 'open', 'the page keeps sight of the popup through the whole trip')
    await closesBy(popup, () => popup.getByRole('button', { name: 'Close window' }).click())
    await page.waitForFunction(() => document.title === 'closed')
    assert.deepEqual(await sources(), [SOURCES.Withings])
  })

  it('takes the token out of the address bar and the history; a reload in this browser shows it again', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { token } = await newSession(world)
    await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Strava }))
    await allow(page)
    await says(page, 'Strava is connected')
    const { pathname, searchParams } = addressOf(page)
    assert.equal(pathname, '/dataSourceDirectConnectionResult.html')
    assert.deepEqual([...searchParams.keys()], ['dataSource', 'connected', 'attempt'])
    await page.reload()
    await says(page, 'Strava is connected')
    assert.ok(!page.url().includes(token))
  })

  it('says that a cancelled trip was cancelled, and its button tries again', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { token, sources } = await newSession(world)
    await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Fitbit }))
    await cancel(page)
    await says(page, 'Fitbit was not connected')
    await page.getByText('You cancelled at Fitbit. Nothing was changed.').waitFor()
    assert.deepEqual(await sources(), [])
    await page.getByRole('link', { name: 'Try again' }).click()
    await allow(page)
    await says(page, 'Fitbit is connected')
    assert.deepEqual(await sources(), [SOURCES.Fitbit])
  })

  it('says so when the person did not allow everything, and its button asks for the rest', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { token } = await newSession(world)
    await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Strava }))
    await atVendor(page)
    await page.getByLabel('See your activities, except those only you can see').uncheck()
    await allow(page)
    await says(page, 'Strava is connected')
    const missing = page.getByText('You did not allow everything that was asked for')
    await missing.waitFor()
    await page.getByRole('link', { name: 'Allow more' }).click()
    await atVendor(page)
    await allow(page)
    await says(page, 'Strava is connected')
    assert.equal(await missing.count(), 0)
  })

  it('going back to the vendor and allowing again shows the same outcome', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { token } = await newSession(world)
    await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Withings }))
    await allow(page)
    await says(page, 'Withings is connected')
    const shown = page.url()
    await page.goBack()
    await cancel(page)
    await says(page, 'Withings is connected')
    assert.deepEqual([page.url(), exchanges(world)], [shown, 1])
  })

  it('says what is stored, whatever the address claims', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { token } = await newSession(world)
    await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Strava }))
    await cancel(page)
    await says(page, 'Strava was not connected')
    const forged = addressOf(page)
    forged.searchParams.set('connected', 'true')
    forged.searchParams.set('token', token)
    await page.goto(forged.href)
    await says(page, 'Strava was not connected')
    assert.equal(addressOf(page).searchParams.get('connected'), 'false')
    await page.goto(
      `${world.urls.service}/dataSourceDirectConnectionResult.html?dataSource=11&connected=true`,
    )
    await heading(page, 'You can go back to your app')
  })

  it('an expired link is told to the application that waits for the outcome', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    const { token, sources } = await newSession(world)
    world.advance(HOUR_MS)
    const link = { token, dataSource: SOURCES.Strava, redirectUri: `${world.urls.demo}/connected` }
    await page.goto(world.backend.connectUrl(link))
    await says(page, 'That took a little long')
    assert.equal(addressOf(page).searchParams.get('error'), 'session_expired')
    assert.deepEqual(await sources(), [])
  })

  it('an expired link without a way back gets a page that says so', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, context } = await world.visit({ expectedErrors: /status of 410/ })
    const { token } = await newSession(world)
    world.advance(HOUR_MS)
    const response = await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Strava }))
    assert.equal(response?.status(), 410)
    await heading(page, 'This link has expired')
    await page.getByText('Go back to Tidewell and start again there.').waitFor()
    assert.deepEqual(await context.cookies(), [])
  })

  it('a way back that is not listed starts nothing, disconnects nothing, and leaves the session good', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, context } = await world.visit({ expectedErrors: /status of 400/ })
    const { token, sources } = await newSession(world)
    const link = { token, dataSource: SOURCES.Strava, redirectUri: `${world.urls.stranger}/done` }
    const refused = async (url: string) => {
      const response = await page.goto(url)
      assert.equal(response?.status(), 400)
      await heading(page, 'This link cannot be used')
      assert.equal(page.url(), url, 'nobody is sent anywhere')
    }
    await refused(world.backend.connectUrl(link))
    assert.deepEqual([await context.cookies(), world.sandbox.calls().length], [[], 0])

    await page.goto(world.backend.connectUrl({ token, dataSource: SOURCES.Strava }))
    await allow(page)
    await says(page, 'Strava is connected')
    await refused(world.backend.disconnectUrl({ ...link, direct: true }))
    assert.deepEqual(await sources(), [SOURCES.Strava])
  })
})
