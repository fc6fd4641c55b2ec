// Goal: what docs/mobile.md tells people who make apps is so: its redirect URIs can be listed, the outcome reaches them, and
// the backend that it shows redeems it. Method: the page's own program beside the try-out, a real browser as the phone's.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  createSpringbarClient,
  type RedeemedResult,
  type SpringbarClient,
  SpringbarError,
} from '@springbar/sdk'
import type { Browser, Page } from 'playwright-core'
import { allow, cancel } from '../browser/steps.ts'
import { freePorts, type Running, start, temporaryFolder } from '../main/support.ts'
import { launchBrowser, newPage } from '../support/browser.ts'
import { ROOT, readPage } from './markdown.ts'

const APP_LINK = 'https://tidewell.example/app/connected'
const SCHEME = 'com.example.tidewell:/connected'
const PAGE = readPage('docs/mobile.md')

/** What the page's program exports. */
interface Program {
  readonly startConnecting: (wish: {
    readonly partnerUserId: string
    readonly dataSource: number
    readonly redirectUri: string
  }) => Promise<string>
  readonly finishConnecting: (wish: {
    readonly partnerUserId: string
    readonly code: string
  }) => Promise<RedeemedResult>
}

describe('docs/mobile.md', () => {
  let browser: Browser
  let tryOut: Running
  let backend: SpringbarClient
  let program: Program
  before(async () => {
    const [service = 0, sandbox = 0, demo = 0] = await freePorts(3)
    tryOut = start(['try'], {
      group: true,
      env: {
        PORT: String(service),
        SANDBOX_PORT: String(sandbox),
        DEMO_PORT: String(demo),
        SPRINGBAR_DATA: path.join(temporaryFolder(), 'data'),
      },
    })
    browser = await launchBrowser()
    await tryOut.says(/Ctrl-C/)
    const apiUrl = `http://localhost:${service}`
    backend = createSpringbarClient({
      apiUrl,
      username: 'demo',
      password: 'demo',
      applicationId: 'demo-app',
      applicationSecret: 'demo-secret',
    })
    program = await load(apiUrl)
  })
  after(async () => {
    await browser?.close()
    tryOut?.signal('SIGTERM')
    await tryOut?.ended
  })

  /** The page's JavaScript, from where it finds the SDK. */
  async function load(apiUrl: string): Promise<Program> {
    const text = PAGE.code.find(({ language }) => language === 'js')?.text ?? ''
    const folder = path.join(ROOT, 'node_modules/.cache/springbar-docs')
    mkdirSync(folder, { recursive: true })
    const file = path.join(folder, `${randomUUID()}.mjs`)
    writeFileSync(file, text.replace('http://localhost:8080', apiUrl))
    try {
      return (await import(pathToFileURL(file).href)) as Program // the names are looked at below, by calling them
    } finally {
      rmSync(file)
    }
  }

  /** The address that the browser hands to the system. In this one no app takes it. */
  const handedOver = async (page: Page, redirectUri: string): Promise<string> =>
    (await page.waitForEvent('requestfailed', (request) => request.url().startsWith(redirectUri))).url()

  const addresses = [
    ...JSON.stringify(PAGE.code).matchAll(/(?:https|com\.example\.tidewell):\/[\w./]*\/?connected\b/g),
  ]

  it('names two redirect URIs, the same everywhere', () => {
    assert.deepEqual([...new Set(addresses.map(([address]) => address))].sort(), [SCHEME, APP_LINK].sort())
  })

  for (const [redirectUri, warnings] of [
    [APP_LINK, []],
    [SCHEME, ['custom_scheme_not_exclusive']],
  ] as const)
    it(`${redirectUri} is listed, gets the outcome, and the backend redeems it for the right person`, async (test) => {
      const added = await backend.addRedirectUri(redirectUri)
      assert.deepEqual(
        added.warnings.map(({ code }) => code),
        warnings,
      )
      const { page } = await newPage(browser, { test, expectedErrors: /ERR_|Failed to launch/ })
      // The domain is nobody's: a phone would open the app here.
      if (redirectUri === APP_LINK) await page.route(`${APP_LINK}?*`, (route) => route.abort())
      const partnerUserId = `mara-of-${warnings.length}`
      for (const [decide, connected, error] of [
        [cancel, 'false', 'access_denied'],
        [allow, 'true', null],
      ] as const) {
        const link = await program.startConnecting({ partnerUserId, dataSource: 11, redirectUri })
        await page.goto(link)
        const [address] = await Promise.all([handedOver(page, redirectUri), decide(page)])
        assert.ok(address.startsWith(`${redirectUri}?dataSource=11&connected=${connected}`), address)
        const code = new URL(address).searchParams.get('result') ?? ''
        const outcome = await program.finishConnecting({ partnerUserId, code })
        assert.deepEqual([outcome.dataSource, outcome.succeeded, outcome.error], [11, error === null, error])
        await assert.rejects(
          program.finishConnecting({ partnerUserId: 'somebody-else', code }),
          (problem) => problem instanceof SpringbarError && problem.code === 'user_mismatch',
        )
      }
    })

  it('a redirect URI that is written otherwise is refused before the vendor', async (test) => {
    const { page } = await newPage(browser, { test, expectedErrors: /400/ })
    const endUserId = await backend.createEndUser()
    const { token } = await backend.createConnectionSession({ endUserId })
    const answer = await page.goto(
      backend.connectUrl({ token, dataSource: 11, redirectUri: 'com.example.tidewell://connected' }),
    )
    assert.equal(answer?.status(), 400)
  })
})
