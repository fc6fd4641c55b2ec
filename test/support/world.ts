// The whole service in one process: the real app on a real database, with sandbox vendors behind its guarded fetch,
// on a clock and a random source of the test's own. Only the network between the two is left out.
import { mkdtempSync, rmSync } from 'node:fs'
import { request as http } from 'node:http'
import { request as https } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { createAppearanceDirectory } from '../../src/broker/appearances/appearances.ts'
import { createVendorHealth } from '../../src/broker/attempts/vendor-health.ts'
import { createAuthenticators } from '../../src/broker/authenticate.ts'
import { createClientDirectory } from '../../src/broker/clients/client-directory.ts'
import type { Context, LogFields } from '../../src/broker/context.ts'
import { sweep } from '../../src/broker/sweep.ts'
import { parseConfig } from '../../src/config/index.ts'
import { createApp } from '../../src/http/app.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { createRateLimiter } from '../../src/http/rate-limiter.ts'
import { configRulesOf } from '../../src/main/config-rules.ts'
import { EVENT_TYPES } from '../../src/model/event.ts'
import { createGuardedFetch, createGuardedStream } from '../../src/oauth/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { createPresentation, logInHooks, pointAt, revocationHooks, sources } from '../../src/sources/index.ts'
import { openStorage } from '../../src/storage/open.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { unlockVault } from '../../src/vault/index.ts'
import {
  createDeliverer,
  createSender,
  type Lookup,
  noteConfiguredWebhooks,
  type Receivers,
} from '../../src/webhooks/index.ts'
import { createDatabase } from './postgres.ts'
import { seededRandom } from './seeded-random.ts'
import { authorizations, createNetwork, createVendors, type VendorNetwork } from './vendors.ts'

export { seededRandom } from './seeded-random.ts'

export const SERVICE = 'https://connect.example.org'
export const SANDBOX = 'https://sandbox.example.net'
export const APP_A = 'https://app-a.example.com/done'
export const APP_A_STAGING = 'https://staging.example.com/done'
export const APP_PAGE = 'https://page.example.com/done'
export const APP_CONFIRM = 'https://confirm.example.com/done'
/** Where the applications with `confirm` see their own log-in. It has a query, to which the ticket is added. */
export const VERIFY_URL = 'https://confirm.example.com/verify?from=springbar'
export const APP_B = 'https://app-b.example.com/done'

/** A log line as it was handed to the log. */
export interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: LogFields
}

/** What a test may choose. */
export interface WorldOptions {
  readonly database?: 'sqlite' | 'postgres'
  readonly publicUrl?: string
  /** How long a vendor may take, in real milliseconds. */
  readonly vendorTimeoutMs?: number
  /** How a receiver's name is resolved; every name is this machine when missing. */
  readonly lookup?: Lookup
  /** How long a receiver of webhooks may take, in real milliseconds; far longer than a busy machine needs, when missing. */
  readonly webhookTimeoutMs?: number
  /** Plays a vendor as a test wants it: answers a request to the vendor's own address, or null for the sandbox to answer. */
  readonly playVendor?: (url: string, init: RequestInit) => Promise<Response | null>
  /** Puts something between the service and its storage. */
  readonly wrapStorage?: (storage: Storage) => Storage
}

/** What may be different after a restart. */
export interface RestartOptions {
  /** The key ring, the primary key first. */
  readonly keys?: readonly { readonly id: string; readonly key: string }[]
  /** Whether the configuration has clients at the vendors; it has, unless this is false. */
  readonly withClients?: boolean
  /** Webhook endpoints that the configuration lists for `app-a`. */
  readonly webhooks?: readonly unknown[]
}

/** A running service with everything that a test needs to look behind it. */
export interface World {
  readonly app: Hono
  readonly context: Context
  readonly sandbox: Sandbox
  /** What lies between the service and the sandbox. */
  readonly network: VendorNetwork
  readonly log: readonly LogLine[]
  /** Where the embedded database lies, or the URL of the PostgreSQL one. */
  readonly databaseUrl: string
  /** Epoch milliseconds; the sandbox has the same clock. */
  readonly now: () => number
  readonly advance: (byMs: number) => void
  /** One round of background work. */
  readonly sweep: () => Promise<void>
  /** Delivers every webhook that is due. */
  readonly deliver: () => Promise<void>
  /** The way to receivers of webhooks, which may be on this machine. */
  readonly receivers: Receivers
  /** Ends the process, as far as it holds anything in memory, and starts another on the same database. */
  readonly restart: (options?: RestartOptions) => Promise<void>
  readonly close: () => Promise<void>
}

