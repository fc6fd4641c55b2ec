import type { Context } from '../broker/context.ts'
import { SpringbarError } from '../errors.ts'
import type { EventType } from '../model/event.ts'
import type { ApplicationId } from '../model/ids.ts'
import type { TimestampType } from '../model/webhook.ts'
import type { Events } from '../storage/storage.ts'
import { type FeedPlace, formatCursor, parseCursor, placeBehind } from './feed-cursor.ts'
import { openEvent } from './open-event.ts'
import { type PublicEvent, renderEvent } from './render-event.ts'

/** An event of the feed: what a webhook says in its body, with the id that stands there in a header. */
export interface FeedEvent extends PublicEvent {
  readonly id: string
  /** Ask with it for what comes after this event. */
  readonly cursor: string
}

/** What happened after a place. */
export interface FeedPage {
  readonly data: readonly FeedEvent[]
  /** Where to go on, also when nothing happened yet. */
  readonly nextCursor: string
  /** Whether more is there already. */
  readonly hasMore: boolean
}

/** How a reader wants its pages. */
export interface PageWish {
  readonly limit: number
  readonly timestampType: TimestampType
  /** The types that the application wants in its feed; null for everything that is kept. */
  readonly types: readonly EventType[] | null
}

/** What reading takes of the context. */
export type FeedContext = Pick<Context, 'storage' | 'vault' | 'log'>

const expired = (): SpringbarError =>
  new SpringbarError(
    'cursor_expired',
    'Events after this cursor are kept no longer: read the feed anew, without one.',
  )

/**
 * The place to read on from: that of the cursor, or the oldest event that is kept.
 * Throws `invalid_request` for what is no cursor of this application's feed, and `cursor_expired`.
 */
export async function placeOf(
  { storage, vault }: FeedContext,
  applicationId: ApplicationId,
  cursor: string | null,
): Promise<FeedPlace> {
  const { events } = storage.read
  const horizon = await events.horizon(applicationId)
  if (cursor === null) return { sequence: horizon, eventMark: '' }
  const place = parseCursor(vault, applicationId, cursor)
  if (place === null)
    throw new SpringbarError('invalid_request', 'after is no cursor that this application got from its feed.')
  if (place.sequence < horizon) throw expired()
  if (place.sequence > horizon && !(await isOfThisFeed(events, applicationId, place))) throw expired()
  return place
}

/**
 * Whether a place is of the events that are stored, and not of a database from before a backup was restored, whose numbers
 * went to other events. The event may be gone by now with its person: then nobody else has its number, and something later
 * tells of the erasure.
 */
async function isOfThisFeed(
  events: Events,
  applicationId: ApplicationId,
  { sequence, eventMark }: FeedPlace,
): Promise<boolean> {
  const found = await events.idAt(sequence)
  if (found !== null) return eventMark !== '' && found.startsWith(eventMark)
  return (await events.list(applicationId, sequence, 1)).length > 0
}

/** The next page after a place. Throws `cursor_expired` when something after it is kept no longer. */
export async function readFeed(
  context: FeedContext,
  applicationId: ApplicationId,
  place: FeedPlace,
  { limit, timestampType, types }: PageWish,
): Promise<FeedPage & { readonly place: FeedPlace }> {
  const { events } = context.storage.read
  // One more than asked for tells whether there is a next page.
  const found = await events.list(applicationId, place.sequence, limit + 1)
  // In this order: what was forgotten before the list was read is behind the horizon by now.
  if ((await events.horizon(applicationId)) > place.sequence) throw expired()
  const passed = found.slice(0, limit)
  const cursorOf = (at: FeedPlace) => formatCursor(context.vault, applicationId, at)
  const last = passed.at(-1)
  const reached = last === undefined ? place : placeBehind(last)
  const shown = passed.filter(({ type }) => types === null || types.includes(type))
  return {
    data: shown.map((event) => ({
      id: event.id,
      cursor: cursorOf(placeBehind(event)),
      ...renderEvent(openEvent(context, event), timestampType),
    })),
    nextCursor: cursorOf(reached),
    hasMore: found.length > passed.length,
    place: reached,
  }
}
