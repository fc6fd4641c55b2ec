import { errorName } from '../errors.ts'
import { limits } from '../limits.ts'
import { newHexId } from '../model/ids.ts'
import type { WebhookEndpoint } from '../model/webhook.ts'
import type { HeldLane } from '../storage/webhook-storage.ts'
import { deliverLane } from './deliver-lane.ts'
import { wantedTypes } from './wanted-types.ts'
import type { DeliveryContext } from './webhooks-context.ts'

/** Delivers what is due, for as long as it is asked to look. */
export interface Deliverer {
  /** Looks for endpoints with something to do, and starts on those that are not being worked on. */
  readonly look: () => Promise<void>
  /** Resolves when nothing that was started is under way any more. */
  readonly idle: () => Promise<void>
  /** Starts nothing more, and waits for the deliveries that are under way. */
  readonly stop: () => Promise<void>
}

/** A lane in this process's hands, and for how long. */
interface Job {
  readonly held: HeldLane
  readonly until: number
}

/**
 * The deliverer of one process. Endpoints are worked on beside each other, each with a bounded number of lanes at a time, so
 * that one that only times out slows down nobody else; within an endpoint a lane that waits leaves its place to others.
 */
export function createDeliverer(context: DeliveryContext): Deliverer {
  const working = new Map<string, { readonly done: Promise<void>; readonly nudge: () => void }>()
  let isStopping = false

  const start = (endpoint: WebhookEndpoint) => {
    const nudges = createNudges()
    const done = work(context, endpoint, nudges, () => isStopping)
      .catch((error: unknown) =>
        context.log.error('webhooks could not be delivered', {
          endpoint: endpoint.id,
          error: errorName(error),
        }),
      )
      .finally(() => working.delete(endpoint.id))
    working.set(endpoint.id, { done, nudge: nudges.nudge })
  }
  const idle = async () => {
    while (working.size > 0) await Promise.all(Array.from(working.values(), ({ done }) => done))
  }
  return Object.freeze({
    look: async () => {
      const busy = await context.storage.read.webhookEndpoints.busy(context.now())
      for (const endpoint of busy) {
        const known = working.get(endpoint.id)
        if (known !== undefined) known.nudge()
        else if (!isStopping) start(endpoint)
      }
    },
    idle,
    stop: async () => {
      isStopping = true
      await idle()
    },
  })
}

/** Tells a worker that waits for its deliveries that there is more to do. */
interface Nudges {
  readonly nudge: () => void
  readonly next: () => Promise<void>
}

function createNudges(): Nudges {
  let waited = Promise.withResolvers<void>()
  return {
    nudge: () => {
      waited.resolve()
      waited = Promise.withResolvers<void>()
    },
    next: () => waited.promise,
  }
}

/** Works on an endpoint until nothing is due there. */
async function work(
  context: DeliveryContext,
  endpoint: WebhookEndpoint,
  nudges: Nudges,
  isStopping: () => boolean,
): Promise<void> {
  const running = new Set<Promise<void>>()
  let failure: unknown = null
  const deliver = ({ held, until }: Job) => {
    const done = deliverLane(context, held, endpoint, { until, isStopping })
      .catch((error: unknown) => {
        failure ??= error
      })
      .finally(() => running.delete(done))
    running.add(done)
  }
  const waiting: Job[] = []
  while (!isStopping() && failure === null) {
    for (const job of waiting.splice(0, limits.webhookConcurrency - running.size)) deliver(job)
    if (running.size >= limits.webhookConcurrency) {
      await Promise.race(running)
      continue
    }
    const { jobs, queued } = await takeWork(context, endpoint)
    waiting.push(...jobs)
    if (jobs.length > 0 || queued > 0) continue
    if (running.size === 0) break
    // Places are free, and a nudge says when there is something for them: a lane that waits holds up no other.
    await Promise.race([...running, nudges.next()])
  }
  await context.storage.write(async ({ webhookDeliveries }) => {
    for (const { held } of waiting) await webhookDeliveries.release(held, context.now())
  })
  await Promise.all(running)
  if (failure !== null) throw failure
}

/** Queues what happened, and takes lanes that are due. */
async function takeWork(
  context: DeliveryContext,
  endpoint: WebhookEndpoint,
): Promise<{ readonly jobs: readonly Job[]; readonly queued: number }> {
  const { write } = context.storage
  const now = context.now()
  const queued = await write(({ webhookDeliveries }) =>
    webhookDeliveries.queue(endpoint, wantedTypes(endpoint), now, limits.webhookQueueBatch),
  )
  const until = now + limits.webhookLeaseMs
  const owner = newHexId(context.random)
  const lanes = await write(({ webhookDeliveries }) =>
    webhookDeliveries.lease(endpoint.id, owner, now, until, limits.webhookLanesTaken),
  )
  return { jobs: lanes.map((held) => ({ held, until })), queued }
}
