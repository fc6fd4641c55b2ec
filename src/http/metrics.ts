import { Counter, collectDefaultMetrics, Registry } from 'prom-client'

/** Counters for the operator. No label holds a person, a token or anything else of unbounded number. */
export interface Metrics {
  readonly countRequest: (route: string, status: number) => void
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
    expose: () => registry.metrics(),
    contentType: registry.contentType,
  })
}
