import { checkCursor, checkPositive } from './arguments.ts'
import { SpringbarError, unexpectedAnswer } from './errors.ts'
import { parseEvent, type SpringbarEvent } from './event.ts'
import { isBoolean, isString, list, parseJson, required } from './fields.ts'
import { type Ask, type CallOptions, isRecord } from './request.ts'

/** An event of the feed. */
export interface FeedEvent extends SpringbarEvent {
  /** Keep it when you have handled the event, and begin `events` with it next time. */
  readonly cursor: string
}

/** A page of the feed. */
export interface FeedPage {
  readonly events: readonly FeedEvent[]
  /** Where to go on, also when there is no event. */
  readonly nextCursor: string
  /** Whether more is there already. */
  readonly hasMore: boolean
}

/** Where to begin in the feed, and how to follow it. */
export interface FollowOptions extends CallOptions {
  /** The cursor that you kept; without one the feed begins with the oldest event that the service keeps. */
  readonly after?: string | undefined
  /** How long one call waits for an event, in seconds; default 25, at most 30. */
  readonly waitSeconds?: number | undefined
}

/** Springbar's own call for everything that happened (contract §6); the documented service does not have it. */
export interface EventCalls {
  /** One page, at once or as soon as something happened within `waitSeconds` (default 0). */
  readEvents(
    wish?: { readonly after?: string; readonly limit?: number; readonly waitSeconds?: number },
    options?: CallOptions,
  ): Promise<FeedPage>
  /**
   * Every event, one after the other, for as long as you iterate; it ends when `signal` is aborted. What passes (the service
   * restarts, the network fails, too many callers) is tried again with growing, random waits. Throws what does not:
   * `cursor_expired` when events after your cursor are kept no longer, wrong credentials, a wrong cursor.
   */
  events(options?: FollowOptions): AsyncGenerator<FeedEvent, void, void>
}

/** The effects of waiting. */
export interface Pace {
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>
  /** From 0 to below 1. */
  readonly random: () => number
}

const WAIT_SECONDS = 25
const WAIT_MAX_SECONDS = 30
const PAGE_MAX = 500
/** The longest wait after the first failure; doubled with each further one. */
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/** After an empty page: a service that stops answers those without waiting. */
const BREATH_MS = 250

/** Makes the calls about the feed. `timeoutMs` is what an answer may take beside the waiting that was asked for. */
export function eventCalls(ask: Ask, apiUrl: string, timeoutMs: number, pace: Pace): EventCalls {
  const readEvents: EventCalls['readEvents'] = async (
    { after, limit, waitSeconds = 0 } = {},
    { signal } = {},
  ) => {
    const query = new URLSearchParams()
    if (after !== undefined) query.set('after', checkCursor(after))
    if (limit !== undefined) query.set('limit', String(checkPositive('limit', limit, PAGE_MAX)))
    if (waitSeconds !== 0)
      query.set('wait', String(checkPositive('waitSeconds', waitSeconds, WAIT_MAX_SECONDS)))
    const answer = await ask('read the feed', 200, {
      method: 'GET',
      url: `${apiUrl}/v1/events${query.size === 0 ? '' : `?${query}`}`,
      headers: {},
      signal,
      timeoutMs: timeoutMs + waitSeconds * 1_000,
    })
    return parsePage(answer.text)
  }
  return {
    readEvents,
    events: ({ after, waitSeconds = WAIT_SECONDS, signal } = {}) =>
      follow(
        (cursor) => readEvents(pageAfter(cursor, waitSeconds), signal && { signal }),
        after,
        pace,
        signal,
      ),
  }
}

const pageAfter = (after: string | undefined, waitSeconds: number) => ({
  ...(after === undefined ? {} : { after }),
  waitSeconds,
})

async function* follow(
  read: (after: string | undefined) => Promise<FeedPage>,
  after: string | undefined,
  { wait, random }: Pace,
  signal: AbortSignal | undefined,
): AsyncGenerator<FeedEvent, void, void> {
  let cursor = after
  for (let failures = 0; !isAborted(signal); ) {
    try {
      const page = await read(cursor)
      failures = 0
      for (const event of page.events) {
        yield event
        if (isAborted(signal)) return
      }
      cursor = page.nextCursor
      if (page.events.length === 0) await wait(random() * BREATH_MS, signal)
    } catch (error) {
      if (isAborted(signal)) return
      if (!(error instanceof SpringbarError) || !mayPass(error)) throw error
      const longest = Math.min(FIRST_WAIT_MS * 2 ** failures++, LONGEST_WAIT_MS)
      await wait((error.retryAfterSeconds ?? 0) * 1_000 + random() * longest, signal)
    }
  }
}

/** Asked anew each time: it changes while we wait, which the compiler does not know. */
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

/** Whether the same call may succeed later. */
const mayPass = ({ code, status }: SpringbarError): boolean =>
  code === 'unreachable' || code === 'timeout' || status === 429 || (status !== null && status >= 500)

function parsePage(text: string): FeedPage {
  const body = required(parseJson(text), isRecord)
  return Object.freeze({
    events: Object.freeze(list(body['data']).map(parseFeedEvent)),
    nextCursor: required(body['nextCursor'], isString),
    hasMore: required(body['hasMore'], isBoolean),
  })
}

function parseFeedEvent(value: unknown): FeedEvent {
  const fields = required(value, isRecord)
  const event = parseEvent(fields['id'], fields)
  if (event === null) throw unexpectedAnswer('an event of another form', { status: 200 })
  return Object.freeze({ ...event, cursor: required(fields['cursor'], isString) })
}