interface Account {
  readonly username: string
  readonly passwords: readonly string[]
  readonly applications: readonly (ReturnType<typeof application> & {
    readonly bind?: string
    readonly verifyUrl?: string
    readonly exchange?: string
    readonly onAccountTaken?: string
    readonly accountsPerSource?: string
    readonly accountPolicies?: unknown
    readonly feed?: unknown
  })[]
}

/** The applications that have an app on people's phones. */
const PHONE_APPS: ReadonlySet<string> = new Set(['app-a-staging', 'app-a-confirm', 'app-b'])

/** What `app-a-several` has in its feed: new data, and nothing of what comes when it ends. */
const FEED_TYPES = EVENT_TYPES.filter((type) => type !== 'notification.source.disconnect')

const START = Date.UTC(2026, 10, 22, 9, 0, 0)

/** What a vendor hands out beside id and secret. */
const extrasOf = (vendor: string): Record<string, string> =>
  Object.fromEntries(
    (authorizations.find((one) => one.vendor === vendor)?.registration?.clientFields ?? []).map(
      ({ name }) => [name, `${vendor}-${name}`],
    ),
  )

/** An application for each vendor, with a client there alone. */
const onePerVendor = authorizations.map(({ vendor }) =>
  application(`only-${vendor}`, `https://${vendor}.app.example.com/done`, [vendor]),
)

/**
 * Accounts of two customers: `a` with the applications `app-a`, `app-a-staging`, `app-a-legacy` (which still uses
 * Fitbit's former interface), `app-a-oauth1` (with vendors of OAuth 1.0a alone), one for each way to bind an attempt, and
 * one for each policy about accounts that is not the standard one;
 * `b` with `app-b`. All share one client at each vendor.
 */
const accounts: readonly Account[] = [
  {
    username: 'a',
    passwords: ['a-password'],
    applications: [
      application('app-a', APP_A),
      application('app-a-staging', APP_A_STAGING),
      { ...application('app-a-page', APP_PAGE), bind: 'page' },
      { ...application('app-a-confirm', APP_CONFIRM), verifyUrl: VERIFY_URL },
      { ...application('app-a-late', APP_CONFIRM), verifyUrl: VERIFY_URL, exchange: 'after-confirm' },
      { ...application('app-a-early', APP_CONFIRM), verifyUrl: VERIFY_URL, exchange: 'before-confirm' },
      { ...application('app-a-refuse', 'https://refuse.example.com/done'), onAccountTaken: 'refuse' },
      {
        ...application('app-a-share', 'https://share.example.com/done'),
        onAccountTaken: 'share',
        accountPolicies: { withings: { onAccountTaken: 'move' } },
      },
      {
        ...application('app-a-several', 'https://several.example.com/done'),
        accountsPerSource: 'several',
        feed: { types: FEED_TYPES },
      },
      application('app-a-legacy', 'https://legacy.example.com/done', ['fitbit']),
      application('app-a-oauth1', 'https://oauth1.example.com/done', ['fatsecret', 'garmin-oauth1']),
    ],
  },
  { username: 'b', passwords: ['b-password', 'b-password-2'], applications: [application('app-b', APP_B)] },
  { username: 'every', passwords: ['every-password'], applications: onePerVendor },
]

const accountsWithoutClients = accounts.map((account) => ({
  ...account,
  applications: account.applications.map((one) => ({ ...one, clients: {} })),
}))

function application(id: string, redirectUri: string, vendors = ['strava', 'withings', 'google-health']) {
  return {
    id,
    name: id.toUpperCase(),
    secrets: [`${id}-secret`, `${id}-secret-2`],
    apiKeys: [`sbk_${id}`],
    redirectUris: [redirectUri, `${redirectUri}?fixed=1`, `${id}.example:/done`],
    embedOrigins: [new URL(redirectUri).origin],
    clients: Object.fromEntries(
      vendors.map((vendor) => [
        vendor,
        { clientId: `${vendor}-client`, clientSecret: `${vendor}-client-secret`, extras: extrasOf(vendor) },
      ]),
    ),
    unofficialLogIns: id === 'app-b' ? [] : ['freestyle-libre'],
    ...(PHONE_APPS.has(id)
      ? {
          phoneApp: {
            sources: ['apple-health', 'health-connect', 'samsung-health', 'shenai'],
            pairingLink: `https://${id}.example.com/pair?code={code}`,
          },
        }
      : {}),
    // The clock of a test stands still, and with it a rate limit.
    apiRequestsPerSecond: 100_000,
  }
}

/** The same accounts, with these webhook endpoints at the first application. */
const withWebhooks = (given: readonly Account[], webhooks: readonly unknown[]) =>
  given.map((account) => ({
    ...account,
    applications: account.applications.map((one) => (one.id === 'app-a' ? { ...one, webhooks } : one)),
  }))

