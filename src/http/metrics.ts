import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { AttemptEnd } from '../broker/context.ts'
import { RENEWAL_WORDS } from '../broker/tokens/renew-tokens.ts'
import { OUTCOME_ERRORS } from '../model/result.ts'

/**
 * Counters for the operator. No label holds a person, a token or anything else of unbounded number. What may come to be
 * counted stands there with 0 from the start, so that a rate sees the first of it.
 */
export interface Metrics {
  readonly countRequest: (route: string, status: number) => void
  /** The end of one attempt. */
  readonly countAttempt: (end: AttemptEnd) => void
  /** The end of one try to renew tokens, by vendor and fixed words. */
  readonly countRenewal: (vendor: string, outcome: string) => void
  /** What came of one try to deliver a webhook. */
  readonly countDelivery: (outcome: 'delivered' | 'retried' | 'failed') => void
  /** Where to ask what waits to be delivered, each time the figures are asked for. */
  readonly watchWebhooks: (look: () => Promise<WebhookFigures>) => void
  /** Where to look what can be connected now: the sources, and the vendors that there are clients at, by their keys. */
  readonly watchConfigured: (look: () => Configured) => void
  /** Where to look which vendors rest. */
  readonly watchCircuits: (resting: () => readonly string[]) => void
  /** In the Prometheus text format. */
  readonly expose: () => Promise<string>
  readonly contentType: string
}

/** Keys of what attempts and renewals can be counted for. */
interface Configured {
  readonly sources: readonly string[]
  readonly vendors: readonly string[]
}

/** What waits to be delivered, and which endpoints are off. */
export interface WebhookFigures {
  readonly pending: number
  readonly oldestSeconds: number
  /** By the reason. */
  readonly disabled: ReadonlyMap<string, number>
}

/** Metrics of one process. `withProcess` adds memory, CPU and event loop figures of the process. */
export function createMetrics({ withProcess }: { readonly withProcess: boolean }): Metrics {
  const registry = new Registry()
  if (withProcess) {
    collectDefaultMetrics({ register: registry })
    // It would tell the version of the runtime to anybody who asks.
    registry.removeSingleMetric('nodejs_version_info')
  }
  const requests = new Counter({
    name: 'springbar_http_requests_total',
    help: 'Requests answered, by route and status.',
    labelNames: ['route', 'status'],
    registers: [registry],
  })
  for (const route of ['error api', 'error page'])
    for (const status of ['500', '503']) requests.inc({ route, status }, 0)
  const trips = createTripMetrics(registry)
  let restingVendors = (): readonly string[] => []
  const circuits = new Gauge({
    name: 'springbar_vendor_resting',
    help: 'Vendors that did not answer several times in a row and are not asked for renewals now.',
    labelNames: ['vendor'],
    registers: [registry],
    collect: () => {
      circuits.reset()
      for (const vendor of restingVendors()) circuits.set({ vendor }, 1)
    },
  })
  const webhooks = createWebhookMetrics(registry)
  // The library looks a counter up by hashing its labels; each is kept once it is found.
  const counters = new Map<string, ReturnType<typeof requests.labels>>()
  const counterOf = (route: string, status: number) => {
    const key = `${status} ${route}`
    const known = counters.get(key) ?? requests.labels(route, String(status))
    counters.set(key, known)
    return known
  }
  return Object.freeze({
    countRequest: (route: string, status: number) => counterOf(route, status).inc(),
    ...trips.counts,
    countDelivery: webhooks.countDelivery,
    watchWebhooks: webhooks.watchWebhooks,
    watchCircuits: (resting: () => readonly string[]) => {
      restingVendors = resting
    },
    expose: async () => {
      trips.beginAtZero()
      await webhooks.ask()
      return registry.metrics()
    },
    contentType: registry.contentType,
  })
}

/** What comes of people's trips to vendors, and of ours. */
function createTripMetrics(registry: Registry) {
  const registers = [registry]
  const attempts = new Counter({
    name: 'springbar_attempts_total',
    help: 'Attempts to connect or disconnect a source that ended, by source and outcome: done, or why not.',
    labelNames: ['action', 'source', 'outcome'],
    registers,
  })
  const renewals = new Counter({
    name: 'springbar_renewals_total',
    help: 'Tries to renew the tokens of a connection, by vendor and what came of them.',
    labelNames: ['vendor', 'outcome'],
    registers,
  })
  let configured = (): Configured => ({ sources: [], vendors: [] })
  return {
    counts: {
      countAttempt: ({ action, source, outcome }: AttemptEnd) => attempts.inc({ action, source, outcome }),
      countRenewal: (vendor: string, outcome: string) => renewals.inc({ vendor, outcome }),
      watchConfigured: (look: () => Configured) => {
        configured = look
      },
    },
    beginAtZero: () => {
      const { sources, vendors } = configured()
      for (const source of sources) {
        attempts.inc({ action: 'disconnect', source, outcome: 'done' }, 0)
        for (const outcome of ['done', ...OUTCOME_ERRORS])
          attempts.inc({ action: 'connect', source, outcome }, 0)
      }
      for (const vendor of vendors) for (const outcome of RENEWAL_WORDS) renewals.inc({ vendor, outcome }, 0)
    },
  }
}

/** Counts of this process, and what the database has at the moment at which it is asked. */
function createWebhookMetrics(registry: Registry) {
  const registers = [registry]
  const tries = new Counter({
    name: 'springbar_webhook_tries_total',
    help: 'Tries to deliver webhooks: delivered, retried (failed, and to be tried again), failed (given up).',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of ['delivered', 'retried', 'failed']) tries.inc({ outcome }, 0)
  const oldest = new Gauge({
    name: 'springbar_webhook_oldest_pending_seconds',
    help: 'How long the oldest webhook that is not delivered yet has waited; 0 when nothing waits.',
    registers,
  })
  const disabled = new Gauge({
    name: 'springbar_webhook_endpoints_disabled',
    help: 'Webhook endpoints that are switched off, by the reason.',
    labelNames: ['reason'],
    registers,
  })
  const pending = new Gauge({
    name: 'springbar_webhook_pending',
    help: 'Webhooks that are to be delivered to endpoints that are on.',
    registers,
  })
  let look: (() => Promise<WebhookFigures>) | null = null
  return {
    countDelivery: (outcome: 'delivered' | 'retried' | 'failed') => tries.inc({ outcome }),
    watchWebhooks: (ask: () => Promise<WebhookFigures>) => {
      look = ask
    },
    /** Asks for what waits. Where the database does not answer, these figures are left out, and the others are told. */
    ask: async () => {
      for (const gauge of [pending, oldest]) gauge.remove()
      disabled.reset()
      const figures = await look?.().catch(() => null)
      if (figures == null) return
      pending.set(figures.pending)
      oldest.set(figures.oldestSeconds)
      for (const [reason, count] of figures.disabled) disabled.set({ reason }, count)
    },
  }
}
