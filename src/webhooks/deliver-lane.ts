import { endpointEvent } from '../broker/events/new-event.ts'
import { limits } from '../limits.ts'
import type { Delivery, DisabledReason, WebhookEndpoint } from '../model/webhook.ts'
import type { Tables } from '../storage/storage.ts'
import type { HeldLane, PendingDelivery } from '../storage/webhook-storage.ts'
import { attemptDelivery, type Tried, withAttempt } from './attempt-delivery.ts'
import { openEvent } from './open-event.ts'
import { canSay, renderBody } from './render-event.ts'
import { waitAfter } from './retry.ts'
import type { DeliveryContext } from './webhooks-context.ts'

/** Until when the worker holds the lane, and whether it is to stop. */
export interface Turn {
  readonly until: number
  readonly isStopping: () => boolean
}

/**
 * Delivers what is pending in a lane, one after the other, until something fails that is to be tried again; then the
 * rest waits with it. Each outcome is stored before the next is sent, so that a crash repeats one delivery at most.
 */
export async function deliverLane(
  context: DeliveryContext,
  held: HeldLane,
  endpointId: Pick<WebhookEndpoint, 'id' | 'applicationId'>,
  turn: Turn,
): Promise<void> {
  const { read, write } = context.storage
  const [endpoint, pending] = await Promise.all([
    read.webhookEndpoints.find(endpointId.applicationId, endpointId.id),
    read.webhookDeliveries.pending(held.endpointId, held.lane, limits.webhookLaneBatch),
  ])
  const giveBack = (at: number) => write(({ webhookDeliveries }) => webhookDeliveries.release(held, at))
  if (endpoint?.status !== 'enabled') return giveBack(context.now())
  if (endpoint.pausedUntil !== null && endpoint.pausedUntil > context.now())
    return giveBack(endpoint.pausedUntil)
  let current: WebhookEndpoint | null = endpoint
  for (const [i, delivery] of pending.entries()) {
    if (turn.isStopping() || context.now() + limits.webhookTimeoutMs.max > turn.until) break
    const isLast = i === pending.length - 1
    current = await deliver(context, held, current, delivery, isLast)
    if (current === null || isLast) return
  }
  return giveBack(context.now())
}

/** Makes one delivery. Returns the endpoint as it is then, or null when the lane was given back or lost. */
async function deliver(
  context: DeliveryContext,
  held: HeldLane,
  endpoint: WebhookEndpoint,
  delivery: PendingDelivery,
  isLast: boolean,
): Promise<WebhookEndpoint | null> {
  const { event } = delivery
  if (event === null || !canSay(endpoint.format, event.type)) {
    const attempt = { at: context.now(), status: null, cause: 'nothing_to_say', durationMs: 0, answer: '' }
    const change = settledBy(context, delivery, 'failed', attempt, delivery.tries)
    return store(context, held, endpoint, delivery, isLast, () => change)
  }
  const tried = await attemptDelivery(context, endpoint, {
    id: event.id,
    body: renderBody(openEvent(context, event), endpoint),
  })
  if (tried.succeeded) {
    const change = settledBy(context, delivery, 'delivered', tried.attempt, delivery.tries + 1)
    const recovered = endpoint.failingSince === null ? {} : { failingSince: null }
    return store(context, held, { ...endpoint, ...recovered }, delivery, isLast, async (tables) => {
      if (endpoint.failingSince !== null)
        await tables.webhookEndpoints.update(endpoint.applicationId, endpoint.id, recovered)
      return change
    })
  }
  return storeFailure(context, held, endpoint, delivery, tried, isLast)
}

type Settled = Pick<Delivery, 'status' | 'tries' | 'attempts' | 'finishedAt'>

const settledBy = (
  context: DeliveryContext,
  { attempts }: Delivery,
  status: Delivery['status'],
  attempt: Tried['attempt'],
  tries: number,
): Settled => ({
  status,
  tries,
  attempts: withAttempt(attempts, attempt),
  finishedAt: status === 'pending' ? null : context.now(),
})

