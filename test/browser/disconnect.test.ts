// Goal: a person disconnects a source in every documented way, and the browser lets them back to where they came from.
// Method: a real browser; service, vendors and application on three sites, under the policies that they send.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { APP_SCHEME_URI, type BrowserWorld, openBrowserWorld } from '../support/browser-world.ts'
import {
  addressOf,
  allow,
  connect,
  demoSources,
  heading,
  newSession,
  openDemo,
  SOURCES,
  says,
} from './steps.ts'

describe('disconnecting', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  /** The demo's screen with Strava connected and the ways to disconnect it open. */
  async function openWays(page: Page, world: BrowserWorld): Promise<void> {
    await openDemo(page, world)
    await connect(page, 'Strava')
    await page.getByText('Disconnect Strava', { exact: true }).click()
  }

  /** Somebody who connected Strava by a link, with the session for more. */
  async function connected(page: Page, world: BrowserWorld) {
    const session = await newSession(world)
    await page.goto(world.backend.connectUrl({ token: session.token, dataSource: SOURCES.Strava }))
    await allow(page)
    await says(page, 'Strava is connected')
    return session
  }

  it('at once, in the same window: back at the screen, which says so', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openWays(page, world)
    await page.getByRole('button', { name: 'Disconnect Strava now' }).click()
    await says(page, 'Strava is disconnected')
    const { origin, pathname, searchParams } = addressOf(page)
    assert.equal(`${origin}${pathname}`, `${world.urls.demo}/disconnected`)
    assert.deepEqual([...searchParams.keys()], ['dataSource', 'connected', 'result'])
    assert.deepEqual([searchParams.get('dataSource'), searchParams.get('connected')], ['11', 'false'])
    await page.getByRole('link', { name: 'Connect Strava', exact: true }).waitFor()
    assert.deepEqual(await demoSources(world), [])
    assert.deepEqual(world.complaints, [])
  })

  it('after a question: the answer leads from the service’s form to the application', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openWays(page, world)
    await page.getByRole('link', { name: 'Ask me once more first' }).click()
    await heading(page, 'Disconnect Strava?')
    assert.equal(addressOf(page).origin, world.urls.service)
    assert.deepEqual(await demoSources(world), [SOURCES.Strava], 'asking changes nothing')
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
    await says(page, 'Strava is disconnected')
    assert.equal(addressOf(page).origin, world.urls.demo)
    assert.deepEqual(await demoSources(world), [])
  })

  it('after a question that is answered with no: nothing is changed', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openWays(page, world)
    await page.getByRole('link', { name: 'Ask me once more first' }).click()
    await page.getByRole('button', { name: 'Keep connected' }).click()
    await says(page, 'You kept Strava')
    assert.equal(addressOf(page).searchParams.get('error'), 'access_denied')
    assert.deepEqual(await demoSources(world), [SOURCES.Strava])
  })

  it('in the background: the same page, brought up to date', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openWays(page, world)
    const body = await page.evaluateHandle(() => document.body)
    await page.getByRole('button', { name: 'Disconnect without leaving this page' }).click()
    await says(page, 'Strava is disconnected')
    assert.ok(await body.evaluate((before) => before === document.body), 'the page was not loaded again')
    assert.deepEqual(await demoSources(world), [])
  })

  it('by fetch from a page of any origin', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { token, sources } = await connected(page, world)
    await page.goto(world.urls.stranger)
    const answer = await page.evaluate(
      async (url) => (await fetch(url, { mode: 'no-cors', credentials: 'omit' })).type,
      world.backend.disconnectUrl({ token, dataSource: SOURCES.Strava, direct: true }),
    )
    assert.equal(answer, 'opaque')
    assert.deepEqual(await sources(), [])
  })

  it('without a way back: the result page says so, also when there was nothing to disconnect', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { token, sources } = await connected(page, world)
    const url = world.backend.disconnectUrl({ token, dataSource: SOURCES.Strava, direct: true })
    for (const text of ['We also ask Strava to end the access on its side.', 'Tidewell no longer receives']) {
      await page.goto(url)
      await heading(page, 'Strava is disconnected')
      await page.getByText(text).waitFor()
      assert.equal(addressOf(page).searchParams.get('connected'), 'false')
      assert.deepEqual(await sources(), [])
    }
  })

  it('going back to the question and answering otherwise does not undo the answer', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const { token, sources } = await connected(page, world)
    await page.goto(world.backend.disconnectUrl({ token, dataSource: SOURCES.Strava }))
    await page.getByRole('button', { name: 'Keep connected' }).click()
    await heading(page, 'Strava was not disconnected')
    await page.getByText('You chose to keep the connection. Nothing was changed.').waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
    await heading(page, 'Strava is disconnected')
    assert.deepEqual(await sources(), [])
  })

  describe('hands over to an app on the same device, whose address is a scheme of its own', () => {
    /** Waits until the browser hands an address to the system; in this one nobody takes it. */
    const handedOver = async (page: Page): Promise<URLSearchParams> => {
      const request = await page.waitForEvent('requestfailed', (one) => one.url().startsWith('myapp:'))
      assert.ok(request.url().startsWith(`${APP_SCHEME_URI}?`))
      return new URL(request.url()).searchParams
    }

    it('after the consent at the vendor and after the question of the service', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit()
      const { token, sources } = await newSession(world)
      const link = { token, dataSource: SOURCES.Strava, redirectUri: APP_SCHEME_URI }
      await page.goto(world.backend.connectUrl(link))
      const [connecting] = await Promise.all([handedOver(page), allow(page)])
      assert.deepEqual([connecting.get('dataSource'), connecting.get('connected')], ['11', 'true'])

      await page.goto(world.backend.disconnectUrl(link))
      const answer = page.getByRole('button', { name: 'Disconnect', exact: true })
      const [disconnecting] = await Promise.all([handedOver(page), answer.click()])
      assert.deepEqual([disconnecting.get('dataSource'), disconnecting.get('connected')], ['11', 'false'])
      assert.deepEqual(await sources(), [])

      // The page is still there when the person comes back from the app, and tells it the same once more.
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
      const [again] = await Promise.all([handedOver(page), answer.click()])
      assert.equal(String(again), String(disconnecting))
    })

    it('and the browser would block that if the page did not name the scheme', async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page, errors } = await world.visit({ expectedErrors: /form-action 'self'/ })
      const { token } = await connected(page, world)
      world.front.changeHeaders((name, value) =>
        name === 'content-security-policy' ? value.replace(' myapp:', '') : value,
      )
      await page.goto(
        world.backend.disconnectUrl({ token, dataSource: SOURCES.Strava, redirectUri: APP_SCHEME_URI }),
      )
      const blocked = page.waitForEvent('console', (message) => message.text().includes('form-action'))
      await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
      await blocked
      assert.equal(errors.length, 1)
    })
  })
})
