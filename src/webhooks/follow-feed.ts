import type { Context } from '../broker/context.ts'
import { SpringbarError } from '../errors.ts'
import type { ApplicationId } from '../model/ids.ts'
import { feedLimits } from './feed-limits.ts'
import { type FeedPage, type PageWish, placeOf, readFeed } from './read-feed.ts'

/** Where a reader goes on, and how it wants its pages. */
export interface FollowWish extends PageWish {
  /** Null to begin with the oldest event that is kept. */
  readonly after: string | null
}

/** Somebody who reads the feed page after page. */
export interface Follower {
  /**
   * The next page: at once when something is there, else as soon as something happens, and an empty one after `waitMs`, when
   * the service stops or when the follower is closed. Throws `cursor_expired` as soon as something was missed.
   */
  readonly next: (waitMs: number) => Promise<FeedPage>
  /** Ends waiting and gives the place to others. */
  readonly close: () => void
}

/** The feeds of all applications, for the readers of one process. */
export interface Feed {
  /** Throws `invalid_request` for a strange cursor, and `rate_limited` when too many of the application follow already. */
  readonly follow: (applicationId: ApplicationId, wish: FollowWish) => Promise<Follower>
}

type FeedContext = Pick<Context, 'storage' | 'vault' | 'log' | 'now' | 'wait'>

/** The feeds of one process. While it is not ready nobody waits. */
export function createFeed(context: FeedContext, isReady: () => boolean): Feed {
  const followers = new Map<ApplicationId, number>()
  const leave = (applicationId: ApplicationId) => {
    const left = (followers.get(applicationId) ?? 1) - 1
    if (left === 0) followers.delete(applicationId)
    else followers.set(applicationId, left)
  }
  return Object.freeze({
    async follow(applicationId: ApplicationId, wish: FollowWish) {
      let place = await placeOf(context, applicationId, wish.after)
      const count = followers.get(applicationId) ?? 0
      if (count >= feedLimits.followersPerApplication)
        throw new SpringbarError(
          'rate_limited',
          `At most ${feedLimits.followersPerApplication} callers of an application may follow its feed at once.`,
          { headers: { 'Retry-After': '1' } },
        )
      followers.set(applicationId, count + 1)
      const growth = watchGrowth(context, applicationId)
      let isClosed = false
      return {
        async next(waitMs: number) {
          const until = context.now() + waitMs
          for (;;) {
            // Asked for before reading, so that what is committed meanwhile wakes us.
            const grown = growth.next()
            const { place: reached, ...page } = await readFeed(context, applicationId, place, wish)
            // What was passed because the application does not want it is not read again.
            if (page.data.length === 0) place = reached
            if (page.data.length === 0 && page.hasMore) continue
            const left = until - context.now()
            if (page.data.length > 0 || left <= 0 || isClosed || !isReady()) {
              place = reached
              return page
            }
            await Promise.race([grown, context.wait(Math.min(feedLimits.readAgainMs, left))])
          }
        },
        close() {
          if (isClosed) return
          isClosed = true
          growth.stop()
          leave(applicationId)
        },
      }
    },
  })
}

/** Promises of the next commit of this process that tells something in this feed. `stop` resolves the last of them. */
function watchGrowth({ storage }: FeedContext, applicationId: ApplicationId) {
  let grown = Promise.withResolvers<void>()
  const unwatch = storage.watchEvents(applicationId, () => {
    grown.resolve()
    grown = Promise.withResolvers<void>()
  })
  return {
    next: () => grown.promise,
    stop: () => {
      unwatch()
      grown.resolve()
    },
  }
}
