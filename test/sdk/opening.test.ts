// Goal: a page hears how a window or a frame of ours ended, from those it opened alone, whatever the browser puts between them.
// Method: a real browser on pages of three origins that the driver answers; the SDK is bundled into them as it is.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { stop } from 'esbuild-wasm'
import type { Browser, Page } from 'playwright-core'
import { closesBy, launchBrowser } from '../support/browser.ts'
import { APP, bundleScript, CONNECT, openStage, STRANGER } from './stage.ts'

const HINT = { type: 'springbar.connection', dataSource: 11, connected: true }
const RETURN = `${APP}/done?dataSource=11&connected=true`

describe('opening Springbar from a page', () => {
  let browser: Browser
  let script: string
  before(async () => {
    browser = await launchBrowser()
    script = await bundleScript(`import * as sdk from './browser.ts'; Object.assign(window, { sdk })`)
  })
  after(async () => {
    await stop()
    await browser.close()
  })
  const finish = (body = '') => ({
    script: `${script}; document.body.append(JSON.stringify(sdk.finishReturn({ action: 'connect' })));${body}`,
  })

  describe('in a frame', () => {
    const widget = { script: `onclick = () => parent.postMessage(${JSON.stringify(HINT)}, '${APP}')` }
    const frameOf = (page: Page, origin: string) =>
      page.frames().find((frame) => frame.url().startsWith(origin))
    const open = (page: Page, url = `${CONNECT}/?connectionSessionToken=1`) =>
      page.evaluate((link) => {
        const { sdk } = globalThis as unknown as { sdk: typeof import('@springbar/sdk/browser') } // put there by the bundle
        const heard: unknown[] = []
        const container = document.body
        const onChange = (change: unknown) => void heard.push(change)
        const opened = sdk.openSpringbar({
          url: link,
          openIn: 'frame',
          container,
          frameTitle: 'Sources',
          onChange,
        })
        opened.outcome.catch(() => {})
        Object.assign(globalThis, { heard, opened })
      }, url)
    /** What a frame said is heard before this message of the page to itself. */
    const heard = (page: Page) =>
      page.evaluate(
        () =>
          new Promise<unknown>((resolve) => {
            addEventListener('message', ({ data }) => {
              if (data === 'asked') resolve((globalThis as unknown as { heard: unknown }).heard) // put there by `open`
            })
            document.querySelectorAll('iframe').length > 0 && postMessage('asked', location.origin)
          }),
      )
    /** Has a frame of an origin say something to the page, and waits until the page was told. */
    const say = async (page: Page, origin: string, data: unknown) => {
      // The frame is another process: the page listens before the frame is asked to speak.
      const told = await page.evaluateHandle(() => ({
        message: new Promise<void>((resolve) => addEventListener('message', () => resolve(), { once: true })),
      }))
      await frameOf(page, origin)?.evaluate(([message, app]) => parent.postMessage(message, app), [
        data,
        APP,
      ] as const)
      await told.evaluate(({ message }) => message)
    }

    it('hears a change and the height from the very frame, and says the outcome once it is closed', async (test) => {
      const { page } = await openStage(browser, test, { [`${APP}/`]: { script }, [`${CONNECT}/`]: widget })
      await open(page)
      await page.frameLocator('iframe[title=Sources]').getByRole('heading', { name: 'Stage' }).click()
      await page.waitForFunction(() => (globalThis as unknown as { heard: unknown[] }).heard.length === 1)
      await say(page, CONNECT, { type: 'springbar.height', height: 333 })
      assert.equal(await page.locator('iframe').evaluate((frame) => frame.style.height), '333px')
      const outcome = await page.evaluate(() => {
        const { opened } = globalThis as unknown as { opened: import('@springbar/sdk/browser').Opened } // put there by `open`
        opened.close()
        return opened.outcome
      })
      assert.deepEqual(outcome, { result: null, changes: [{ dataSource: 11, connected: true }] })
      assert.equal(await page.locator('iframe').count(), 0)
    })

    it('hears nothing from another origin, nor from another window of the right one', async (test) => {
      const body = `<iframe title="Other" src="${STRANGER}/"></iframe><iframe title="Twin" src="${CONNECT}/twin"></iframe>`
      const { page } = await openStage(browser, test, { [`${APP}/`]: { script, body } })
      await open(page)
      await page.frameLocator('iframe[title=Sources]').getByRole('heading').waitFor()
      await say(page, STRANGER, HINT)
      await say(page, `${CONNECT}/twin`, HINT)
      assert.deepEqual(await heard(page), [])
      await say(page, `${CONNECT}/?`, HINT)
      assert.deepEqual(await heard(page), [{ dataSource: 11, connected: true }])
    })

    it('hears nothing in a message that is not of the documented shape', async (test) => {
      const { page } = await openStage(browser, test, { [`${APP}/`]: { script } })
      await open(page)
      await page.frameLocator('iframe[title=Sources]').getByRole('heading').waitFor()
      const malformed = [null, 'springbar.connection', 7, [], [HINT], {}, { ...HINT, type: 'springbar' }]
      const wrong = [
        { dataSource: '11' },
        { dataSource: undefined },
        { connected: 'true' },
        { connected: null },
      ]
      const heights = [-1, 0, '500', Number.NaN].map((height) => ({ type: 'springbar.height', height }))
      for (const data of [...malformed, ...wrong.map((change) => ({ ...HINT, ...change })), ...heights])
        await say(page, CONNECT, data)
      assert.deepEqual(await heard(page), [])
      assert.equal(await page.locator('iframe').evaluate((frame) => frame.style.height), '600px')
      await say(page, CONNECT, { type: 'springbar.height', height: 1e9 })
      assert.equal(await page.locator('iframe').evaluate((frame) => frame.style.height), '5000px')
    })

    it('takes no address that is not of the web', async (test) => {
      const { page } = await openStage(browser, test, { [`${APP}/`]: { script } })
      await open(page, 'javascript:document.title="taken"')
      const error = await page.evaluate(() => {
        const { opened } = globalThis as unknown as { opened: import('@springbar/sdk/browser').Opened } // put there by `open`
        return opened.outcome.catch(String)
      })
      assert.match(String(error), /url must be a web address/)
      assert.equal(await page.title(), 'Stage')
    })
  })

  describe('in a window', () => {
    const click = async (page: Page, url: string) => {
      await page.evaluate((link) => {
        const { sdk } = globalThis as unknown as { sdk: typeof import('@springbar/sdk/browser') } // put there by the bundle
        document.body.onclick = () => {
          const { outcome } = sdk.openSpringbar({ url: link })
          outcome.then((outcome) => document.body.append(JSON.stringify(outcome)))
        }
      }, url)
      const [popup] = await Promise.all([page.waitForEvent('popup'), page.locator('h1').click()])
      return popup
    }
    const ended = '"dataSource":11,"connected":true,"succeeded":true'

    it('hears the return page over a channel where a vendor cut the window off', async (test) => {
      const { page } = await openStage(browser, test, {
        [`${APP}/`]: { script },
        [`${CONNECT}/`]: { coop: true },
        [`${APP}/done`]: finish(),
      })
      // Like a person's: while the window is in front, this page has no focus.
      await page.evaluate(() => {
        document.hasFocus = () => false
      })
      const popup = await click(page, `${CONNECT}/?dataSource=11`)
      await popup.waitForURL(`${CONNECT}/**`)
      assert.equal(await popup.evaluate(() => window.opener), null, 'the window is cut off')
      await popup.goto(RETURN).catch(() => {})
      await page.locator('body', { hasText: ended }).waitFor()
    })

    it('closes the return page because it was heard, and not because time passed', async (test) => {
      const { page, context } = await openStage(browser, test, {
        [`${APP}/`]: { script },
        [`${APP}/done`]: finish(),
      })
      await context.clock.install({ time: 0 })
      await context.clock.pauseAt(1_000)
      const popup = await click(page, `${CONNECT}/?dataSource=11`)
      await popup.waitForURL(`${CONNECT}/**`)
      await closesBy(popup, () => popup.goto(RETURN))
      await page.locator('body', { hasText: ended }).waitFor()
    })

    it('closes the return page after two seconds where nobody is left to hear it', async (test) => {
      const { page, context } = await openStage(browser, test, { [`${APP}/`]: {}, [`${APP}/done`]: finish() })
      const [popup] = await Promise.all([
        context.waitForEvent('page'),
        page.evaluate(() => void window.open('about:blank')),
      ])
      await context.clock.install({ time: 0 })
      await context.clock.pauseAt(1_000)
      await popup.goto(RETURN).catch(() => {})
      await popup.locator('body', { hasText: ended }).waitFor()
      await popup.clock.runFor(1_999)
      assert.equal(await popup.evaluate(() => window.closed), false)
      await closesBy(popup, () => popup.clock.runFor(1))
    })

    it('hears nothing of a return that is about another source, or that is malformed', async (test) => {
      const { page } = await openStage(browser, test, { [`${APP}/`]: { script }, [`${APP}/done`]: finish() })
      const popup = await click(page, `${CONNECT}/?dataSource=11`)
      await popup.waitForURL(`${CONNECT}/**`)
      const answers = await page.evaluate(
        (queries) =>
          new Promise<readonly unknown[]>((resolve) => {
            const answers: unknown[] = []
            const channel = new BroadcastChannel('springbar.return')
            channel.onmessage = ({ data }) => {
              answers.push(data)
              if (data.query === queries.at(-1)) resolve(answers)
            }
            for (const query of queries) channel.postMessage({ type: 'springbar.return', query })
          }),
        ['?dataSource=12&connected=true', '?dataSource=11', '', '?dataSource=11&connected=true'],
      )
      assert.deepEqual(answers, [{ type: 'springbar.heard', query: '?dataSource=11&connected=true' }])
    })
  })

  it('stays on the return page of a same-window trip, also when it asks twice or is loaded again', async (test) => {
    const { page } = await openStage(browser, test, {
      [`${APP}/`]: { script },
      [`${CONNECT}/`]: {},
      [`${APP}/done`]: finish(
        `document.body.append(JSON.stringify(sdk.finishReturn({ action: 'connect' })))`,
      ),
    })
    await page.evaluate((url) => {
      const { sdk } = globalThis as unknown as { sdk: typeof import('@springbar/sdk/browser') } // put there by the bundle
      // What a window that scripts may close would do.
      window.name = 'kept'
      void sdk.openSpringbar({ url, openIn: 'same-window' })
    }, `${CONNECT}/?dataSource=11`)
    await page.waitForURL(`${CONNECT}/**`)
    const said: unknown[] = []
    await page.exposeFunction('closing', () => said.push('closed'))
    await page.addInitScript(() => {
      window.close = () => void (globalThis as unknown as { closing: () => void }).closing() // exposed just before
    })
    await page.goto(RETURN)
    await page.reload()
    assert.equal((await page.locator('body').innerText()).match(/"succeeded":true/g)?.length, 2)
    assert.equal(
      await page.evaluate((address) => sessionStorage.getItem('springbar.same-window') === address, RETURN),
      true,
    )
    assert.deepEqual(said, [])
  })
})
