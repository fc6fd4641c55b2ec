import { errorName } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { newHexId } from '../../model/ids.ts'
import type { InboundNotification } from '../../model/inbound.ts'
import { parseNotification, readVendorEvents, VendorError, type VendorEvent } from '../../oauth/index.ts'
import { VaultError } from '../../vault/index.ts'
import { applicationOf, type Context } from '../context.ts'
import { notificationBodyPlace } from '../sealing/sealed-places.ts'
import { tellingAuthorization } from '../subscriptions/notification-address.ts'
import { changePermissions } from './change-permissions.ts'
import { DONE, endRemoved, type Heard } from './end-removed.ts'
import { isTheVendors, partsOfKept } from './signed-body.ts'
import { type Concerned, connectionsConcerned, type SaidEvent, tellOn } from './tell-notification.ts'
import type { VendorKeys } from './vendor-keys.ts'

/**
 * Does what stored notifications ask for, batch by batch until none is due or it is time to look up. Safe to run in many
 * processes at once; one that was cut off is done again from its beginning.
 */
export async function processNotifications(context: Context, keys: VendorKeys): Promise<void> {
  for (let round = 0; round < limits.inboundRounds; round++)
    if ((await processBatch(context, keys)) < limits.inboundBatch) return
}

async function processBatch(context: Context, keys: VendorKeys): Promise<number> {
  const now = context.now()
  const worker = newHexId(context.random)
  const taken = await context.storage.write((tables) =>
    tables.inboundNotifications.lease(worker, now, now + limits.jobLeaseMs, limits.inboundBatch),
  )
  await Promise.all(
    taken.map((one) =>
      processOne(context, keys, worker, one).catch((error: unknown) => {
        // The lease runs out and another turn is taken.
        context.log.error('a notification broke', { vendor: one.vendor, error: errorName(error) })
      }),
    ),
  )
  return taken.length
}

async function processOne(
  context: Context,
  keys: VendorKeys,
  worker: string,
  one: InboundNotification,
): Promise<void> {
  const read = await readEvents(context, keys, one)
  if (read === 'not_the_vendors') return throwAway(context, worker, one)
  if (typeof read === 'string')
    return giveBack(context, worker, one, { kind: 'again', cause: read, retryAfterMs: 0 })
  const said = await withConnections(context, one, read)
  // The state of connections first: it may be set as often as one likes. What is told on is told in the unit that ends this.
  const heard = await Promise.all(
    said.flatMap(({ event, concerned }) => concerned.map((each) => hear(context, one, event, each))),
  )
  const unheard = heard.find((each) => each.kind === 'again')
  if (unheard !== undefined) return giveBack(context, worker, one, unheard)
  await context.storage.write(async (tables) => {
    const isMine = await tables.inboundNotifications.settle(one.id, worker, {
      status: 'done',
      cause: said.length === 0 ? 'nothing_to_do' : null,
      sealedBody: null,
      finishedAt: context.now(),
    })
    if (isMine) await tellOn(context, tables, one, said)
  })
}

/** What it says, with its body; a fixed word when that cannot be read today, or is not the vendor's. */
async function readEvents(
  context: Context,
  keys: VendorKeys,
  one: InboundNotification,
): Promise<{ readonly events: readonly VendorEvent[]; readonly body: string } | string> {
  const { sealedBody, vendor } = one
  const authorization = tellingAuthorization(context, vendor)
  // The configuration lost it, which may be a mistake of today.
  if (authorization === null || applicationOf(context, one.applicationId) === null) return 'no_client'
  if (sealedBody === null) return { events: [], body: '' }
  try {
    const { notifications } = authorization
    const kept = partsOfKept(notifications, context.vault.open(sealedBody, notificationBodyPlace(one)))
    if (!(await isTheVendors(keys, vendor, notifications, kept))) return 'not_the_vendors'
    const { body } = kept
    return { events: readVendorEvents(notifications, parseNotification(notifications, body)), body }
  } catch (error) {
    if (error instanceof VaultError) return `vault_${error.reason}`
    if (error instanceof VendorError) return `keys_${error.cause}`
    throw error
  }
}

/** Ends one whose signature is not the vendor's; it was answered before that could be known. */
async function throwAway(context: Context, worker: string, one: InboundNotification): Promise<void> {
  const change = { cause: 'not_the_vendors', sealedBody: null, finishedAt: context.now() }
  await context.storage.write((tables) =>
    tables.inboundNotifications.settle(one.id, worker, { status: 'done', ...change }),
  )
  const fields = { application: one.applicationId, vendor: one.vendor }
  context.log.warn('a notification was not the vendor’s', fields)
}

async function withConnections(
  context: Context,
  one: InboundNotification,
  { events, body }: { readonly events: readonly VendorEvent[]; readonly body: string },
): Promise<readonly SaidEvent[]> {
  const found = await Promise.all(
    events.map(async (event) => ({
      event,
      // One event is the whole body; one of many is passed on without what it says of other people.
      text: events.length === 1 ? body : JSON.stringify(event.item),
      concerned: await connectionsConcerned(context, one, event.accountId),
    })),
  )
  // People whom nobody here has connected: the vendor is late, or talks to a client that others share.
  return found.filter(({ concerned }) => concerned.length > 0)
}

async function hear(
  context: Context,
  { isAuthentic }: InboundNotification,
  event: VendorEvent,
  { connection, application }: Concerned,
): Promise<Heard> {
  switch (event.means) {
    case 'removed':
      return endRemoved(context, connection, isAuthentic)
    case 'permissions':
      return changePermissions(context, application, connection, isAuthentic ? event.permissions : null)
    case 'data':
      return DONE
  }
}

/** To be done later, after a growing wait, until it is given up. */
async function giveBack(
  context: Context,
  worker: string,
  one: InboundNotification,
  { cause, retryAfterMs }: Extract<Heard, { kind: 'again' }>,
): Promise<void> {
  const now = context.now()
  const isOver = now - one.receivedAt > limits.inboundGiveUpMs
  const change = isOver
    ? ({ status: 'gave_up', cause, sealedBody: null, finishedAt: now } as const)
    : { cause, nextTryAt: now + Math.max(retryAfterMs, waitBefore(context, one.tries)) }
  await context.storage.write((tables) => tables.inboundNotifications.settle(one.id, worker, change))
  const fields = { application: one.applicationId, vendor: one.vendor, tries: one.tries, cause }
  if (isOver) context.log.error('a notification was given up', fields)
  else context.log.warn('a notification will be tried again', fields)
}

/** Doubled with each try, up to the limit, then anywhere between half and all of it. */
function waitBefore(context: Context, tries: number): number {
  const { first, max } = limits.inboundBackoffMs
  const full = Math.min(max, first * 2 ** Math.min(tries, 30))
  return Math.round(full * (0.5 + (context.random(1)[0] ?? 0) / 510))
}
