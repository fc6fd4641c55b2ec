// Goal: the sandbox's pages can be used by anybody: clean for axe, on a small phone, by keyboard, without scripts.
// Method: a real browser on a served sandbox, with a small application that the person goes back to.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type ServedSandbox, serveSandbox } from '../../src/sandbox/index.ts'
import { violations } from '../support/accessibility.ts'
import { launchBrowser, newPage, type PageOptions } from '../support/browser.ts'
import {
  authorizationUrl,
  callbackOf,
  createRepeatableRandom,
  type Parameters,
  START_MS,
  TEST_CLIENTS,
} from './harness.ts'

const LOOKS: readonly PageOptions[] = [
  { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  { viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
]

/** The application: it takes the person back, or sends them on to another origin when `next` is given. */
async function startApplication(): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const next = new URL(request.url ?? '/', 'http://localhost').searchParams.get('next')
    if (next) response.writeHead(303, { location: next })
    response.end('<!doctype html><html lang="en"><link rel="icon" href="data:,"><h1>Back again</h1>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { server, origin: `http://localhost:${port}` }
}

describe("the sandbox's pages in a browser", () => {
  let browser: Browser
  let sandbox: ServedSandbox
  let application: Awaited<ReturnType<typeof startApplication>>

  before(async () => {
    browser = await launchBrowser()
    application = await startApplication()
    sandbox = await serveSandbox({
      port: 0,
      now: () => START_MS,
      random: createRepeatableRandom(),
      // Strava compares the host alone and takes localhost, so that any path of the application will do.
      clients: TEST_CLIENTS,
    })
  })
  after(async () => {
    await browser.close()
    await sandbox.close()
    application.server.close()
    application.server.closeAllConnections()
  })

  /** An authorization URL at the served sandbox, with a way back to the application. */
  const strava = (more: Parameters = {}) =>
    authorizationUrl('strava', 'www.strava.com/oauth/authorize', 'read,activity:read,profile:write', {
      redirect_uri: `${application.origin}/callback/strava`,
      ...more,
    }).replace('https:/', sandbox.url)

  async function open(test: TestContext, url: string, options: PageOptions = {}): Promise<Page> {
    const { page } = await newPage(browser, { test, ...options })
    await page.goto(url)
    return page
  }

  async function assertAccessible(page: Page) {
    assert.deepEqual(await violations(page), [])
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    assert.equal(overflow, 0, 'nothing is wider than the window')
  }

  for (const look of LOOKS) {
    const name = `${look.viewport?.width} pixels, ${look.colorScheme}`

    it(`asks for consent accessibly: ${name}`, async (test) => {
      const page = await open(test, strava(), look)
      await page.getByText('Make something go wrong').click()
      await page.getByLabel('What goes wrong when you allow').waitFor()
      await assertAccessible(page)
    })

    it(`shows a problem accessibly: ${name}`, async (test) => {
      const page = await open(test, strava({ client_id: 'nobody' }), { ...look, expectedErrors: /400/ })
      await page.getByRole('heading', { name: 'This request cannot go on' }).waitFor()
      await assertAccessible(page)
    })

    it(`shows vendors and grants accessibly: ${name}`, async (test) => {
      await sandbox.control.consent(strava())
      const page = await open(test, sandbox.url, look)
      await page.getByRole('button', { name: 'Revoke at the vendor: Robin Vale, Strava' }).waitFor()
      await assertAccessible(page)
    })
  }

  for (const look of LOOKS)
    it(`shows a vendor's buttons accessibly: ${look.viewport?.width} pixels, ${look.colorScheme}`, async (test) => {
      await sandbox.control.consent(strava())
      sandbox.control.setSwitches('strava', { condition: 'slow' })
      const page = await open(test, `${sandbox.url}/vendors/strava`, look)
      await page.getByRole('button', { name: 'End the refresh token: Robin Vale' }).waitFor()
      await assertAccessible(page)
      sandbox.control.backToNormal('strava')
    })

  it('a person takes a vendor down and brings it back, without scripts', async (test) => {
    const page = await open(test, sandbox.url, { javaScriptEnabled: false })
    await page.getByRole('link', { name: 'Withings' }).click()
    await page.getByRole('button', { name: 'Take the vendor down: Withings' }).click()
    await page.getByText('The vendor is down.').waitFor()
    assert.equal(sandbox.control.switches('withings').condition, 'down')
    await page.getByRole('button', { name: 'Back to normal: Withings' }).click()
    await page.getByText('Everything is normal.').waitFor()
    assert.equal(sandbox.control.switches('withings').condition, 'normal')
  })

  it('a person unticks a scope, takes another account and allows, without scripts', async (test) => {
    const page = await open(test, strava(), { javaScriptEnabled: false })
    await page.getByLabel('Kim Aster').check()
    await page.getByLabel('Change your weight and starred segments').uncheck()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Back again' }).waitFor()
    assert.ok(callbackOf(page.url()).get('code'))
    assert.equal(callbackOf(page.url()).get('scope'), 'read,activity:read')
    assert.equal(sandbox.control.grants().at(-1)?.account, 'kim')
  })

  it('a person cancels by keyboard alone', async (test) => {
    const page = await open(test, strava())
    await page.getByRole('button', { name: 'Allow' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Back again' }).waitFor()
    assert.equal(callbackOf(page.url()).get('error'), 'access_denied')
  })

  it('the way back may lead on to further origins', async (test) => {
    const onward = `${application.origin.replace('localhost', 'app.localhost')}/done`
    const page = await open(test, strava({ redirect_uri: `${application.origin}/?next=${onward}` }))
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Back again' }).waitFor()
    assert.equal(new URL(page.url()).hostname, 'app.localhost')
  })

  it('a person removes the application at the vendor', async (test) => {
    await sandbox.control.consent(strava(), { account: 'noor' })
    const page = await open(test, sandbox.url)
    const button = page.getByRole('button', { name: "Revoke at the vendor: Noor O'Lindqvist, Strava" })
    await button.click()
    await button.waitFor({ state: 'detached' })
    assert.equal(sandbox.control.grants().find((grant) => grant.account === 'noor')?.ended?.by, 'person')
  })
})
