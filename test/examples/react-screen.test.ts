// Goal: the React example does what its README says, with a window, without one, and when nobody comes back.
// Method: built and started by the command of its README beside the try-out, and used in a real browser.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
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

describe('the React example', () => {
  let browser: Browser
  let example: RunningExample
  before(async () => {
    // One after the other: a browser that nobody knows of because the example failed would keep this file open.
    browser = await launchBrowser()
    example = await startExample('react-screen')
  })
  after(async () => {
    await browser?.close()
    await example?.end()
  })

  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
  async function leaveInWindow(page: Page, name: string): Promise<Page> {
    const [popup] = await Promise.all([page.waitForEvent('popup'), press(page, `Connect ${name}`)])
    await atVendor(popup)
    return popup
  }

  it('has its way back on the list of the try-out', async () => {
    const { allowed } = await example.backend.checkRedirectUri('http://localhost:8083/connected')
    assert.equal(allowed, true)
  })

  it('connects in a window that closes by itself, and disconnects after a question', async (test) => {
    const page = await signedIn(browser, example, 'Mara Lindqvist', { test })
    await page.getByText('Nothing is connected yet.').waitFor()
    await page.getByRole('searchbox').fill('runs')
    assert.equal(await page.getByRole('button', { name: /^Connect / }).count(), 2, 'Strava and Smashrun')
    const popup = await leaveInWindow(page, 'Strava')
    await closesBy(popup, () => allow(popup))
    await says(page, 'Strava is connected')
    await page.getByText(/Connected since/).waitFor()
    assert.deepEqual(await connectedSources(example, MARA), [11])
    await press(page, 'Disconnect Strava')
    // Whoever presses Enter without reading changes nothing.
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.deepEqual(await connectedSources(example, MARA), [11])
    await press(page, 'Disconnect Strava')
    await press(page, 'Yes, disconnect')
    await says(page, 'Strava is disconnected')
    await page.getByText('Nothing is connected yet.').waitFor()
    assert.deepEqual(await connectedSources(example, MARA), [])
  })

  it('says that somebody cancelled, and nothing when they close the window', async (test) => {
    const page = await signedIn(browser, example, 'Mara Lindqvist', { test })
    const first = await leaveInWindow(page, 'Oura')
    await cancel(first)
    await says(page, 'You cancelled')
    const second = await leaveInWindow(page, 'Oura')
    await page.getByText('Waiting …').waitFor()
    await second.close()
    await page.bringToFront()
    await page.getByText('Waiting …').waitFor({ state: 'hidden' })
    await says(page, 'You cancelled')
    assert.deepEqual(await connectedSources(example, MARA), [])
  })

  it('goes on in the same window where the browser opens no other, and leaves no code in the address', async (test) => {
    const page = await signedIn(browser, example, 'Jonas Okafor', { test })
    await page.evaluate(() => {
      window.open = () => null
    })
    await press(page, 'Connect Polar')
    await allow(page)
    await says(page, 'Polar is connected')
    assert.equal(page.url(), `${example.url}/`)
    assert.deepEqual(await connectedSources(example, JONAS), [3])
  })

  it('believes no way back that was typed, or is somebody else’s', async (test) => {
    const jonas = await signedIn(browser, example, 'Jonas Okafor', { test })
    await jonas.evaluate(() => {
      window.open = () => null
    })
    const [back] = await Promise.all([
      jonas.waitForRequest(/\/connected\?/),
      press(jonas, 'Connect Suunto').then(() => allow(jonas)),
    ])
    await says(jonas, 'Suunto is connected')
    const mara = await signedIn(browser, example, 'Mara Lindqvist', { test })
    for (const typed of [back.url(), `${example.url}/connected?dataSource=11&connected=true`]) {
      await mara.goto(typed)
      await says(mara, 'Nothing was changed')
    }
    assert.deepEqual(await connectedSources(example, MARA), [])
  })

  it('answers calls of its own pages alone, to whoever is signed in', async () => {
    const call = (headers: Readonly<Record<string, string>>) =>
      fetch(`${example.url}/api/connected`, { method: 'POST', headers, body: '{}' })
    assert.equal((await call({ origin: 'https://stranger.example' })).status, 403)
    assert.equal((await call({})).status, 403)
    assert.equal((await call({ origin: example.url })).status, 401)
  })

  it('is fit for people', async (test) => {
    const page = await signedIn(browser, example, 'Jonas Okafor', { test })
    await page
      .getByText(/Connected since/)
      .first()
      .waitFor()
    await assertFitForPeople(page, 'sources')
    await press(page, 'Disconnect Polar')
    await page.getByRole('dialog').waitFor()
    await assertFitForPeople(page, 'the question')
    await press(page, 'Keep it')
    await press(page, 'Sign out')
    await page.getByRole('heading', { name: 'Your week at a glance' }).waitFor()
    await assertFitForPeople(page, 'signing in')
  })
})
