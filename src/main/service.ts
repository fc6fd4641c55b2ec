import { lookup as dnsLookup } from 'node:dns'
import { request as http, type Server } from 'node:http'
import { request as https } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { createAppearanceDirectory } from '../broker/appearances/appearances.ts'
import { createVendorHealth } from '../broker/attempts/vendor-health.ts'
import { noteConfiguration } from '../broker/audit/note-configuration.ts'
import { createAuthenticators } from '../broker/authenticate.ts'
import { connectableNow } from '../broker/catalogue/find-source.ts'
import { createClientDirectory } from '../broker/clients/client-directory.ts'
import type { Context, Log } from '../broker/context.ts'
import { processNotifications } from '../broker/notifications/process-notifications.ts'
import { createVendorKeys } from '../broker/notifications/vendor-keys.ts'
import { PEPPER_SETTING } from '../broker/sealing/rewrap-values.ts'
import { runSubscriptions } from '../broker/subscriptions/run-subscriptions.ts'
import { sweep } from '../broker/sweep.ts'
import { createRenewer } from '../broker/tokens/run-renewals.ts'
import { createVendorCircuits } from '../broker/tokens/vendor-circuits.ts'
import type { Config } from '../config/index.ts'
import { errorName } from '../errors.ts'
import { createAddressOf } from '../http/address.ts'
import { createApp } from '../http/app.ts'
import { createMetrics } from '../http/metrics.ts'
import { createRateLimiter } from '../http/rate-limiter.ts'
import { limits } from '../limits.ts'
import { createGuardedFetch, createGuardedStream } from '../oauth/index.ts'
import { createPresentation, logInHooks, pointAt, revocationHooks } from '../sources/index.ts'
import { openStorage } from '../storage/open.ts'
import { unlockVault } from '../vault/index.ts'
import {
  createDeliverer,
  createSender,
  type Lookup,
  noteConfiguredWebhooks,
  type Receivers,
  sweepWebhooks,
  webhookFigures,
} from '../webhooks/index.ts'
import { allSources } from './all-sources.ts'
import { createHttpServer } from './http-server.ts'
import { createRandom } from './random-pool.ts'

/** What `startService` needs besides the configuration. */
export interface ServiceOptions {
  readonly log: Log
  /** Where the sandbox vendors are; null for the real ones. */
  readonly sandboxOrigin: string | null
  /** What to do when the embedded database's disk fails; nothing more is stored from then on. */
  readonly onDiskLost?: () => void
  /** Epoch milliseconds; the machine's clock when missing. */
  readonly now?: () => number
  /** How vendors are reached, within the guarded fetch's bounds; the platform's `fetch` when missing. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /**
   * Answers and does nothing else: nothing goes to vendors or receivers of webhooks, and no work is done in the background. For
   * looking at a copy of a database whose service runs elsewhere.
   */
  readonly isDrill?: boolean
}

/** A service that answers. */
export interface RunningService {
  readonly port: number
  /** Takes no new work, lets open requests finish within `limits.shutdownMs`, and closes everything. */
  readonly stop: () => Promise<void>
}

/** Opens the database, unlocks the vault and serves. Rejects with what an operator must correct. */
export async function startService(config: Config, options: ServiceOptions): Promise<RunningService> {
  const { isDrill = false } = options
  const context = await openContext(config, isDrill ? { ...options, fetch: keepInside } : options)
  try {
    await noteConfiguration(context)
    await noteConfiguredWebhooks(context)
    // At a sandbox there is nobody's terms to break.
    if (options.sandboxOrigin === null) warnOfUnofficialLogIns(context)
    return await serve(config, context, isDrill)
  } catch (error) {
    await context.storage.close()
    throw error
  }
}

const keepInside = (): Promise<Response> => Promise.reject(new Error('A drill asks no vendor.'))

/**
 * What every use case works with: the database, opened and migrated, and the vault, unlocked. Whoever opened it closes
 * its storage. Rejects with what an operator must correct.
 */
export async function openContext(config: Config, options: ServiceOptions): Promise<Context> {
  const { log, sandboxOrigin, now = Date.now, fetch = (url, init) => globalThis.fetch(url, init) } = options
  const random = createRandom()
  const storage = await openStorage({
    url: config.database,
    log,
    ...(options.onDiskLost === undefined ? {} : { onDiskLost: options.onDiskLost }),
  })
  try {
    const vault = await unlockVault(config.keys, random, (sealed) =>
      storage.write((tables) => tables.records.putSettingIfAbsent(PEPPER_SETTING, sealed)),
    )
    const clients = createClientDirectory(config.applications, { storage, vault, log })
    await clients.refresh()
    return Object.freeze({
      urls: config.urls,
      applications: clients.applications,
      refreshClients: clients.refresh,
      appearances: createAppearanceDirectory({ storage, now, log }),
      storage,
      vault,
      sources:
        sandboxOrigin === null
          ? allSources(config)
          : new Map([...allSources(config)].map(([id, source]) => [id, pointAt(source, sandboxOrigin)])),
      revocationHooks,
      logInHooks,
      fetch: createGuardedFetch({ fetch }),
      stream: createGuardedStream({ fetch }),
      now,
      wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      random,
      log,
    })
  } catch (error) {
    await storage.close()
    throw error
  }
}

