// Goal: the React hooks and the headless list keep their word in a page: states, retry, outcome, unmount, StrictMode; and on a
// server they draw without a browser.
// Method: react-dom in a real browser, on pages that the driver answers; each load is settled by hand. The server draws with
// react-dom/server.
import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { stop } from 'esbuild-wasm'
import type { Browser, Page } from 'playwright-core'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { DataSourceList, useConnect, useDataSources } from '../../sdk/src/react.ts'
import { closesBy, launchBrowser } from '../support/browser.ts'
import { APP, bundleScript, CONNECT, openStage } from './stage.ts'

/** `load` waits in `loads` until the test settles it; `outcomes` has what the application was told. */
const SCREEN = `
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { finishReturn } from './browser.ts'
import { DataSourceList } from './react.ts'
const loads = [], outcomes = []
const load = () => new Promise((resolve, reject) => loads.push({ resolve, reject }))
const url = '${CONNECT}/?dataSource=11'
const options = { link: { url }, broken: { url: () => Promise.reject(new Error('no link')) }, frameless: { url, openIn: 'frame' } }
const Screen = ({ initial }) => (
  <DataSourceList load={load} initial={initial} onOutcome={(outcome) => outcomes.push(outcome)}>
    {({ sources, status, error, reload, connect, isOpen, outcome }) => (
      <>
        <p id="state">{JSON.stringify({ status, isOpen, error: error?.message ?? error, result: outcome && outcome.result })}</p>
        <ul>{sources.map(({ id, state }) => <li key={id}>{id} {state}</li>)}</ul>
        <button id="again" onClick={reload}>Again</button>
        {Object.entries(options).map(([key, value]) => <button key={key} id={key} onClick={() => connect(value)}>{key}</button>)}
      </>
    )}
  </DataSourceList>
)
const App = ({ initial }) => {
  const [isShown, show] = useState(true)
  return <><button id="toggle" onClick={() => show(!isShown)}>Toggle</button>{isShown && <Screen initial={initial} />}</>
}
Object.assign(window, { loads, outcomes, finishReturn, mount: ({ strict, initial }) => {
  const app = <App initial={initial} />
  createRoot(document.querySelector('#root')).render(strict ? <StrictMode>{app}</StrictMode> : app)
} })`

interface Screen {
  readonly loads: { resolve: (value: unknown) => void; reject: (error: unknown) => void }[]
  readonly outcomes: unknown[]
  readonly mount: (how: { strict: boolean; initial?: unknown }) => void
}

