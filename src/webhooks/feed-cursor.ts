import type { ApplicationId } from '../model/ids.ts'
import { sameDigest, type Vault } from '../vault/index.ts'

/** Enough of a digest to tell our cursors from all others; there is nothing to gain by a forged one. */
const MARK_CHARACTERS = 16
/** Enough of an event's id, which is random, to tell it from another that got its number. */
const EVENT_CHARACTERS = 8
const CURSOR = /^([0-9a-z]{1,11})-([0-9a-f]{8})?-([A-Za-z0-9_-]{16})$/

/** A place in a feed: behind an event, or at the beginning of what is kept. */
export interface FeedPlace {
  readonly sequence: number
  /**
   * The beginning of the id of the event that has this number; empty where no event was read yet. Numbers are drawn again
   * after a backup was restored, ids are not: see docs/adr/0020.
   */
  readonly eventMark: string
}

/** The place behind an event. */
export const placeBehind = ({
  sequence,
  id,
}: {
  readonly sequence: number
  readonly id: string
}): FeedPlace => ({
  sequence,
  eventMark: id.slice(0, EVENT_CHARACTERS),
})

const markOf = (vault: Vault, applicationId: ApplicationId, place: string): string =>
  vault.ofAny('feed-cursor', `${applicationId}\n${place}`).slice(0, MARK_CHARACTERS)

/** A place in the feed of one application, as that application keeps it. */
export function formatCursor(
  vault: Vault,
  applicationId: ApplicationId,
  { sequence, eventMark }: FeedPlace,
): string {
  const place = `${sequence.toString(36)}-${eventMark}`
  return `${place}-${markOf(vault, applicationId, place)}`
}

/**
 * The place that a cursor stands for. Null for what is no cursor of this application's feed: one of another application
 * or of another installation would skip events here without a word.
 */
export function parseCursor(vault: Vault, applicationId: ApplicationId, cursor: string): FeedPlace | null {
  const [, sequence, eventMark = '', mark] = CURSOR.exec(cursor) ?? []
  if (sequence === undefined || mark === undefined) return null
  if (!sameDigest(mark, markOf(vault, applicationId, `${sequence}-${eventMark}`))) return null
  return { sequence: Number.parseInt(sequence, 36), eventMark }
}
