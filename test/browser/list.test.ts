// Goal: the plain list at the widget's URL connects and disconnects, and brings the person back to it each time, in a
// window and in a frame of the application. Method: a real browser on three sites.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { openBrowserWorld } from '../support/browser-world.ts'
import { addressOf, allow, cancel, heading, newSession, SOURCES, says } from './steps.ts'

describe('the list of sources', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  const backToTheList = async (page: Page) => {
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await heading(page, 'Your data sources')
  }

  it('connects, keeps, disconnects, and comes back each time', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { url, sources } = await newSession(world)
    await page.goto(url)
    await page.getByRole('link', { name: 'Connect Withings', exact: true }).click()
    await allow(page)
    await says(page, 'Withings is connected')
    await backToTheList(page)
    await page.getByText('Connected since November 22, 2026').waitFor()
    assert.deepEqual(await sources(), [SOURCES.Withings])

    await page.getByRole('link', { name: 'Disconnect Withings' }).click()
    await heading(page, 'Disconnect Withings?')
    await page.getByRole('button', { name: 'Keep connected' }).click()
    await says(page, 'Withings was not disconnected')
    await backToTheList(page)
    assert.deepEqual(await sources(), [SOURCES.Withings])

    await page.getByRole('link', { name: 'Disconnect Withings' }).click()
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
    await says(page, 'Withings is disconnected')
    await backToTheList(page)
    await page.getByRole('link', { name: 'Connect again Withings', exact: true }).waitFor()
    assert.deepEqual(await sources(), [])
    assert.deepEqual(world.complaints, [])
  })

  it('comes back after cancelling and trying again, too', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { url, sources } = await newSession(world)
    await page.goto(url)
    await page.getByRole('link', { name: 'Connect Strava', exact: true }).click()
    await cancel(page)
    await says(page, 'Strava was not connected')
    await page.getByRole('link', { name: 'Try again' }).click()
    await allow(page)
    await says(page, 'Strava is connected')
    await backToTheList(page)
    await page.getByRole('link', { name: 'Disconnect Strava' }).waitFor()
    assert.deepEqual(await sources(), [SOURCES.Strava])
  })

  it('works without scripts', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit({ javaScriptEnabled: false })
    const { url, sources } = await newSession(world)
    await page.goto(url)
    await page.getByRole('link', { name: 'Connect Fitbit', exact: true }).click()
    await allow(page)
    await says(page, 'Fitbit is connected')
    await backToTheList(page)
    assert.deepEqual(await sources(), [SOURCES.Fitbit])
  })

  it('in a frame of the application its links take the whole window without scripts', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit({ javaScriptEnabled: false })
    const { url } = await newSession(world)
    const frame = `<iframe title="Sources" width="600" height="700" src="${url.replaceAll('&', '&amp;')}"></iframe>`
    await page.goto(
      `${world.urls.shop}${world.publish(`<!doctype html><html lang="en"><head><title>Shop</title></head>${frame}`)}`,
    )
    const list = page.frameLocator('iframe')
    await list.getByRole('link', { name: 'Connect Strava', exact: true }).click()
    await allow(page)
    await says(page, 'Strava is connected')
    assert.equal(addressOf(page).origin, world.urls.service)
  })

  it('says when the session is over', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit({ expectedErrors: /status of 410/ })
    const { url } = await newSession(world)
    world.advance(3_600_000)
    await page.goto(url)
    await heading(page, 'This link has expired')
  })

  it('speaks the language of the browser when nobody chose one', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit({ locale: 'de-DE' })
    const { url } = await newSession(world)
    await page.goto(url)
    await heading(page, 'Deine Datenquellen')
  })
})
