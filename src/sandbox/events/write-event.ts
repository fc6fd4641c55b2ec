import type { SandboxClock } from '../clock.ts'
import { accountId } from '../engine/account-id.ts'
import type { Grant } from '../engine/grants.ts'
import type { RandomText } from '../random-text.ts'
import { playEvents } from '../switches/play-events.ts'
import type { SwitchBoard } from '../switches/switch-board.ts'
import { render, type Values } from '../template.ts'
import type { AnyVendor, EventKind, EventRules, SandboxClient } from '../vendor.ts'
import { type ComposedEvent, composeEvents } from './compose.ts'
import type { Delivery } from './deliveries.ts'
import { signAsPublished } from './published-key.ts'
import { signatureHeaders } from './sign.ts'
import type { NotificationTarget } from './target.ts'

/** What writing an event needs to know. */
export interface EventParts {
  readonly clock: SandboxClock
  readonly text: RandomText
  readonly switches: SwitchBoard
  readonly clients: readonly SandboxClient[]
}

/** Somebody that an event is about; null stands for a person whom nobody here knows. */
export type Concerned = Pick<Grant, 'account' | 'clientId' | 'scopes'> | null

const UNKNOWN_PERSON = Object.freeze({ subject: '99999999', scopes: [] })

/** An id of the sandbox's own as the number that some vendors give. */
export const numberOf = (id: string): number => Number.parseInt(id.slice(0, 8), 16)

/** A vendor's rules for events, as its switches want them; undefined at a vendor that tells nothing. */
export const eventRulesOf = ({ switches }: EventParts, vendor: AnyVendor): EventRules | undefined =>
  vendor.events && playEvents(vendor.events, switches.of(vendor))

function valuesOf(
  { switches, text }: EventParts,
  vendor: AnyVendor,
  concerned: Concerned,
  target: NotificationTarget,
  atMs: number,
): Values {
  const account = vendor.accounts.find(({ key }) => key === concerned?.account)
  const details = Object.entries(account?.details ?? {}).map(([name, value]) => [`account.${name}`, value])
  const eventId = text.id()
  const instant = new Date(atMs).toISOString()
  return {
    ...Object.fromEntries(details),
    ...UNKNOWN_PERSON,
    ...(account ? { subject: accountId(vendor, switches.of(vendor), account) } : {}),
    scopes: concerned?.scopes ?? [],
    clientId: concerned?.clientId ?? target.clientId ?? '',
    subscriptionId: target.subscriptionId,
    subscriptionNumber: numberOf(target.subscriptionId),
    notificationSecret: target.secret,
    eventId,
    eventNumber: numberOf(eventId),
    timeSeconds: Math.floor(atMs / 1_000),
    timeMs: atMs,
    time: instant,
    date: instant.slice(0, 10),
  }
}

function keyOf(parts: EventParts, vendor: AnyVendor, rules: EventRules, target: NotificationTarget): string {
  if (parts.switches.of(vendor).eventSignatureWrong) return 'another key than the right one'
  if (rules.signature?.key === 'notification') return target.secret
  const mine = parts.clients.filter((client) => client.vendor === vendor.key)
  const client = mine.find(({ clientId }) => clientId === target.clientId) ?? mine[0]
  return client?.clientSecret ?? ''
}

function headersOf(
  rules: EventRules,
  target: NotificationTarget,
  event: ComposedEvent,
  { key, isWrong }: { readonly key: string; readonly isWrong: boolean },
  atMs: number,
): Record<string, string> {
  const { signature, publishedKey } = rules
  const values = { clientId: target.clientId ?? '', notificationSecret: target.secret }
  const own = Object.entries(rules.headers ?? {}).map(([name, value]) => [
    name,
    String(render(value, values)),
  ])
  return {
    'content-type': event.contentType,
    ...Object.fromEntries(own),
    ...(signature ? signatureHeaders(signature, { body: event.body, key, atMs }) : {}),
    ...(publishedKey ? { [publishedKey.header]: signAsPublished(event.body, isWrong) } : {}),
  }
}

/** The requests that tell one registered application of an event, once each. */
export function writeEvent(
  parts: EventParts,
  vendor: AnyVendor,
  rules: EventRules,
  kind: EventKind,
  concerned: readonly Concerned[],
  target: NotificationTarget,
): readonly Omit<Delivery, 'number' | 'status' | 'failure'>[] {
  const { eventAgeSeconds, events, eventSignatureWrong } = parts.switches.of(vendor)
  const atMs = parts.clock.nowMs() - eventAgeSeconds * 1_000
  const mine = concerned.filter((one) => !one || !target.clientId || one.clientId === target.clientId)
  if (mine.length === 0) return []
  const people = mine.map((one) => valuesOf(parts, vendor, one, target, atMs))
  const signing = { key: keyOf(parts, vendor, rules, target), isWrong: eventSignatureWrong }
  return composeEvents(rules, kind, people).map((event) => ({
    vendor: vendor.key,
    kind,
    method: 'POST',
    url: target.url,
    headers: headersOf(rules, target, event, signing, atMs),
    body: event.body,
    atMs: parts.clock.nowMs(),
    held: events === 'hold',
  }))
}