const KEY = { id: 'k1', key: Buffer.alloc(32, 7).toString('base64') }

/** Opens a world of its own for one test file or one test. */
export async function openWorld({
  database = 'sqlite',
  publicUrl = SERVICE,
  vendorTimeoutMs,
  lookup = (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  webhookTimeoutMs = 20_000,
  playVendor = async () => null,
  wrapStorage = (storage) => storage,
}: WorldOptions = {}): Promise<World> {
  let now = START
  const random = seededRandom('springbar')
  const place = await openPlace(database)
  const sandbox = createVendors({
    now: () => now,
    random,
    publicUrl,
    origin: SANDBOX,
    tell: async (url, init) => running.app.request(url, init),
  })
  const network = createNetwork(sandbox, SANDBOX)
  const log: LogLine[] = []
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void log.push({ level, message, fields })

  const start = async ({ keys = [KEY], withClients = true, webhooks = [] }: RestartOptions = {}) => {
    const config = parseConfig(
      {
        publicUrl,
        database: place.url,
        keys,
        accounts: withWebhooks(withClients ? accounts : accountsWithoutClients, webhooks),
        webhooks: { networks: ['127.0.0.0/8', '::1'] },
      },
      { ...configRulesOf(sources), tryOut: true },
    )
    const storage = wrapStorage(await openStorage({ url: place.url }))
    const vault = await unlockVault(config.keys, random, (sealed) =>
      storage.write((tables) => tables.records.putSettingIfAbsent('pepper', sealed)),
    )
    const logOfService = {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    }
    const clients = createClientDirectory(config.applications, { storage, vault, log: logOfService })
    await clients.refresh()
    const metrics = createMetrics({ withProcess: false })
    const context: Context = {
      urls: config.urls,
      applications: clients.applications,
      refreshClients: clients.refresh,
      appearances: createAppearanceDirectory({ storage, now: () => now, log: logOfService }),
      storage,
      vault,
      sources: new Map([...sources].map(([id, source]) => [id, pointAt(source, SANDBOX)])),
      revocationHooks,
      logInHooks,
      fetch: createGuardedFetch({
        fetch: async (url, init) =>
          (await playVendor(`https://${url.slice(SANDBOX.length + 1)}`, init)) ?? network.fetch(url, init),
        ...(vendorTimeoutMs === undefined ? {} : { timeoutMs: vendorTimeoutMs }),
      }),
      stream: createGuardedStream({ fetch: network.fetch }),
      now: () => now,
      // Time passes for those who wait, and for nobody else; those who wait together wait for the same moment.
      wait: async (ms) => {
        const until = now + ms
        // A server beside us gets a turn of real time, or our time would run out before its answer comes.
        await new Promise((resolve) =>
          database === 'postgres' ? setTimeout(resolve, 5) : setImmediate(resolve),
        )
        now = Math.max(now, until)
      },
      random,
      log: logOfService,
      noteAttempt: metrics.countAttempt,
    }
    await noteConfiguredWebhooks(context)
    const { networks } = config.webhooks
    const timeoutMs = webhookTimeoutMs
    const receivers: Receivers = {
      send: createSender({ http, https, lookup, networks, timeoutMs }),
      lookup,
      networks,
    }
    const app = createApp({
      context,
      receivers,
      vendorHealth: createVendorHealth(context, null),
      presentation: createPresentation(config.logos),
      authenticators: createAuthenticators(config.credentials, context.applications, vault),
      limiter: createRateLimiter(context.now),
      metrics,
      addressOf: (c) => c.req.header('x-test-address') ?? 'local',
      isReady: () => true,
    })
    return { app, context, receivers }
  }

  let running = await start().catch(async (error: unknown) => {
    await place.drop()
    throw error
  })
  return {
    get app() {
      return running.app
    },
    get context() {
      return running.context
    },
    get receivers() {
      return running.receivers
    },
    sandbox,
    network,
    log,
    databaseUrl: place.url,
    now: () => now,
    advance: (byMs) => {
      now += byMs
    },
    sweep: () => sweep(running.context),
    deliver: async () => {
      const deliverer = createDeliverer({ ...running.context, receivers: running.receivers })
      await deliverer.look()
      await deliverer.idle()
    },
    restart: async (options) => {
      await running.context.storage.close()
      running = await start(options)
    },
    close: async () => {
      sandbox.close()
      await running.context.storage.close()
      await place.drop()
    },
  }
}

async function openPlace(database: 'sqlite' | 'postgres') {
  if (database === 'postgres') return createDatabase('world')
  const folder = mkdtempSync(join(tmpdir(), 'springbar-world-'))
  return {
    url: `sqlite:${join(folder, 'springbar.db')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}
