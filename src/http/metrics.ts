import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** Counters for the operator. No label holds a person, a token or anything else of unbounded number. */
export interface Metrics {
  readonly countRequest: (route: string, status: number) => void
  /** The end of one try to renew tokens, by vendor and fixed words. */
  readonly countRenewal: (vendor: string, outcome: string) => void
  /** Where to look which vendors rest. */
  readonly watchCircuits: (resting: () => readonly string[]) => void
  /** In the Prometheus text format. */
  readonly expose: () => Promise<string>
  readonly contentType: string
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
  const renewals = new Counter({
    name: 'springbar_renewals_total',
    help: 'Tries to renew the tokens of a connection, by vendor and what came of them.',
    labelNames: ['vendor', 'outcome'],
    registers: [registry],
  })
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
    countRenewal: (vendor: string, outcome: string) => renewals.inc({ vendor, outcome }),
    watchCircuits: (resting: () => readonly string[]) => {
      restingVendors = resting
    },
    expose: () => registry.metrics(),
    contentType: registry.contentType,
  })
}