async function serve(config: Config, opened: Context, isDrill: boolean): Promise<RunningService> {
  let ready = true
  const receivers = createReceivers(config)
  const metrics = createMetrics({ withProcess: true })
  const context = { ...opened, noteAttempt: metrics.countAttempt, noteRenewal: metrics.countRenewal }
  metrics.watchConfigured(() => connectableNow(context))
  const circuits = createVendorCircuits(context)
  metrics.watchCircuits(circuits.resting)
  const renewer = createRenewer(context, circuits)
  const keys = createVendorKeys(context)
  const app = createApp({
    context,
    receivers,
    vendorHealth: createVendorHealth(context, circuits),
    presentation: createPresentation(config.logos),
    authenticators: createAuthenticators(config.credentials, context.applications, context.vault),
    limiter: createRateLimiter(context.now),
    metrics,
    addressOf: createAddressOf(config.trustedProxies, () =>
      context.log.warn('forwarded headers arrived and are ignored: no trusted proxies are configured'),
    ),
    isReady: () => ready,
  })
  const server = createHttpServer(context, app.fetch)
  const unused = watchUnused(server)
  await listen(server, config.listen)
  metrics.watchWebhooks(() => webhookFigures(context))
  const deliverer = createDeliverer({ ...context, receivers, noteDelivery: metrics.countDelivery })
  const complain = complainSometimes(context)
  const works = [
    { work: () => sweep(context), pauseMs: limits.sweepIntervalMs },
    { work: renewer.look, pauseMs: limits.renewalIntervalMs },
    { work: () => processNotifications(context, keys), pauseMs: limits.inboundIntervalMs },
    { work: () => runSubscriptions(context), pauseMs: limits.subscriptionIntervalMs },
    { work: context.refreshClients, pauseMs: limits.clientsReadAgainMs },
    { work: () => sweepWebhooks(context), pauseMs: limits.sweepIntervalMs },
    { work: deliverer.look, pauseMs: limits.webhookPollMs },
  ]
  const background = (isDrill ? [] : works).map(({ work, pauseMs }) => repeat(work, pauseMs, complain))
  if (isDrill) context.log.warn('this is a drill: nothing is sent, and nothing is done in the background')
  announce(config, context)
  return Object.freeze({
    // A server that listens on a port has an address with a port, not a path.
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      ready = false
      await Promise.all([renewer.stop(), ...background.map(({ stop }) => stop()), drain(server, unused)])
      await deliverer.stop()
      await context.storage.close()
      context.log.info('springbar has stopped')
    },
  })
}

/** The way to receivers of webhooks, which the application layer is only given. */
function createReceivers({ webhooks: { networks, timeoutMs } }: Config): Receivers {
  const lookup: Lookup = (hostname, done) => dnsLookup(hostname, { all: true }, done)
  return { send: createSender({ http, https, lookup, networks, timeoutMs }), lookup, networks }
}

const listen = (server: Server, { host, port }: Config['listen']): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })

/** Connections on which nothing was ever sent, as browsers open them in advance: Node does not count them as idle. */
function watchUnused(server: Server): () => readonly Socket[] {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () => [...sockets].filter(({ bytesRead }) => bytesRead === 0)
}

/** Stops listening and waits for open requests; what is not done in time is cut. */
function drain(server: Server, unused: () => readonly Socket[]): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 100)
    const cut = setTimeout(() => server.closeAllConnections(), limits.shutdownMs)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
    for (const socket of unused()) socket.destroy()
  })
}

/** Logs a failure, and no other until some time has passed: what several loops meet is one trouble. */
function complainSometimes({ log, now }: Pick<Context, 'log' | 'now'>): (error: unknown) => void {
  let silentUntil = 0
  return (error) => {
    if (now() < silentUntil) return
    silentUntil = now() + limits.sweepIntervalMs
    log.error('background work failed', { error: errorName(error) })
  }
}

/** Runs work again and again, with a pause between two runs; a failed run is told and does not end it. */
function repeat(
  work: () => Promise<void>,
  pauseMs: number,
  complain: (error: unknown) => void,
): { readonly stop: () => Promise<void> } {
  let stopped = false
  let wake = () => {}
  const running = (async () => {
    while (!stopped) {
      await work().catch(complain)
      if (stopped) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return {
    stop: async () => {
      stopped = true
      wake()
      await running
    },
  }
}

function announce({ urls, database }: Config, { applications, log }: Context): void {
  const open = [...applications.values()].filter(({ binding }) => binding.kind === 'auto')
  log.info('springbar is serving', {
    url: urls.direct,
    database: database.startsWith('sqlite:') ? 'sqlite' : 'postgres',
  })
  if (open.length > 0)
    log.info('connect links go straight to the vendor (bind is auto), for whoever opens them', {
      applications: open.map(({ id }) => id).join(' '),
    })
}

function warnOfUnofficialLogIns({ applications, log }: Context): void {
  const unofficial = [...applications.values()].filter(({ unofficialLogIns }) => unofficialLogIns.size > 0)
  if (unofficial.length === 0) return
  log.warn('people can connect sources by their own log-in, which no vendor offers officially', {
    applications: unofficial.map(({ id }) => id).join(' '),
    sources: [...new Set(unofficial.flatMap(({ unofficialLogIns }) => [...unofficialLogIns]))].join(' '),
  })
}
