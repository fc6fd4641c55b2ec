import { limits } from '../../limits.ts'
import type { Renewal } from '../../model/renewal.ts'
import { authorizationAt } from '../catalogue/find-source.ts'
import { applicationOf, type Context } from '../context.ts'

type Turn = Pick<Renewal, 'applicationId' | 'vendor'>

/**
 * How often the background may ask vendors, for each of our clients there: a client is one to its vendor, whichever
 * applications have it. One process' own view; it keeps nothing.
 */
export interface RenewalPace {
  /** Counts one request of an application's client, or says how many milliseconds it has to wait before the next. */
  readonly waitOrTake: (turn: Turn) => number
  /** Vendors none of whose clients may be asked now. */
  readonly spent: () => readonly string[]
  /** The vendor said that this client asks too often. */
  readonly noteBusy: (turn: Turn, retryAfterMs: number) => void
}

/** A bucket that fills evenly: `burst` requests at once, then one every `everyMs`. */
interface Bucket {
  readonly burst: number
  readonly everyMs: number
  /** When it is full again. */
  fullAt: number
}

interface Paced {
  readonly vendor: string
  readonly buckets: readonly Bucket[]
  waitsUntil: number
}

/**
 * The pace of one process. Of what a vendor publishes (`rateLimits` of its definition) the background takes
 * `limits.renewalShare`, spread over each window, so that people and the application's own calls keep the rest.
 */
export function createRenewalPace(context: Context): RenewalPace {
  const { now } = context
  const clients = new Map<string, Paced>()

  const pacedOf = ({ applicationId, vendor }: Turn): Paced | null => {
    const client = applicationOf(context, applicationId)?.clients.get(vendor)
    if (client === undefined) return null
    const key = keyOf(vendor, client.clientId)
    const known = clients.get(key)
    if (known !== undefined) return known
    const published = authorizationAt(context.sources, vendor)?.rateLimits ?? []
    const ofClient = published.filter(({ per }) => per === 'client')
    const paced = { vendor, waitsUntil: 0, buckets: ofClient.map((one) => bucketOf(one, now())) }
    clients.set(key, paced)
    return paced
  }

  const waits = ({ waitsUntil }: Paced): boolean => waitsUntil > now()
  const isSpent = (vendor: string): boolean =>
    [...context.applications.values()].every((application) => {
      const client = application.clients.get(vendor)
      const paced = client && clients.get(keyOf(vendor, client.clientId))
      return client === undefined || (paced !== undefined && waits(paced))
    })

  return Object.freeze({
    waitOrTake: (turn: Turn) => {
      const paced = pacedOf(turn)
      if (paced === null) return 0
      const empty = paced.buckets.filter((bucket) => !hasOne(bucket, now()))
      // One that is empty is left alone until it is full again: turns are taken by the batch.
      for (const { fullAt } of empty) paced.waitsUntil = Math.max(paced.waitsUntil, fullAt)
      if (waits(paced)) return paced.waitsUntil - now()
      for (const bucket of paced.buckets) bucket.fullAt = Math.max(bucket.fullAt, now()) + bucket.everyMs
      return 0
    },
    spent: () =>
      [...new Set([...clients.values()].filter(waits).map(({ vendor }) => vendor))].filter(isSpent),
    noteBusy: (turn: Turn, retryAfterMs: number) => {
      const paced = pacedOf(turn)
      if (paced !== null) paced.waitsUntil = Math.max(paced.waitsUntil, now() + retryAfterMs)
    },
  })
}

const keyOf = (vendor: string, clientId: string): string => `${vendor} ${clientId}`

/** In no window of its length does it let more than the share through: its burst, and what flows in meanwhile. */
function bucketOf(
  { requests, windowSeconds }: { readonly requests: number; readonly windowSeconds: number },
  now: number,
): Bucket {
  const share = Math.max(1, Math.floor(requests * limits.renewalShare))
  const burst = Math.max(1, Math.floor(share / 10))
  return { burst, everyMs: (windowSeconds * 1_000) / Math.max(1, share - burst), fullAt: now }
}

const hasOne = ({ burst, everyMs, fullAt }: Bucket, now: number): boolean =>
  fullAt - now <= (burst - 1) * everyMs
