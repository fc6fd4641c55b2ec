// Goal: the demo's screen is usable by anybody: clean for axe in every state, by keyboard alone, without scripts, on a
// small phone; and what its script adds works. Method: a real browser, the real program, the recorded stand-in.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { readSettings, startDemo } from '../../examples/custom-screen/server.ts'
import { violations } from '../support/accessibility.ts'
import { launchBrowser, newPage, type PageOptions } from '../support/browser.ts'
import { type DocumentedService, startDocumentedService } from './documented-service.ts'

describe('the demo in a browser', () => {
  let browser: Browser
  let service: DocumentedService
  let demo: Awaited<ReturnType<typeof startDemo>>
  const closing: (() => Promise<void>)[] = []

  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())
  beforeEach(async () => {
    service = await startDocumentedService()
    const env = { SPRINGBAR_API_URL: service.apiUrl, SPRINGBAR_DIRECT_URL: service.directUrl, DEMO_PORT: '0' }
    demo = await startDemo(readSettings(env), (line) => assert.fail(`logged: ${line}`))
  })
  afterEach(async () => {
    // The screens first: one that still listens for happenings would call the end of the demo a fault.
    for (const close of closing.splice(0)) await close()
    await demo.stop()
    await service.close()
  })

  async function open(test: TestContext, options: PageOptions = {}): Promise<Page> {
    const { page, close } = await newPage(browser, { test, ...options })
    closing.push(close)
    await page.goto(demo.url)
    return page
  }

  async function signIn(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Mara Lindqvist' }).click()
    await page.getByRole('heading', { name: 'Your sources' }).waitFor()
    await page.waitForLoadState()
  }

  const connect = (page: Page, name: string) =>
    page.getByRole('link', { name: `Connect ${name}`, exact: true })
  const says = async (page: Page, text: string) => {
    await page.getByRole('status').getByText(text, { exact: true }).waitFor()
    await page.waitForLoadState()
  }

  async function assertAccessible(page: Page, state: string): Promise<void> {
    assert.deepEqual(await violations(page), [], state)
    const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
    assert.equal(isTooWide, false, `${state}: wider than the window`)
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 360, 768, 1280]) {
      it(`is clean for axe and fits, ${colorScheme}, ${width} pixels wide`, async (t) => {
        const page = await open(t, { colorScheme, viewport: { width, height: 800 } })
        await assertAccessible(page, 'signing in')
        await signIn(page)
        await assertAccessible(page, 'nothing connected')
        await connect(page, 'Strava').click()
        await says(page, 'Strava is connected')
        await assertAccessible(page, 'connected')
        service.answerNextWith('cancel')
        await connect(page, 'Withings').click()
        await says(page, 'Withings was not connected')
        await page.getByText('Disconnect Strava', { exact: true }).click()
        await assertAccessible(page, 'cancelled, with the ways to disconnect open')
      })
    }
  }

  it('works by keyboard alone, and always shows where the focus is', async (t) => {
    const page = await open(t)
    await page.waitForLoadState('load')
    /** Presses Tab until the focus is on what is called `name`; each stop on the way must be visible. */
    const reach = async (name: RegExp) => {
      for (let stop = 0; stop < 40; stop += 1) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate(() => {
          const element = document.activeElement
          const text = element?.textContent?.replace(/\s+/g, ' ').trim() ?? ''
          return { text, outline: element === null ? '' : getComputedStyle(element).outlineStyle }
        })
        assert.equal(at.outline, 'solid', `no visible focus on ${at.text}`)
        if (name.test(at.text)) return
      }
      assert.fail(`the keyboard does not reach ${name}`)
    }
    await reach(/Jonas Okafor$/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Your sources' }).waitFor()
    await reach(/^Connect Withings$/)
    await page.keyboard.press('Enter')
    await says(page, 'Withings is connected')
    await reach(/^Disconnect Withings$/)
    await page.keyboard.press('Space')
    await reach(/^Disconnect Withings now$/)
    await page.keyboard.press('Enter')
    await says(page, 'Withings is disconnected')
  })

  it('works without scripts', async (t) => {
    const page = await open(t, { javaScriptEnabled: false })
    await signIn(page)
    await connect(page, 'Strava').click()
    await says(page, 'Strava is connected')
    await page.getByText('Disconnect Strava', { exact: true }).click()
    await page.getByRole('button', { name: 'Disconnect without leaving this page' }).click()
    await says(page, 'Strava is disconnected')
  })

  it('comes back by itself after disconnecting in the same window', async (t) => {
    const page = await open(t)
    await signIn(page)
    await connect(page, 'Strava').click()
    await page.getByText('Disconnect Strava', { exact: true }).click()
    await page.getByRole('button', { name: 'Disconnect Strava now' }).click()
    await says(page, 'Strava is disconnected')
    assert.equal(page.url(), `${demo.url}/disconnected?dataSource=11&connected=false`)
  })

  it('disconnects in the background without loading the page again, and moves the focus to the outcome', async (t) => {
    const page = await open(t)
    await signIn(page)
    await connect(page, 'Strava').click()
    await says(page, 'Strava is connected')
    const isSamePage = await page.evaluateHandle(() => document.body)
    await page.getByText('Disconnect Strava', { exact: true }).click()
    await page.getByRole('button', { name: 'Disconnect without leaving this page' }).click()
    await says(page, 'Strava is disconnected')
    await connect(page, 'Strava').waitFor()
    await connect(page, 'Strava').waitFor()
    assert.ok(await isSamePage.evaluate((body) => body === document.body))
    assert.equal(await page.title(), 'Strava is disconnected – Tidewell')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'message')
    assert.equal(page.url(), `${demo.url}/`)
  })

  it('sees by itself that a new tab connected a source, once that tab is closed', async (t) => {
    const page = await open(t)
    await signIn(page)
    const opening = page.context().waitForEvent('page')
    await page.getByRole('link', { name: 'New tab to connect Strava' }).click()
    const tab = await opening
    await tab.waitForURL('**/dataSourceDirectConnectionResult.html?**')
    assert.equal(await tab.evaluate(() => window.opener), null)
    await tab.close()
    await says(page, 'Strava is connected')
    assert.equal(page.url(), `${demo.url}/`)
  })

  it('tells what to do when the new tab was closed without connecting', async (t) => {
    const page = await open(t)
    await signIn(page)
    service.answerNextWith('cancel')
    const opening = page.context().waitForEvent('page')
    await page.getByRole('link', { name: 'New tab to connect Strava' }).click()
    await (await opening).close()
    await says(page, 'Strava is not connected yet')
  })

  it('writes instants in the zone of the reader', async (t) => {
    const context = await browser.newContext({ timezoneId: 'Asia/Tokyo' })
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(demo.url)
    await signIn(page)
    await connect(page, 'Strava').click()
    await page.getByText('Connected since 3 Feb 2026, 17:15', { exact: true }).waitFor()
  })

  it('keeps its shapes where the system chooses the colours', async (t) => {
    const page = await open(t)
    await page.emulateMedia({ forcedColors: 'active' })
    await signIn(page)
    const border = await connect(page, 'Strava').evaluate((link) => getComputedStyle(link).borderTopWidth)
    assert.equal(border, '2px')
  })
})
