// Load on one server at a time, in rounds, so that a machine whose speed drifts treats all alike.
import autocannon from 'autocannon'

export interface Target {
  readonly name: string
  readonly url: string
  readonly requests: readonly {
    readonly method?: string
    readonly path?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  }[]
  /** The status that every answer must have. */
  readonly status: number
}

/** Keep-alive connections of a load balancer in front of a busy replica. */
export const CONNECTIONS = 128
/** Each server is measured as it runs all day: compiled, its caches filled. All get the same time for that. */
const WARM_UP_SECONDS = 8

/** Requests per second of each target, round by round. Throws when an answer had another status. */
export async function measure(
  targets: readonly Target[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const rates = new Map<string, number[]>(targets.map(({ name }) => [name, []]))
  for (const target of targets) await run(target, WARM_UP_SECONDS)
  for (let round = 0; round < rounds; round++)
    for (const target of targets) rates.get(target.name)?.push(await run(target, seconds))
  return rates
}

async function run({ name, url, requests, status }: Target, duration: number): Promise<number> {
  const result = await autocannon({ url, requests, connections: CONNECTIONS, duration })
  const good = result.statusCodeStats[String(status)]?.count ?? 0
  if (good === 0 || good !== result.requests.total || result.errors + result.timeouts > 0)
    throw new Error(`${name}: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors`)
  return good / result.duration
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The median of the ratios of two targets, round by round. */
export function ratio(rates: ReadonlyMap<string, readonly number[]>, one: string, other: string): number {
  const [a, b] = [rates.get(one) ?? [], rates.get(other) ?? []]
  return median(a.map((rate, round) => rate / (b[round] ?? Number.NaN)))
}
