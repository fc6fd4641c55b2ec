import type { ApplicationId } from '../model/ids.ts'
import { sameDigest, type Vault } from '../vault/index.ts'

/** Enough of a digest to tell our cursors from all others; there is nothing to gain by a forged one. */
const MARK_CHARACTERS = 16
const CURSOR = /^([0-9a-z]{1,11})-([A-Za-z0-9_-]{16})$/

const markOf = (vault: Vault, applicationId: ApplicationId, place: string): string =>
  vault.ofAny('feed-cursor', `${applicationId}\n${place}`).slice(0, MARK_CHARACTERS)

/** A place in the feed of one application, as that application keeps it. */
export function formatCursor(vault: Vault, applicationId: ApplicationId, sequence: number): string {
  const place = sequence.toString(36)
  return `${place}-${markOf(vault, applicationId, place)}`
}

/**
 * The place that a cursor stands for. Null for what is no cursor of this application's feed: one of another application
 * or of another installation would skip events here without a word.
 */
export function parseCursor(vault: Vault, applicationId: ApplicationId, cursor: string): number | null {
  const [, place, mark] = CURSOR.exec(cursor) ?? []
  if (place === undefined || mark === undefined) return null
  return sameDigest(mark, markOf(vault, applicationId, place)) ? Number.parseInt(place, 36) : null
}
