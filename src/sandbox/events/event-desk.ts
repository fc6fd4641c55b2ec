/**
 * What vendors tell by themselves.
 *
 * @module sandbox/events — owns where notifications go, what stands in them, how they are signed and sent, and how a URL
 * is tried before. What happened is decided elsewhere. It sends to this machine and to named origins alone.
 */
import { createBoundedMap } from '../bounded-map.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { AnyVendor, EventKind } from '../vendor.ts'
import type { Delivery } from './deliveries.ts'
import { type Probe, shakeHands } from './handshake.ts'
import { createOutbox, type Outbox, type SandboxFetch } from './outbox.ts'
import { isAllowedTarget, type NotificationTarget } from './target.ts'
import { type Concerned, type EventParts, eventRulesOf, writeEvent } from './write-event.ts'

/** What the desk needs. */
export interface EventDeskParts extends EventParts {
  readonly fetch: SandboxFetch
  /** Origins beside this machine that may be sent to. */
  readonly allowedOrigins: readonly string[]
  readonly closing: AbortSignal
}

/** What an application wants to be told, and where. */
export interface Registration {
  readonly url: string
  readonly clientId?: string | undefined
  readonly verifyToken?: string | undefined
  /** The word or key that goes with notifications; one of the vendor's own when missing. */
  readonly secret?: string | undefined
}

/** The vendors' outgoing side. */
export interface EventDesk extends Pick<Outbox, 'release' | 'idle' | 'clear'> {
  /** Tries the URL as the vendor does, and keeps it when it answers rightly. Throws a RangeError for a target not allowed. */
  readonly register: (
    vendor: AnyVendor,
    registration: Registration,
  ) => Promise<{ readonly target: NotificationTarget; readonly accepted: boolean }>
  readonly targets: () => readonly NotificationTarget[]
  readonly forgetTargets: (vendor: AnyVendor) => void
  /** Tells an event, or holds it, as the vendor's switches say. Resolves when every answer is there; never rejects. */
  readonly tell: (
    vendor: AnyVendor,
    kind: EventKind,
    concerned: readonly Concerned[],
  ) => Promise<readonly Delivery[]>
  readonly deliveries: () => readonly Delivery[]
}

/** Sends the requests of a handshake, and notes them like any other. */
const createProbe =
  (outbox: Outbox, { clock }: EventParts, { vendor, url }: NotificationTarget): Probe =>
  async ({ method, query = {}, body, headers = {} }) => {
    const address = new URL(url)
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    const { delivery, text } = await outbox.sendNow({
      vendor,
      kind: 'handshake',
      method,
      url: address.href,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? '' : JSON.stringify(body),
      atMs: clock.nowMs(),
    })
    return { status: delivery.status, text }
  }

function targetOf(
  { clients, text }: EventParts,
  vendor: AnyVendor,
  registration: Registration,
): NotificationTarget {
  const first = clients.find((client) => client.vendor === vendor.key)?.clientId ?? null
  return Object.freeze({
    vendor: vendor.key,
    clientId: registration.clientId ?? first,
    url: registration.url,
    subscriptionId: text.id(),
    secret: registration.secret ?? text.make({ encoding: 'hex', bytes: 20 }),
    verifyToken: registration.verifyToken ?? 'verify-me',
  })
}

/** Builds a desk where nothing is registered. */
export function createEventDesk(parts: EventDeskParts): EventDesk {
  const targets = createBoundedMap<NotificationTarget>(SANDBOX_LIMITS.notificationTargets)
  const outbox = createOutbox(parts.fetch, parts.closing)
  const keyOf = ({ vendor, clientId }: NotificationTarget) => JSON.stringify([vendor, clientId])

  const register: EventDesk['register'] = async (vendor, registration) => {
    if (!isAllowedTarget(registration.url, parts.allowedOrigins))
      throw new RangeError(
        'Notifications go to this machine only, or to an origin that the sandbox was given.',
      )
    const target = targetOf(parts, vendor, registration)
    const handshake = eventRulesOf(parts, vendor)?.handshake ?? 'none'
    const accepted = await shakeHands(handshake, createProbe(outbox, parts, target), target, parts.text.id())
    if (accepted) targets.set(keyOf(target), target)
    return { target, accepted }
  }

  const tell: EventDesk['tell'] = (vendor, kind, concerned) => {
    const rules = eventRulesOf(parts, vendor)
    const { eventCopies, events } = parts.switches.of(vendor)
    if (!rules || events === 'off') return outbox.sendInOrder([])
    const requests = targets
      .values()
      .filter((target) => target.vendor === vendor.key)
      .flatMap((target) => writeEvent(parts, vendor, rules, kind, concerned, target))
    return outbox.sendInOrder(requests.flatMap((one) => Array.from({ length: eventCopies }, () => one)))
  }

  return Object.freeze({
    register,
    tell,
    targets: targets.values,
    forgetTargets: (vendor: AnyVendor) => {
      for (const target of targets.values()) if (target.vendor === vendor.key) targets.delete(keyOf(target))
    },
    release: outbox.release,
    idle: outbox.idle,
    deliveries: outbox.list,
    clear: () => {
      outbox.clear()
      targets.clear()
    },
  })
}
