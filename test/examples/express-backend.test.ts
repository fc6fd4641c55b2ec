// Goal: the Express example does what its README says: sessions, links, trustworthy outcomes, webhooks, the feed.
// Method: built and started by the command of its README beside the try-out, and used in a real browser without scripts.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { allow, atVendor, cancel, says } from '../browser/steps.ts'
import { start } from '../main/support.ts'
import { launchBrowser } from '../support/browser.ts'
import {
  assertFitForPeople,
  connectedSources,
  EXAMPLE_COMMAND,
  type RunningExample,
  signedIn,
  startExample,
} from './running-example.ts'

const MARA = 'tidewell-5d0c7e1f4a8b4b0e9c63d2f7a1e85b90'

describe('the Express example', () => {
  let browser: Browser
  let example: RunningExample
  before(async () => {
    // One after the other: a browser that nobody knows of because the example failed would keep this file open.
    browser = await launchBrowser()
    example = await startExample('express-backend', { webhooks: '/webhooks' })
  })
  after(async () => {
    await browser?.close()
    await example?.end()
  })

  it('has its way back on the list of the try-out', async () => {
    const { allowed } = await example.backend.checkRedirectUri('http://localhost:8085/connected')
    assert.equal(allowed, true)
  })

  it('is started by a command that names the others, when it is called without one of them', async () => {
    const program = start(['nothing'], { program: EXAMPLE_COMMAND })
    assert.deepEqual(await program.ended, { code: 1, signal: null })
    assert.equal(
      program.err(),
      'Name one of express-backend, next-screen, react-screen: npm run example express-backend.\n',
    )
  })

  it('connects and disconnects a source, and shows what the webhook and the feed told, once', async (test) => {
    const page = await signedIn(browser, example, 'Mara Lindqvist', { test, javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Connect Strava' }).click()
    await allow(page)
    await says(page, 'Strava is connected')
    assert.deepEqual(await connectedSources(example, MARA), [11])
    await example.program.says(/^notification\.source\.connect, told by the (webhook|feed)$/m)
    await page.goto(example.url)
    await page.getByRole('listitem').filter({ hasText: 'Strava was connected' }).waitFor()
    await page.getByRole('button', { name: 'Disconnect Strava' }).click()
    await page.getByRole('button', { name: 'Connect Strava' }).waitFor()
    assert.deepEqual(await connectedSources(example, MARA), [])
    await example.program.says(/^notification\.source\.disconnect, told by/m)
    assert.equal(example.program.out().match(/source\.connect, told by/g)?.length, 1)
  })

  it('says that somebody cancelled, and that a typed way back proves nothing', async (test) => {
    const page = await signedIn(browser, example, 'Mara Lindqvist', { test, javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Connect Withings' }).click()
    await cancel(page)
    await says(page, 'You cancelled')
    await page.goto(`${example.url}/connected?dataSource=8&connected=true`)
    await says(page, 'Nothing was changed')
    assert.deepEqual(await connectedSources(example, MARA), [])
  })

  it('tells nobody else’s outcome', async (test) => {
    const mara = await signedIn(browser, example, 'Mara Lindqvist', { test })
    await mara.getByRole('button', { name: 'Connect Fitbit' }).click()
    await allow(mara)
    await says(mara, 'Fitbit is connected')
    const jonas = await signedIn(browser, example, 'Jonas Okafor', { test })
    await jonas.goto(mara.url())
    await says(jonas, 'Nothing was changed')
    await jonas.getByRole('button', { name: 'Connect Fitbit' }).waitFor()
  })

  it('believes signed webhooks alone', async () => {
    const [endpoint] = (await example.backend.listWebhooks()).filter(({ url }) => url === example.webhookUrl)
    const { succeeded, attempt } = await example.backend.testWebhook(endpoint?.id ?? '')
    assert.deepEqual([succeeded, attempt.status], [true, 204])
    const body = JSON.stringify({ type: 'notification.source.connect', timestampType: 'unix', data: {} })
    const headers = { 'webhook-id': 'a', 'webhook-timestamp': '1770000000', 'webhook-signature': 'v1,AAAA' }
    for (const given of [{}, headers]) {
      const { status } = await fetch(example.webhookUrl, { method: 'POST', headers: given, body })
      assert.equal(status, 401)
    }
  })

  it('refuses forms of other sites', async () => {
    const { status } = await fetch(`${example.url}/disconnect`, {
      method: 'POST',
      headers: { origin: 'https://stranger.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'source=1',
    })
    assert.equal(status, 403)
  })

  it('is fit for people', async (test) => {
    const page = await signedIn(browser, example, 'Mara Lindqvist', { test })
    await page.getByRole('button', { name: 'Connect Withings' }).click()
    await atVendor(page)
    await cancel(page)
    await says(page, 'You cancelled')
    await assertFitForPeople(page, 'sources')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Your week at a glance' }).waitFor()
    await assertFitForPeople(page, 'signing in')
  })
})
