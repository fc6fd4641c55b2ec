// Goal: the demo with all sources of the catalogue is usable by anybody: clean for axe, on a small phone, by search, and it
// shows events without a reload. Method: a real browser, the demo's real backend, the whole service in process behind it.
import assert from 'node:assert/strict'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it, type TestContext } from 'node:test'
import { createAdaptorServer } from '@hono/node-server'
import type { Browser, Page } from 'playwright-core'
import { createDemo } from '../../examples/custom-screen/demo.ts'
import { violations } from '../support/accessibility.ts'
import { launchBrowser, newPage, type PageOptions } from '../support/browser.ts'
import { newPerson } from '../support/person.ts'
import { openWorld, SERVICE, type World } from '../support/world.ts'

describe('the demo with the whole catalogue, in a browser', () => {
  let world: World
  let browser: Browser
  let server: Server
  let url = ''
  let callCount = 0
  const ending = new AbortController()
  before(async () => {
    world = await openWorld()
    browser = await launchBrowser()
    let app: ReturnType<typeof createDemo> | null = null
    // The adaptor makes a plain HTTP server unless it is told to make another kind.
    server = createAdaptorServer({
      fetch: (request) => app?.fetch(request) ?? new Response(null, { status: 503 }),
    }) as Server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // A listening TCP server has an address of this form.
    url = `http://localhost:${(server.address() as AddressInfo).port}`
    app = createDemo({
      apiUrl: SERVICE,
      username: 'a',
      password: 'a-password',
      applicationId: 'app-a-staging',
      applicationSecret: 'app-a-staging-secret',
      apiKey: 'sbk_app-a-staging',
      ending: ending.signal,
      publicUrl: url,
      fetch: async (address, init) => {
        init?.signal?.throwIfAborted()
        return world.app.request(address.slice(SERVICE.length).replace(/wait=\d+/, 'wait=1'), init)
      },
      now: () => world.now(),
      random: (byteCount) => new Uint8Array(byteCount).fill(++callCount),
      log: (line) => assert.fail(`logged: ${line}`),
    })
  })
  after(async () => {
    ending.abort()
    await browser.close()
    server.closeAllConnections()
    server.close()
    await world.close()
  })

  async function signedIn(test: TestContext, options: PageOptions = {}): Promise<Page> {
    const { page, close } = await newPage(browser, { test, ...options })
    test.after(close)
    // Logos come from the service, which this browser reaches in process.
    await page.route(`${SERVICE}/logos/*`, async (route) => {
      const answer = await world.app.request(new URL(route.request().url()).pathname)
      await route.fulfill({
        status: answer.status,
        contentType: answer.headers.get('content-type') ?? '',
        body: Buffer.from(await answer.arrayBuffer()),
      })
    })
    await page.goto(url)
    await page.getByRole('button', { name: 'Mara Lindqvist' }).click()
    await page.getByRole('heading', { name: 'Your sources' }).waitFor()
    // The script that narrows the list has run.
    await page.waitForLoadState()
    return page
  }

  /** Connects a source as the link on the page does, in another browser, with these permissions alone. */
  async function connect(page: Page, source: number, scopes?: readonly string[]): Promise<void> {
    const address = await page.evaluate(async (id) => {
      const link = document.querySelector<HTMLAnchorElement>(`#source-${id} a[href^="/connect/"]`)
      return link?.getAttribute('href') ?? ''
    }, source)
    const cookies = await page.context().cookies()
    const answer = await fetch(`${url}${address}?in=tab`, {
      redirect: 'manual',
      headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
    })
    const { pathname, search } = new URL(answer.headers.get('location') ?? '')
    await newPerson(world).connect(pathname + search, scopes === undefined ? {} : { scopes })
  }

  it('shows a connect without a reload, then what was not allowed, and by which way it was told', async (t) => {
    const page = await signedIn(t)
    await connect(page, 11, ['read', 'activity:read'])
    const told = page.getByRole('region', { name: 'What Springbar told us' })
    await told.getByText('feed', { exact: false }).last().waitFor()
    await told.getByText('Strava', { exact: true }).waitFor()
    await page.reload()
    await page.getByText('You did not allow:').waitFor()
    assert.deepEqual(await violations(page), [])
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 1280]) {
      it(`is clean for axe and fits, ${colorScheme}, ${width} pixels wide`, async (t) => {
        const page = await signedIn(t, { colorScheme, viewport: { width, height: 800 } })
        for (const state of ['closed', 'everything shown']) {
          assert.deepEqual(await violations(page), [], state)
          const isTooWide = await page.evaluate(
            () => document.documentElement.scrollWidth > window.innerWidth,
          )
          assert.equal(isTooWide, false, `${state}: wider than the window`)
          await page.getByText('Not to be had here yet:').click()
        }
      })
    }
  }

  it('narrows the list with each letter, says when nothing is left, and gives all of it back', async (t) => {
    const page = await signedIn(t)
    const shown = () => page.locator('.source:visible').count()
    const field = page.getByRole('searchbox', { name: 'Find a source' })
    const all = await shown()
    await field.fill('withings')
    assert.equal(await shown(), 1)
    assert.deepEqual(await violations(page), [])
    await field.fill('withingsx')
    await page.getByText('No source has that in its name. Try fewer letters.').waitFor()
    assert.equal(await shown(), 0)
    await field.press('Enter')
    assert.equal(page.url(), `${url}/`, 'nothing is loaded')
    await field.fill('')
    assert.ok((await shown()) >= all)
  })

  it('searches without scripts too', async (t) => {
    const page = await signedIn(t, { javaScriptEnabled: false })
    await page.getByRole('searchbox', { name: 'Find a source' }).fill('withings')
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    await page.waitForURL('**/?find=withings')
    assert.equal(await page.locator('.source').count(), 1)
  })
})
