import type { SpringbarClient, SpringbarEvent } from '@springbar/sdk'

/** How it reached us. */
export type Way = 'webhook' | 'feed'

/** What Springbar told, once each, however often and by whichever way it came. */
export interface Happenings {
  /** Notes an event; false when it was known. */
  add(event: SpringbarEvent): boolean
  /** The newest few about one person, newest first. */
  of(partnerUserId: string): readonly SpringbarEvent[]
}

const KEPT = 1_000
const SHOWN = 5

/** In memory, to keep the example small. Yours is a table with a unique key on the event's id. */
export function createHappenings(): Happenings {
  const events = new Map<string, SpringbarEvent>()
  return {
    add(event) {
      if (events.has(event.id)) return false
      events.set(event.id, event)
      const [oldest] = events.keys()
      if (events.size > KEPT && oldest !== undefined) events.delete(oldest)
      return true
    },
    of: (partnerUserId) =>
      [...events.values()]
        .filter(({ endUserAlias }) => endUserAlias === partnerUserId)
        .sort((one, other) => Number(other.data.timestamp) - Number(one.data.timestamp))
        .slice(0, SHOWN),
  }
}

/**
 * Follows the event feed until `signal` is aborted: every event in order, for an application that no webhook can reach.
 * Restarts of the service and failing networks are the iterator's business.
 */
export async function followFeed(
  springbar: SpringbarClient,
  { take, signal }: { readonly take: (event: SpringbarEvent) => void; readonly signal: AbortSignal },
): Promise<void> {
  for await (const event of springbar.events({ signal })) {
    take(event)
    // Store `event.cursor` here, and begin with it next time: springbar.events({ after: cursor }).
  }
}
