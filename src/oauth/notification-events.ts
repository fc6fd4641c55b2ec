import { limits } from '../limits.ts'
import type { Notifications } from '../model/source.ts'
import { readAccountId } from './account.ts'
import { parseJson, valueAt } from './json.ts'

/** When data is of: epoch milliseconds, or days as `2026-11-22`. */
export type DataSpan =
  | { readonly kind: 'epoch'; readonly startTimestamp: number; readonly endTimestamp: number }
  | { readonly kind: 'daily'; readonly startDay: string; readonly endDay: string }

/** One thing that a vendor says about one person. */
export interface VendorEvent {
  readonly means: Rule['means']
  /** The person's id at the vendor. */
  readonly accountId: string
  /** What is allowed now, where the vendor says so. */
  readonly permissions: readonly string[] | null
  readonly span: DataSpan | null
  readonly dataTypeIds: readonly number[]
  /** The event as it stood in the body. */
  readonly item: unknown
}

type Rule = Notifications['events'][number]
type Span = NonNullable<Rule['span']>
type Instant = Extract<Span, { kind: 'epoch' }>['start']

/** The content of a body: JSON, or the fields of a form as an object. Undefined for what is neither. */
export function parseNotification({ format }: Pick<Notifications, 'format'>, body: string): unknown {
  if (format === 'form') return Object.fromEntries(new URLSearchParams(body))
  try {
    return parseJson(body).value
  } catch {
    return undefined
  }
}

/**
 * What a vendor says, event by event, in its order. Events that no rule of the definition fits, and those that name
 * nobody, are left out; so is what comes behind the first `limits.inboundEvents`. Health data is not looked at.
 */
export function readVendorEvents(
  { events }: Pick<Notifications, 'events'>,
  content: unknown,
): readonly VendorEvent[] {
  const lists = new Set(events.map(({ list }) => list))
  const items = [...lists].flatMap((list) => itemsOf(content, list).map((item) => ({ list, item })))
  return items.slice(0, limits.inboundEvents).flatMap(({ list, item }) => {
    const rule = events.find((one) => one.list === list && fits(one, item))
    const accountId = rule === undefined ? null : accountIdOf(rule, item)
    return rule === undefined || accountId === null ? [] : [eventOf(rule, item, accountId)]
  })
}

function itemsOf(content: unknown, list: string | undefined): readonly unknown[] {
  const found = list === undefined ? content : valueAt(content, list)
  if (Array.isArray(found)) return found
  return list === undefined && typeof found === 'object' && found !== null ? [found] : []
}

const fits = ({ when = {} }: Rule, item: unknown): boolean =>
  Object.entries(when).every(([path, values]) => {
    const value = valueAt(item, path)
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    return isPlain && values.includes(String(value))
  })

function accountIdOf({ account }: Rule, item: unknown): string | null {
  try {
    return readAccountId(valueAt(item, account))
  } catch {
    return null
  }
}

function eventOf(rule: Rule, item: unknown, accountId: string): VendorEvent {
  const { means, permissions, span, dataType } = rule
  const listed = permissions === undefined ? undefined : valueAt(item, permissions)
  const type = dataType === undefined ? undefined : valueAt(item, dataType.path)
  return {
    means,
    accountId,
    permissions: Array.isArray(listed) ? listed.filter((one) => typeof one === 'string') : null,
    span: span === undefined ? null : readSpan(span, item),
    dataTypeIds: dataType?.ids[String(type)] ?? [],
    item,
  }
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

function readSpan(span: Span, item: unknown): DataSpan | null {
  if (span.kind === 'daily') {
    const [startDay, endDay] = [valueAt(item, span.start), valueAt(item, span.end)]
    const areDays = typeof startDay === 'string' && typeof endDay === 'string'
    return areDays && DAY.test(startDay) && DAY.test(endDay) ? { kind: 'daily', startDay, endDay } : null
  }
  const startTimestamp = readInstant(span.start, item)
  if (startTimestamp === null) return null
  const endTimestamp =
    span.end.unit === 'duration'
      ? addSeconds(startTimestamp, valueAt(item, span.end.path))
      : readInstant({ path: span.end.path, unit: span.end.unit }, item)
  if (endTimestamp === null || endTimestamp < startTimestamp) return null
  return { kind: 'epoch', startTimestamp, endTimestamp }
}

/** A number, or the text of one. */
function readNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null
}

/** The latest instant that a `Date` can hold. */
const LAST_INSTANT = 8.64e15

function readInstant({ path, unit }: Instant, item: unknown): number | null {
  const value = valueAt(item, path)
  if (unit === 'iso') {
    const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
    return Number.isNaN(at) ? null : at
  }
  const number = readNumber(value)
  const at = number === null ? null : Math.round(number * (unit === 'seconds' ? 1_000 : 1))
  return at === null || at > LAST_INSTANT ? null : at
}

function addSeconds(start: number, value: unknown): number | null {
  const seconds = readNumber(value)
  const at = seconds === null ? null : start + Math.round(seconds * 1_000)
  return at === null || at > LAST_INSTANT ? null : at
}
