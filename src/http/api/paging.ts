/**
 * How a list of our own API is read page by page (contract §6). A cursor names the last entry that was shown by its place
 * in the list's order, so entries that come or go meanwhile neither shift nor repeat the others.
 */
import { z } from '@hono/zod-openapi'
import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'

/** What a request says about the page that it wants. */
export const pageQuery = z.object({
  cursor: z
    .string()
    .min(1)
    .max(limits.cursorCharacters)
    .optional()
    .openapi({ description: 'The `nextCursor` of the page before; without it the list begins' }),
  limit: z.coerce.number().int().min(1).max(limits.listPage).default(limits.listPage),
})

/** One page as it is answered. */
export interface Page<Entry> {
  readonly data: Entry[]
  /** Where the next page begins; null on the last one. */
  readonly nextCursor: string | null
}

type Wish = z.infer<typeof pageQuery>

/** The place that a cursor names, null for the beginning. Throws `invalid_request` for what is no cursor of ours. */
export function placeOf({ cursor }: Pick<Wish, 'cursor'>): string | null {
  if (cursor === undefined) return null
  const place = Buffer.from(cursor, 'base64url').toString()
  if (place === '' || cursorOf(place) !== cursor) throw noCursor()
  return place
}

/** The complaint about a cursor that no page of ours has told. */
export const noCursor = () =>
  new SpringbarError('invalid_request', 'cursor: must be the nextCursor of the page before.')

const cursorOf = (place: string): string => Buffer.from(place).toString('base64url')

/**
 * The page out of entries that were read for it.
 * @param found one entry more than the page has tells that there is a next one
 * @param keyOf an entry's place in the order of the list
 */
export function pageOf<Entry>(
  found: readonly Entry[],
  limit: number,
  keyOf: (entry: Entry) => string,
): Page<Entry> {
  const data = found.slice(0, limit)
  const last = found.length > limit ? data.at(-1) : undefined
  return { data, nextCursor: last === undefined ? null : cursorOf(keyOf(last)) }
}

/** The page out of a whole list that is in memory anyway, in the order of its keys. */
export function pageOfAll<Entry>(
  all: readonly Entry[],
  wish: Wish,
  keyOf: (entry: Entry) => string,
): Page<Entry> {
  const place = placeOf(wish)
  const rest = place === null ? all : all.filter((entry) => keyOf(entry) > place)
  return pageOf(rest, wish.limit, keyOf)
}

/** An instant or a number as a key whose order is that of the values. */
export const numberKey = (value: number): string => String(value).padStart(16, '0')