describe('the React hooks', () => {
  let browser: Browser
  let script: string
  before(async () => {
    browser = await launchBrowser()
    script = await bundleScript(SCREEN)
  })
  after(async () => {
    await stop()
    await browser.close()
  })

  async function openScreen(test: TestContext, how: Parameters<Screen['mount']>[0] = { strict: false }) {
    const { page } = await openStage(browser, test, {
      [`${APP}/`]: { script, body: '<div id="root"></div>' },
      [`${APP}/done`]: { script: `${script};finishReturn({ action: 'connect' })` },
    })
    // `Screen` is what the bundle puts on the window, here and below.
    await page.evaluate((options) => (globalThis as unknown as Screen).mount(options), how)
    await page.locator('#state').waitFor()
    return page
  }
  const settle = (page: Page, round: number, sources: readonly unknown[] | null) =>
    page.evaluate(
      ([at, value]) => {
        const load = (globalThis as unknown as Screen).loads[at]
        if (value === null) load?.reject(new Error('unreachable'))
        else load?.resolve(value)
      },
      [round, sources] as const,
    )
  const loads = (page: Page) => page.evaluate(() => (globalThis as unknown as Screen).loads.length)
  const outcomes = (page: Page) => page.evaluate(() => (globalThis as unknown as Screen).outcomes)
  const state = (page: Page, expected: Readonly<Record<string, unknown>>) => {
    const text = JSON.stringify({ status: 'ready', isOpen: false, error: null, result: null, ...expected })
    return page.locator('#state').getByText(text, { exact: true }).waitFor()
  }
  const items = (page: Page) => page.locator('li').allInnerTexts()
  const unconnected = [{ id: 11, state: 'not_connected' }]
  const connected = [{ id: 11, state: 'connected' }]
  const expected = { action: 'connect', dataSource: 11, connected: true, succeeded: true }
  const openWindow = async (page: Page) => {
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#link')])
    await popup.waitForURL(`${CONNECT}/**`)
    return popup
  }

  it('load, keep what was there while it is asked for again and when that fails, and get over it', async (test) => {
    const page = await openScreen(test)
    await state(page, { status: 'loading' })
    await settle(page, 0, unconnected)
    await state(page, {})
    assert.deepEqual(await items(page), ['11 not_connected'])
    await page.click('#again')
    await state(page, { status: 'loading' })
    await settle(page, 1, null)
    await state(page, { status: 'failed', error: 'unreachable' })
    assert.deepEqual(await items(page), ['11 not_connected'])
    await page.click('#again')
    await settle(page, 2, connected)
    await state(page, {})
    assert.deepEqual(await items(page), ['11 connected'])
  })

  it('take no answer of an earlier round for that of a later one', async (test) => {
    const page = await openScreen(test)
    await page.click('#again')
    await settle(page, 1, connected)
    await state(page, {})
    await settle(page, 0, unconnected)
    await state(page, {})
    assert.deepEqual(await items(page), ['11 connected'])
  })

  it('show what a server rendered without loading it again', async (test) => {
    const page = await openScreen(test, { strict: true, initial: unconnected })
    await state(page, {})
    assert.deepEqual([await items(page), await loads(page)], [['11 not_connected'], 0])
  })

  it('open a window, tell the result once, and load again', async (test) => {
    const page = await openScreen(test, { strict: true, initial: unconnected })
    const popup = await openWindow(page)
    await state(page, { isOpen: true })
    await page.click('#link')
    assert.equal(page.context().pages().length, 2, 'a second click opens nothing')
    await popup.goto(`${APP}/done?dataSource=11&connected=true`).catch(() => {})
    await state(page, { status: 'loading', result: expected })
    await settle(page, (await loads(page)) - 1, connected)
    await state(page, { result: expected })
    assert.deepEqual(await items(page), ['11 connected'])
    assert.deepEqual(await outcomes(page), [{ result: expected, changes: [] }])
  })

  it('tell that somebody closed the window, and can open the next', async (test) => {
    const page = await openScreen(test, { strict: false, initial: unconnected })
    await (await openWindow(page)).close()
    await page.bringToFront()
    await state(page, { status: 'loading' })
    assert.deepEqual(await outcomes(page), [{ result: null, changes: [] }])
    await openWindow(page)
  })

  it('follow the link in the same window where the browser opens no other', async (test) => {
    const page = await openScreen(test, { strict: false, initial: unconnected })
    await page.evaluate(() => {
      window.open = () => null
    })
    await page.click('#link')
    await page.waitForURL(`${CONNECT}/?dataSource=11`)
  })

  it('can be used again on a page that the browser kept while the person was away', async (test) => {
    const page = await openScreen(test, { strict: false, initial: unconnected })
    await page.evaluate(() => {
      window.open = () => null
    })
    // An answer without a page leaves this one where it is, as "back" does with a page that was kept.
    await page.route(`${CONNECT}/**`, (route) => route.fulfill({ status: 204 }))
    await Promise.all([page.waitForRequest(`${CONNECT}/**`), page.click('#link')])
    await state(page, { isOpen: true })
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    await state(page, { status: 'loading' })
    await Promise.all([page.waitForRequest(`${CONNECT}/**`), page.click('#link')])
  })

  it('tell of a link that could not be had and of a wrong use, and stay usable', async (test) => {
    const page = await openScreen(test, { strict: false, initial: unconnected })
    await page.click('#broken')
    await state(page, { error: 'no link' })
    await page.click('#frameless')
    await state(page, { error: 'container is missing.' })
    await openWindow(page)
    await state(page, { isOpen: true })
  })

  it('say nothing to a screen that is gone in the middle, and warn of nothing', async (test) => {
    const page = await openScreen(test, { strict: true })
    const before = await loads(page)
    assert.equal(before, 2, 'StrictMode runs the effect twice')
    await page.click('#toggle')
    await settle(page, 0, unconnected)
    await settle(page, 1, unconnected)
    assert.equal(await page.locator('#state').count(), 0)
    await page.click('#toggle')
    await state(page, { status: 'loading' })
    await settle(page, await loads(page).then((count) => count - 1), connected)
    await state(page, {})
  })

  it('tell an outcome to the application, although the screen went while the window was open', async (test) => {
    const page = await openScreen(test, { strict: false, initial: unconnected })
    const popup = await openWindow(page)
    await page.click('#toggle')
    await closesBy(popup, () => popup.goto(`${APP}/done?dataSource=11&connected=true`))
    await page.waitForFunction(() => (globalThis as unknown as Screen).outcomes.length === 1)
    assert.equal(await loads(page), 0, 'a list that is gone is not loaded again')
  })

  it('draw on a server, where there is no window, and load and open nothing', () => {
    assert.equal(typeof globalThis.window, 'undefined')
    const load = () => assert.fail('a server loads nothing')
    const draw = (initial?: readonly { id: number }[]) =>
      renderToString(
        createElement(DataSourceList<{ id: number }>, {
          load,
          initial,
          children: ({ sources, status, isOpen }) =>
            `${status} ${sources.map(({ id }) => id).join()} ${isOpen}`,
        }),
      )
    assert.equal(draw(), 'loading  false')
    assert.equal(draw([{ id: 11 }]), 'ready 11 false')
    const Hooks = () => `${useDataSources(load).status} ${String(useConnect().outcome)}`
    assert.equal(renderToString(createElement(Hooks)), 'loading null')
  })
})
