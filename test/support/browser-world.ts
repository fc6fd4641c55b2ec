/**
 * @module test/support/browser-world
 * Everything that a person's browser meets, as real servers on three sites: the service on `localhost`, the vendors on
 * `vendor.localhost`, applications on `app.localhost` and others. It owns the servers, their clock and their settings,
 * and sees to it that a browser asks nobody else; what a test does with them is the test's.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { createSpringbarClient, type SpringbarClient } from '@springbar/sdk'
import type { Browser } from 'playwright-core'
import { createDemo } from '../../examples/custom-screen/demo.ts'
import type { LogFields } from '../../src/broker/context.ts'
import { parseConfig } from '../../src/config/index.ts'
import { configRulesOf } from '../../src/main/config-rules.ts'
import { sandboxClients, sandboxVendors } from '../../src/main/sandbox-vendors.ts'
import { startService } from '../../src/main/service.ts'
import { type SandboxControl, serveSandbox } from '../../src/sandbox/index.ts'
import { sources } from '../../src/sources/index.ts'
import { newPage, type PageOptions, type TestPage } from './browser.ts'
import { type Front, listen, openFront } from './front.ts'

/** A redirect URI of the application that no web server answers: an app on the person's phone. */
export const APP_SCHEME_URI = 'myapp:/done'

/** What a test may choose. */
export interface BrowserWorldOptions {
  /** The application's name, as people read it. */
  readonly applicationName?: string
}

/** A running service with vendors and applications, and the people who visit them. */
export interface BrowserWorld {
  /** Origins. `shop` is an application that may frame the service; `stranger` is nobody's. */
  readonly urls: Readonly<Record<'service' | 'vendor' | 'demo' | 'shop' | 'stranger', string>>
  /** The application's backend, with its credentials. */
  readonly backend: SpringbarClient
  /** The backends of the same application with other ways to bind an attempt; the demo has the one that confirms. */
  readonly bound: Readonly<Record<'page' | 'confirm', SpringbarClient>>
  readonly sandbox: SandboxControl
  /** What lies between the browser and the service. */
  readonly front: Front
  /** Warnings and errors of the service and the demo. */
  readonly complaints: readonly string[]
  readonly advance: (byMs: number) => void
  /** Puts a page on `shop` and `stranger`, and returns its path. */
  readonly publish: (html: string, at?: string) => string
  /** Somebody comes with a browser of their own. They leave when the test ends, and then must not have seen an error. */
  readonly visit: (options?: Omit<PageOptions, 'test'>) => Promise<TestPage>
}

const CREDENTIALS = {
  username: 'demo',
  password: 'demo',
  applicationId: 'demo-app',
  applicationSecret: 'demo-secret',
}

/** The applications of the other ways to bind an attempt. */
const BOUND = {
  page: { id: 'demo-page', secrets: ['demo-page-secret'] },
  confirm: { id: 'demo-confirm', secrets: ['demo-confirm-secret'] },
} as const

/** What an application's backend logs in with. */
const credentialsOf = ({ id, secrets: [applicationSecret] }: (typeof BOUND)[keyof typeof BOUND]) => ({
  ...CREDENTIALS,
  applicationId: id,
  applicationSecret,
})

const START = Date.UTC(2026, 10, 22, 9, 0, 0)