/** Stores an outcome after which the lane goes on, and gives it back when this was the last of its turn. */
async function store(
  context: DeliveryContext,
  held: HeldLane,
  endpoint: WebhookEndpoint,
  { sequence }: Delivery,
  isLast: boolean,
  outcome: (tables: Tables) => Settled | Promise<Settled>,
): Promise<WebhookEndpoint | null> {
  const stored = await context.storage.write(async (tables) => {
    const change = await outcome(tables)
    if (!(await tables.webhookDeliveries.settle(held, sequence, change))) return null
    if (isLast) await tables.webhookDeliveries.release(held, context.now())
    return change.status
  })
  if (stored === null) return null
  context.noteDelivery?.(stored === 'delivered' ? 'delivered' : 'failed')
  return endpoint
}

/**
 * Stores a failure: to be tried again later, or given up after the last wait. An endpoint that asked for it is paused; one
 * that is gone, or only failed for days, is switched off with an event, and what is pending waits until it is on again.
 */
async function storeFailure(
  context: DeliveryContext,
  held: HeldLane,
  endpoint: WebhookEndpoint,
  delivery: PendingDelivery,
  { attempt, isGone, askedMs }: Tried,
  isLast: boolean,
): Promise<WebhookEndpoint | null> {
  const now = context.now()
  const { applicationId, id } = endpoint
  const tries = delivery.tries + 1
  const wait = waitAfter(tries, context.random)
  const pausedUntil = askedMs === null ? null : now + askedMs
  const outcome = await context.storage.write(async (tables) => {
    const current = await tables.webhookEndpoints.find(applicationId, id)
    const failingSince = current?.failingSince ?? now
    const off = switchOffReason(isGone, now - failingSince)
    const isOver = wait === null && off === null
    const change = settledBy(context, delivery, isOver ? 'failed' : 'pending', attempt, tries)
    if (!(await tables.webhookDeliveries.settle(held, delivery.sequence, change))) return null
    if (!isOver || isLast)
      await tables.webhookDeliveries.release(held, now + (isOver ? 0 : Math.max(wait ?? 0, askedMs ?? 0)))
    await noteFailure(context, tables, current, { off, failingSince, pausedUntil })
    return { off, isOver, failingSince }
  })
  if (outcome === null) return null
  context.noteDelivery?.(outcome.isOver ? 'failed' : 'retried')
  const fields = { endpoint: id, application: applicationId, tries, status: attempt.status }
  if (outcome.off !== null) context.log.warn(`a webhook endpoint was switched off: ${outcome.off}`, fields)
  else context.log.info('a webhook was not delivered', { ...fields, cause: attempt.cause })
  return outcome.isOver ? { ...endpoint, failingSince: outcome.failingSince } : null
}

/** What a failure changes on its endpoint, as it is at that moment; nothing when it has been removed. */
async function noteFailure(
  context: DeliveryContext,
  tables: Tables,
  endpoint: WebhookEndpoint | null,
  { off, failingSince, pausedUntil }: Failure,
): Promise<void> {
  if (endpoint === null) return
  const { applicationId, id } = endpoint
  if (off !== null && endpoint.status === 'enabled') {
    const change = { status: 'disabled', disabledReason: off, failingSince } as const
    await tables.webhookEndpoints.update(applicationId, id, change)
    await tables.events.append(endpointEvent(context, applicationId, id, off))
    return
  }
  // Written once and not with every failure: all lanes share the row.
  if (endpoint.failingSince === null || pausedUntil !== null)
    await tables.webhookEndpoints.update(applicationId, id, {
      failingSince,
      ...(pausedUntil === null ? {} : { pausedUntil }),
    })
}

interface Failure {
  readonly off: DisabledReason | null
  readonly failingSince: number
  readonly pausedUntil: number | null
}

function switchOffReason(isGone: boolean, failingForMs: number): DisabledReason | null {
  if (isGone) return 'gone'
  return failingForMs >= limits.webhookSwitchedOffAfterMs ? 'failing' : null
}
