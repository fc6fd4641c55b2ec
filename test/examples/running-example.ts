// An example as its README starts it: beside the try-out, as processes of their own, out of the packages that its own lock
// file names and the SDK as npm would publish it.
import assert from 'node:assert/strict'
import path from 'node:path'
import process from 'node:process'
import { createSpringbarClient, type SpringbarClient } from '@springbar/sdk'
import type { Browser, Page } from 'playwright-core'
import { freePorts, type Running, start, temporaryFolder } from '../main/support.ts'
import { violations } from '../support/accessibility.ts'
import { newPage } from '../support/browser.ts'

/** What `npm run example` runs. */
export const EXAMPLE_COMMAND = path.resolve(import.meta.dirname, '../../tools/example.ts')
const CREDENTIALS = {
  username: 'demo',
  password: 'demo',
  applicationId: 'demo-app',
  applicationSecret: 'demo-secret',
}

/** An example with all that it needs. */
export interface RunningExample {
  readonly url: string
  /** Where it asks to be told of webhooks. */
  readonly webhookUrl: string
  readonly program: Running
  /** The application's backend, to look from the other side. */
  readonly backend: SpringbarClient
  readonly end: () => Promise<void>
}

/**
 * Starts the try-out and an example on free ports. Its address is listed and its webhooks are asked for over the API, as
 * the READMEs say.
 */
export async function startExample(
  name: string,
  { webhooks }: { readonly webhooks?: string } = {},
): Promise<RunningExample> {
  const [service = 0, sandbox = 0, demo = 0, port = 0] = await freePorts(4)
  const tryOut = start(['try'], {
    group: true,
    env: {
      PORT: String(service),
      SANDBOX_PORT: String(sandbox),
      DEMO_PORT: String(demo),
      SPRINGBAR_DATA: path.join(temporaryFolder(), 'data'),
    },
  })
  await tryOut.says(/Ctrl-C/)
  const url = `http://localhost:${port}`
  const apiUrl = `http://localhost:${service}`
  const backend = createSpringbarClient({ apiUrl, ...CREDENTIALS })
  await backend.addRedirectUri(`${url}/connected`)
  const webhookUrl = `${url}${webhooks}`
  const secret = webhooks === undefined ? '' : (await backend.createWebhook({ url: webhookUrl })).secret
  const program = start([name], {
    program: EXAMPLE_COMMAND,
    group: true,
    // npm's own settings and caches are the person's.
    env: {
      ...inherited(),
      PORT: String(port),
      SPRINGBAR_API_URL: apiUrl,
      SPRINGBAR_WEBHOOK_SECRET: secret,
    },
  })
  await program.says(new RegExp(`${url}\\b`))
  return {
    url,
    webhookUrl,
    program,
    backend,
    end: async () => {
      for (const running of [program, tryOut]) {
        running.signal('SIGTERM')
        await running.ended
      }
    },
  }
}

function inherited(): Readonly<Record<string, string>> {
  const all = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('SPRINGBAR_'),
  )
  // What `node --test` tells its own processes is none of the example's business, nor is how this file is compiled.
  const {
    NODE_ENV: _environment,
    NODE_TEST_CONTEXT: _context,
    NODE_OPTIONS: _options,
    ...rest
  } = Object.fromEntries(all)
  return rest
}

/** The sources that one of the example's people has connected, as the API knows it. */
export async function connectedSources(
  { backend }: RunningExample,
  partnerUserId: string,
): Promise<readonly number[]> {
  const endUserId = await backend.createEndUser({ partnerUserId })
  const [endUser] = await backend.readEndUsers([endUserId])
  return (endUser?.connectedSources ?? []).map(({ dataSource }) => dataSource)
}

/** Looks at a page as people have it: light and dark, a phone and a desk. Clean for axe, and never wider than the window. */
export async function assertFitForPeople(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [360, 1280]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      assert.deepEqual(await violations(page), [], `${state}, ${colorScheme}, ${width}`)
      const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      assert.equal(isTooWide, false, `${state}, ${width}: wider than the window`)
    }
}

/** Opens an example in a browser of somebody's own, and signs in as one of its people. */
export async function signedIn(
  browser: Browser,
  { url }: RunningExample,
  name: string,
  options: Parameters<typeof newPage>[1] = {},
): Promise<Page> {
  const { page } = await newPage(browser, options)
  await page.goto(url)
  await page.getByRole('button', { name }).click()
  await page.getByRole('heading', { name: 'Your sources' }).waitFor()
  await page.waitForLoadState()
  return page
}