/** Opens a world for one test, and closes it when that ends: first the browsers, then the servers. */
export async function openBrowserWorld(
  test: TestContext,
  browser: Browser,
  { applicationName = 'Tidewell' }: BrowserWorldOptions = {},
): Promise<BrowserWorld> {
  let now = START
  const clock = () => now
  const closing: (() => unknown)[] = []
  test.after(async () => {
    const failures: unknown[] = []
    for (const close of closing.toReversed()) {
      try {
        await close()
      } catch (failure) {
        failures.push(failure)
      }
    }
    if (failures.length > 0) throw failures[0]
  })
  const opened = <Server extends { readonly close: () => unknown }>(server: Server): Server => {
    closing.push(server.close)
    return server
  }
  const complaints: string[] = []
  const complain = (text: string, fields: LogFields = {}) =>
    void complaints.push(`${text} ${JSON.stringify(fields)}`)

  const front = opened(await openFront())
  const pages = new Map<string, string>()
  const stage = opened(await openStage(pages))
  let demo: ReturnType<typeof createDemo> | null = null
  const demoServer = opened(
    await listen(
      getRequestListener((request) => demo?.fetch(request) ?? new Response(null, { status: 503 })),
    ),
  )
  const service = `http://localhost:${front.port}`
  const sandbox = opened(
    await serveSandbox({
      port: 0,
      now: clock,
      random: randomBytes,
      ...sandboxVendors(sources),
      phone: { serviceUrl: service, applicationId: CREDENTIALS.applicationId },
      clients: sandboxClients(sources, service).map((client) => ({ ...client, name: applicationName })),
    }),
  )
  const urls = {
    service,
    vendor: sandbox.url.replace('localhost', 'vendor.localhost'),
    demo: `http://app.localhost:${demoServer.port}`,
    shop: `http://shop.localhost:${stage.port}`,
    stranger: `http://stranger.localhost:${stage.port}`,
  }
  const folder = mkdtempSync(join(tmpdir(), 'springbar-browser-world-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  const running = await startService(configuration(folder, urls, applicationName), {
    log: { debug: () => {}, info: () => {}, warn: complain, error: complain },
    sandboxOrigin: urls.vendor,
    now: clock,
    // Browsers know that *.localhost is this machine; the system's resolver may not.
    fetch: (url, init) => fetch(url.replace(urls.vendor, sandbox.url), init),
  })
  closing.push(running.stop)
  front.leadTo(running.port)
  const addresses = { apiUrl: service, ...CREDENTIALS }
  demo = createDemo({
    ...addresses,
    webhookSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    confirming: credentialsOf(BOUND.confirm),
    publicUrl: urls.demo,
    now: clock,
    random: randomBytes,
    log: complain,
  })

  return {
    urls,
    backend: createSpringbarClient(addresses),
    bound: {
      page: createSpringbarClient({ ...addresses, ...credentialsOf(BOUND.page) }),
      confirm: createSpringbarClient({ ...addresses, ...credentialsOf(BOUND.confirm) }),
    },
    sandbox: sandbox.control,
    front,
    complaints,
    advance: (byMs) => {
      now += byMs
    },
    publish: (html, at) => {
      const path = at ?? `/${pages.size + 1}`
      pages.set(path, html)
      return path
    },
    visit: async (options = {}) => {
      const visitor = await newPage(browser, options)
      const strangers = watchRequests(visitor, Object.values(urls))
      closing.push(async () => {
        await visitor.close()
        assert.deepEqual(strangers, [], 'the browser asked a third party')
      })
      return visitor
    },
  }
}

/** Collects the addresses that a browser asks and that are none of the world's. */
function watchRequests({ context }: TestPage, origins: readonly string[]): readonly string[] {
  const strangers: string[] = []
  context.on('request', (request) => {
    const url = request.url()
    const isOurs = origins.includes(new URL(url).origin) || /^(data|myapp):/.test(url)
    if (!isOurs) strangers.push(url)
  })
  return strangers
}

function configuration(folder: string, urls: BrowserWorld['urls'], name: string) {
  const clients = sandboxClients(sources, urls.service).map(
    ({ vendor, clientId, clientSecret, extras }) => [vendor, { clientId, clientSecret, extras }] as const,
  )
  const common = {
    name,
    redirectUris: [
      `${urls.demo}/connected`,
      `${urls.demo}/disconnected`,
      `${urls.shop}/done`,
      APP_SCHEME_URI,
    ],
    unofficialLogIns: ['freestyle-libre'],
    phoneApp: { sources: ['apple-health'], pairingLink: `${urls.vendor}/phone?code={code}` },
    embedOrigins: [urls.shop],
    clients: Object.fromEntries(clients),
    // The clock stands still unless a test moves it, and with it a rate limit.
    apiRequestsPerSecond: 100_000,
  }
  return parseConfig(
    {
      publicUrl: urls.service,
      listen: { port: 0 },
      database: `sqlite:${join(folder, 'springbar.db')}`,
      keys: [{ id: 'k1', key: randomBytes(32).toString('base64') }],
      accounts: [
        {
          username: CREDENTIALS.username,
          passwords: [CREDENTIALS.password],
          applications: [
            { ...common, id: CREDENTIALS.applicationId, secrets: [CREDENTIALS.applicationSecret] },
            { ...common, ...BOUND.page, bind: 'page' },
            { ...common, ...BOUND.confirm, verifyUrl: `${urls.demo}/verify` },
          ],
        },
      ],
    },
    { ...configRulesOf(sources), tryOut: true },
  )
}

/** Serves what a test publishes, by any host name. */
const openStage = (pages: ReadonlyMap<string, string>) =>
  listen((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const html = pages.get(path) ?? '<!doctype html><html lang="en"><title>Stage</title><h1>Nothing here</h1>'
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'referrer-policy': 'no-referrer' })
    response.end(html.replace('<head>', '<head><link rel="icon" href="data:,">'))
  })
