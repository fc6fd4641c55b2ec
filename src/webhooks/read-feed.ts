import type { Context } from '../broker/context.ts'
import { SpringbarError } from '../errors.ts'
import type { ApplicationId } from '../model/ids.ts'
import type { TimestampType } from '../model/webhook.ts'
import { formatCursor, parseCursor } from './feed-cursor.ts'
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
): Promise<number> {
  const horizon = await storage.read.events.horizon(applicationId)
  if (cursor === null) return horizon
  const place = parseCursor(vault, applicationId, cursor)
  if (place === null)
    throw new SpringbarError('invalid_request', 'after is no cursor that this application got from its feed.')
  if (place < horizon) throw expired()
  return place
}

/** The next page after a place. Throws `cursor_expired` when something after it is kept no longer. */
export async function readFeed(
  context: FeedContext,
  applicationId: ApplicationId,
  place: number,
  { limit, timestampType }: PageWish,
): Promise<FeedPage & { readonly place: number }> {
  const { events } = context.storage.read
  // One more than asked for tells whether there is a next page.
  const found = await events.list(applicationId, place, limit + 1)
  // In this order: what was forgotten before the list was read is behind the horizon by now.
  if ((await events.horizon(applicationId)) > place) throw expired()
  const shown = found.slice(0, limit)
  const cursorOf = (sequence: number) => formatCursor(context.vault, applicationId, sequence)
  const last = shown.at(-1)?.sequence ?? place
  return {
    data: shown.map((event) => ({
      id: event.id,
      cursor: cursorOf(event.sequence),
      ...renderEvent(openEvent(context, event), timestampType),
    })),
    nextCursor: cursorOf(last),
    hasMore: found.length > shown.length,
    place: last,
  }
}
