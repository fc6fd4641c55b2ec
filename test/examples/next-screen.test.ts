// Goal: the Next.js example does what its README says, with scripts and before they have come.
// Method: installed, built and started by the command of its README beside the try-out, and used in a real browser.
import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { allow, atVendor, cancel, says } from '../browser/steps.ts'
import { closesBy, launchBrowser } from '../support/browser.ts'
import {
  assertFitForPeople,
  connectedSources,
  type RunningExample,
  signedIn,
  startExample,
} from './running-example.ts'

const MARA = 'tidewell-5d0c7e1f4a8b4b0e9c63d2f7a1e85b90'
const JONAS = 'tidewell-c2f94b6d0e7348a1b5de83f06a9c1742'

describe('the Next.js example', () => {
  let browser: Browser
  let example: RunningExample
  before(async () => {
    // One after the other: a browser that nobody knows of because the example failed would keep this file open.
    browser = await launchBrowser()
    example = await startExample('next-screen', { webhooks: '/webhooks' })
  })
  after(async () => {
    await browser?.close()
    await example?.end()
  })

  /** Signed in, with the scripts at work. */
  async function open(test: TestContext, name: string): Promise<Page> {
    const page = await signedIn(browser, example, name, { test })
    await page.locator('[type=search]:enabled').waitFor()
    return page
  }
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

  it('has its way back on the list of the try-out', async () => {
    const { allowed } = await example.backend.checkRedirectUri('http://localhost:3000/connected')
    assert.equal(allowed, true)
  })

  it('connects in a window that closes by itself, is told by a webhook, and disconnects', async (test) => {
    const page = await open(test, 'Mara Lindqvist')
    // The server has rendered the list: it is asked for once somebody is back, and not before.
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.getByRole('searchbox').fill('runs')
    assert.equal(await page.getByRole('button', { name: /^Connect / }).count(), 2, 'Strava and Smashrun')
    const [popup] = await Promise.all([page.waitForEvent('popup'), press(page, 'Connect Strava')])
    await atVendor(popup)
    await page.getByText('Waiting …').waitFor()
    assert.ok(!asked.includes('/api/sources'))
    await closesBy(popup, () => allow(popup))
    await says(page, 'Strava is connected')
    await page.getByRole('button', { name: 'Disconnect Strava' }).waitFor()
    assert.ok(asked.includes('/api/sources'))
    assert.deepEqual(await connectedSources(example, MARA), [11])
    await example.program.says(/^notification\.source\.connect, told by the webhook$/m)
    await press(page, 'Disconnect Strava')
    await says(page, 'Strava is disconnected')
    await page.getByRole('button', { name: 'Connect Strava' }).waitFor()
    assert.deepEqual(await connectedSources(example, MARA), [])
  })

  it('says that somebody cancelled, and nothing when they close the window', async (test) => {
    const page = await open(test, 'Mara Lindqvist')
    for (const leave of [(popup: Page) => popup.close(), cancel]) {
      const [popup] = await Promise.all([page.waitForEvent('popup'), press(page, 'Connect Oura')])
      await atVendor(popup)
      await closesBy(popup, () => leave(popup))
      await page.bringToFront()
      await page.getByText('Waiting …').waitFor({ state: 'hidden' })
    }
    await says(page, 'You cancelled')
    assert.deepEqual(await connectedSources(example, MARA), [])
  })

  it('goes on in the same window where the browser opens no other, and leaves no code in the address', async (test) => {
    const page = await open(test, 'Jonas Okafor')
    await page.evaluate(() => {
      window.open = () => null
    })
    await press(page, 'Connect Polar')
    await allow(page)
    await says(page, 'Polar is connected')
    await page.waitForURL(`${example.url}/`)
    assert.deepEqual(await connectedSources(example, JONAS), [3])
  })

  it('works before its scripts have come', async (test) => {
    const page = await signedIn(browser, example, 'Mara Lindqvist', { test, javaScriptEnabled: false })
    await press(page, 'Connect Withings')
    await allow(page)
    await says(page, 'Withings is connected')
    assert.deepEqual(await connectedSources(example, MARA), [8])
  })

  it('believes no way back that was typed, or is somebody else’s', async (test) => {
    const jonas = await signedIn(browser, example, 'Jonas Okafor', { test, javaScriptEnabled: false })
    await press(jonas, 'Connect Suunto')
    await allow(jonas)
    await says(jonas, 'Suunto is connected')
    const mara = await open(test, 'Mara Lindqvist')
    for (const typed of [jonas.url(), `${example.url}/connected?dataSource=11&connected=true`]) {
      await mara.goto(typed)
      await says(mara, 'Nothing was changed')
    }
    assert.deepEqual(await connectedSources(example, MARA), [8])
  })

  it('believes signed webhooks alone', async () => {
    const [endpoint] = (await example.backend.listWebhooks()).filter(({ url }) => url === example.webhookUrl)
    const { succeeded, attempt } = await example.backend.testWebhook(endpoint?.id ?? '')
    assert.deepEqual([succeeded, attempt.status], [true, 204])
    const headers = { 'webhook-id': 'a', 'webhook-timestamp': '1770000000', 'webhook-signature': 'v1,AAAA' }
    for (const given of [{}, headers]) {
      const { status } = await fetch(example.webhookUrl, { method: 'POST', headers: given, body: '{}' })
      assert.equal(status, 401)
    }
  })

  it('gives the list to whoever is signed in alone, and no credential to the browser', async (test) => {
    assert.equal((await fetch(`${example.url}/api/sources`)).status, 401)
    const page = await open(test, 'Mara Lindqvist')
    const scripts = await page.evaluate(() =>
      Promise.all(
        [...document.scripts]
          .filter(({ src }) => src !== '')
          .map(async ({ src }) => (await fetch(src)).text()),
      ),
    )
    assert.ok(scripts.length > 0)
    assert.deepEqual(
      scripts.filter((text) => text.includes('demo-secret')),
      [],
    )
  })

  it('is fit for people', async (test) => {
    const page = await open(test, 'Jonas Okafor')
    await assertFitForPeople(page, 'sources')
    await press(page, 'Disconnect Polar')
    await says(page, 'Polar is disconnected')
    await assertFitForPeople(page, 'disconnected')
    await press(page, 'Sign out')
    await page.getByRole('heading', { name: 'Your week at a glance' }).waitFor()
    await assertFitForPeople(page, 'signing in')
  })
})
