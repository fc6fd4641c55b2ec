// Goal: a person connects sources from an application's own screen, and whatever they do at the vendor or on the way
// ends at that screen with the truth. Method: a real browser; service, vendors and application on three sites.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { openBrowserWorld } from '../support/browser-world.ts'
import {
  addressOf,
  allow,
  atVendor,
  cancel,
  connect,
  demoSources,
  exchanges,
  heading,
  leaveFor,
  openDemo,
  SOURCES,
  type SourceName,
  says,
} from './steps.ts'

const MINUTE_MS = 60_000

describe('connecting from the screen of an application', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  // The keys of the table are those of its type.
  for (const source of Object.keys(SOURCES) as SourceName[])
    it(`${source}: through the vendor's consent page and back to the screen, which says so`, async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit()
      await openDemo(page, world)
      await leaveFor(page, source)
      assert.equal(addressOf(page).origin, world.urls.vendor)
      await allow(page)
      await says(page, `${source} is connected`)

      const { origin, pathname, searchParams } = addressOf(page)
      assert.equal(`${origin}${pathname}`, `${world.urls.demo}/connected`)
      assert.deepEqual([...searchParams.keys()], ['dataSource', 'connected', 'result'])
      assert.deepEqual(
        [searchParams.get('dataSource'), searchParams.get('connected')],
        [String(SOURCES[source]), 'true'],
      )
      await page.getByText('Connected since', { exact: false }).waitFor()
      assert.deepEqual(await demoSources(world), [SOURCES[source]])
      assert.deepEqual(world.complaints, [])
    })

  it('cancelling at the vendor comes back calmly, and trying again from there connects', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    await leaveFor(page, 'Withings')
    await cancel(page)
    await says(page, 'You cancelled')
    assert.equal(addressOf(page).searchParams.get('error'), 'access_denied')
    assert.deepEqual(await demoSources(world), [])
    await page.getByRole('link', { name: 'Try Withings again' }).click()
    await allow(page)
    await says(page, 'Withings is connected')
  })

  it('cancelling when it is connected already leaves it connected, and says so', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    await connect(page, 'Strava')
    await page.getByText('Disconnect Strava', { exact: true }).click()
    await page.getByRole('link', { name: 'connect Strava again' }).click()
    await cancel(page)
    await says(page, 'You cancelled')
    await page.getByText('The connection that you already had stays as it was.').waitFor()
    assert.deepEqual(await demoSources(world), [SOURCES.Strava])
  })

  it('a scope that the person unticks is not in what they allowed', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    await leaveFor(page, 'Strava')
    await page.getByLabel('See your whole profile, even when it is private').uncheck()
    await allow(page)
    await says(page, 'Strava is connected')
    await page.getByText('Disconnect Strava', { exact: true }).click()
    await page.getByText('You allowed: read, activity read, activity read all', { exact: true }).waitFor()
  })

  it('unticking everything connects nothing, and says what is needed', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    await leaveFor(page, 'Strava')
    for (const box of await page.getByRole('checkbox', { disabled: false }).all()) await box.uncheck()
    await allow(page)
    await says(page, 'Strava needs one more tick')
    assert.equal(addressOf(page).searchParams.get('error'), 'scope_missing')
    assert.deepEqual(await demoSources(world), [])
  })

  it('a vendor that does not answer is not called the person’s fault', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    await leaveFor(page, 'Strava')
    await page.getByText('Make something go wrong').click()
    await page
      .getByLabel('What goes wrong when you allow')
      .selectOption('The token endpoint cuts the connection')
    await allow(page)
    await says(page, 'Strava did not answer')
    assert.deepEqual(await demoSources(world), [])
  })

  it('whoever stays at the vendor for too long is told, and nothing is connected', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    await leaveFor(page, 'Fitbit')
    world.advance(15 * MINUTE_MS)
    await allow(page)
    await says(page, 'That took a little long')
    assert.equal(addressOf(page).searchParams.get('error'), 'attempt_expired')
    assert.deepEqual([await demoSources(world), exchanges(world)], [[], 0])
  })

  it('two tabs connect two sources at the same time, in any order', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page, context } = await world.visit()
    await openDemo(page, world)
    const other = await context.newPage()
    await other.goto(world.urls.demo)
    await leaveFor(page, 'Strava')
    await leaveFor(other, 'Withings')
    await allow(page)
    await says(page, 'Strava is connected')
    world.advance(1_000)
    await allow(other)
    await says(other, 'Withings is connected')
    assert.deepEqual(await demoSources(world), [SOURCES.Strava, SOURCES.Withings])
  })

  it('opening the callback again shows the same outcome, and exchanges nothing', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    await connect(page, 'Strava')
    const shown = page.url()
    const callback = world.front.arrived.find(({ target }) => target.startsWith('/callback/'))
    await page.goto(`${world.urls.service}${callback?.target}`)
    await says(page, 'Strava is connected')
    assert.deepEqual([page.url(), exchanges(world)], [shown, 1])
  })

  it('going back to the vendor and allowing again shows the same outcome, and exchanges no second code', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    await connect(page, 'Strava')
    const shown = page.url()
    await page.goBack()
    await allow(page)
    await says(page, 'Strava is connected')
    assert.deepEqual([page.url(), exchanges(world)], [shown, 1])
    await page.reload()
    await says(page, 'Strava is connected')
  })

  it('a callback that lands in another browser connects nothing, and says where to go', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    await openDemo(page, world)
    await leaveFor(page, 'Strava')
    const { page: elsewhere } = await world.visit({ expectedErrors: /status of 409/ })
    await elsewhere.goto(page.url())
    await allow(elsewhere)
    await heading(elsewhere, 'You came back in another browser')
    await elsewhere.getByText('Go back to Tidewell and start again there.').waitFor()
    await allow(page)
    await says(page, 'You came back in another browser')
    assert.deepEqual([await demoSources(world), exchanges(world)], [[], 0])
  })

  it('works without scripts', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit({ javaScriptEnabled: false })
    await openDemo(page, world)
    await connect(page, 'Withings')
    await page.getByText('Disconnect Withings', { exact: true }).click()
    await page.getByRole('link', { name: 'Ask me once more first' }).click()
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
    await says(page, 'Withings is disconnected')
    assert.deepEqual(await demoSources(world), [])
  })

  it('works by keyboard alone, there and back, and always shows where the focus is', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    /** Presses Tab until the focus is on what is called `name`; each stop on the way must be visible. */
    const reach = async (name: RegExp) => {
      const seen: string[] = []
      while (seen.length < 40) {
        await page.keyboard.press('Tab')
        const focus = await page.evaluate(() => {
          const element = document.activeElement
          const { outlineStyle } = getComputedStyle(element ?? document.body)
          return { name: element?.textContent?.replace(/\s+/g, ' ').trim() ?? '', outlineStyle }
        })
        assert.notEqual(focus.outlineStyle, 'none', `no visible focus on "${focus.name}"`)
        if (name.test(focus.name)) return
        seen.push(focus.name)
      }
      assert.fail(`the keyboard does not reach ${name}, only ${seen.join(', ')}`)
    }
    await page.goto(world.urls.demo)
    await reach(/Mara Lindqvist$/)
    await page.keyboard.press('Enter')
    await heading(page, 'Your sources')
    await reach(/^Connect Strava$/)
    await page.keyboard.press('Enter')
    await atVendor(page)
    await reach(/^Allow$/)
    await page.keyboard.press('Enter')
    await says(page, 'Strava is connected')
    await reach(/^Disconnect Strava$/)
    await page.keyboard.press('Space')
    await reach(/^Ask me once more first$/)
    await page.keyboard.press('Enter')
    await heading(page, 'Disconnect Strava?')
    await reach(/^Disconnect$/)
    await page.keyboard.press('Enter')
    await says(page, 'Strava is disconnected')
    assert.deepEqual(await demoSources(world), [])
  })
})
