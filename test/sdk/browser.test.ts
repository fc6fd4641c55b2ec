// Goal: a page opens a link of its backend and hears how it ended, in a window, in place and by the web component.
// Method: a real browser goes through the real service and a sandbox vendor; the SDK is bundled into the page as it is.
import { after, before, describe, it, type TestContext } from 'node:test'
import { stop } from 'esbuild-wasm'
import type { Browser, Page } from 'playwright-core'
import { allow } from '../browser/steps.ts'
import { launchBrowser } from '../support/browser.ts'
import { openBrowserWorld } from '../support/browser-world.ts'
import { bundleScript } from './stage.ts'

describe('the SDK in a page', () => {
  let browser: Browser
  let script: string
  before(async () => {
    browser = await launchBrowser()
    const contents = `import * as sdk from './browser.ts'
      import { defineSpringbarConnect } from './element.ts'
      Object.assign(window, { sdk }); defineSpringbarConnect()`
    script = await bundleScript(contents)
  })
  after(async () => {
    await stop()
    await browser.close()
  })

  async function openScreen(test: TestContext) {
    const world = await openBrowserWorld(test, browser)
    const endUserId = await world.backend.createEndUser()
    const session = await world.backend.createConnectionSession({ endUserId })
    const redirectUri = `${world.urls.shop}/done`
    const link = world.backend.connectUrl({ token: session.token, dataSource: 11, redirectUri })
    const html = (body: string) =>
      `<!doctype html><html lang="en"><head><title>Shop</title></head><body>${body}<script>${script}</script></body></html>`
    const screen = world.publish(
      html(`<button id="go">Go</button><springbar-connect href="${link.replaceAll('&', '&amp;')}">Connect</springbar-connect>
        <div id="frame"></div><output></output>`),
    )
    const visitor = await world.visit()
    const finish = `document.body.append(JSON.stringify(sdk.finishReturn({ action: 'connect' })))`
    world.publish(html('').replace('</body>', `<script>${finish}</script></body>`), '/done')
    await visitor.page.goto(`${world.urls.shop}${screen}`)
    return { world, visitor, link, session }
  }

  it('opens a window, and hears the outcome when it closes', async (test) => {
    const { visitor, link } = await openScreen(test)
    const { page } = visitor
    await hearOnClick(page, link)
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#go')])
    await allow(popup)
    await page.locator('output', { hasText: '[11,true]' }).waitFor()
  })

  it('hears that the window was closed without an outcome', async (test) => {
    const { visitor, link } = await openScreen(test)
    const { page } = visitor
    await hearOnClick(page, link)
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#go')])
    await popup.close()
    await page.bringToFront()
    await page.locator('output', { hasText: '[null,null]' }).waitFor()
  })

  it('hears an outcome that is still on its way when the window is seen closed', async (test) => {
    const { visitor } = await openScreen(test)
    const { page } = visitor
    await page.clock.install()
    await page.evaluate(async () => {
      const { sdk } = globalThis as unknown as { sdk: typeof import('@springbar/sdk/browser') } // put there by the bundle
      const popup = { closed: false, close() {}, location: { replace() {} } }
      window.open = () => popup as unknown as Window // all that is used of it
      const { outcome } = sdk.openSpringbar({ url: '/link?dataSource=11' })
      outcome.then(({ result }) => document.querySelector('output')?.append(String(result?.dataSource)))
      // The link is there at once, and the window is listened to from the next task on.
      await Promise.resolve()
      popup.closed = true
    })
    await page.clock.runFor(300)
    await page.evaluate(() => {
      const query = '?dataSource=11&connected=true'
      new BroadcastChannel('springbar.return').postMessage({ type: 'springbar.return', query })
    })
    await page.locator('output', { hasText: '11' }).waitFor()
  })

  it('follows the link in the same window where the browser opens no other, and the return page stays', async (test) => {
    const { visitor, link } = await openScreen(test)
    const { page } = visitor
    await page.evaluate(() => {
      window.open = () => null
    })
    await hearOnClick(page, link)
    await page.click('#go')
    await allow(page)
    await page.locator('body', { hasText: '"succeeded":true' }).waitFor()
  })

  it('the web component opens the link, and tells the outcome as an event', async (test) => {
    const { visitor } = await openScreen(test)
    const { page } = visitor
    await page.evaluate(() =>
      document.addEventListener('springbar-outcome', (event) => {
        const output = document.querySelector('output')
        if (output && event instanceof CustomEvent)
          output.textContent = JSON.stringify(event.detail.result.succeeded)
      }),
    )
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.locator('springbar-connect').click()])
    await allow(popup)
    await page.locator('output', { hasText: 'true' }).waitFor()
  })
})

/** The button opens the link, and the page writes down what it hears. */
const hearOnClick = (page: Page, link: string): Promise<void> =>
  page.evaluate((url) => {
    const { sdk } = globalThis as unknown as { sdk: typeof import('@springbar/sdk/browser') } // put there by the bundle
    document.querySelector('#go')?.addEventListener('click', async () => {
      const { result } = await sdk.openSpringbar({ url }).outcome
      const output = document.querySelector('output')
      if (output) output.textContent = JSON.stringify([result?.dataSource ?? null, result?.succeeded ?? null])
    })
  }, link)
