import { createSpringbarClient, type SpringbarClientOptions } from '@springbar/sdk'
import { createCatalogue } from './catalogue.ts'
import { type Connections, createConnections } from './connections.ts'
import { followFeed } from './feed.ts'
import { createHappenings, type Happenings } from './happenings.ts'
import type { Sources } from './sources.ts'

/** Who Tidewell is at Springbar. */
export interface ApplicationCredentials {
  readonly applicationId: string
  readonly applicationSecret: string
  /**
   * With an API key Tidewell shows the whole catalogue, missing permissions, and events from the feed. Without one it uses
   * nothing but what the documented service has too.
   */
  readonly apiKey?: string | null | undefined
  /** What Springbar signs this application's webhooks with; without one, none are taken. */
  readonly webhookSecret?: string | undefined
}

/** All that one application of Tidewell's has at Springbar. One application has one way to bind, so there are two. */
export interface Side {
  readonly connections: Connections
  /** What can be connected. */
  readonly sources: () => Promise<Sources>
  readonly happenings: Happenings
  /** Whether the feed tells them too, and not webhooks alone. */
  readonly hasFeed: boolean
  readonly webhookSecret: string | undefined
}

/** Where Springbar is, and the effects that a side uses. */
export type SideContext = Omit<SpringbarClientOptions, 'applicationId' | 'applicationSecret' | 'apiKey'> & {
  readonly now: () => number
  readonly log: (line: string) => void
  readonly ending?: AbortSignal | undefined
}

/** Makes a side, and follows its feed until `ending` where it may. */
export function createSide(context: SideContext, application: ApplicationCredentials): Side {
  const { now: _now, log, ending, ...where } = context
  const { webhookSecret, apiKey, ...named } = application
  const client = createSpringbarClient({ ...where, ...named, ...(apiKey ? { apiKey } : {}) })
  const own = apiKey ? client : null
  const happenings = createHappenings()
  if (own !== null) void followFeed(own, happenings, { ending, log })
  return Object.freeze({
    connections: createConnections(client, { own, log }),
    sources: createCatalogue(own, context),
    happenings,
    hasFeed: own !== null,
    webhookSecret,
  })
}
