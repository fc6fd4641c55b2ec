import type { Context as HonoContext } from 'hono'
import type { VendorHealth } from '../broker/attempts/vendor-health.ts'
import type { Authenticators } from '../broker/authenticate.ts'
import type { Context } from '../broker/context.ts'
import type { Presentation } from '../model/presentation.ts'
import type { Receivers } from '../webhooks/index.ts'
import type { Metrics } from './metrics.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** What the HTTP layer works with: the broker's context and what only matters between two machines. */
export interface Services {
  readonly context: Context
  readonly presentation: Presentation
  readonly receivers: Receivers
  readonly vendorHealth: VendorHealth
  readonly authenticators: Authenticators
  readonly limiter: RateLimiter
  readonly metrics: Metrics
  /** The address of the caller, past the proxies that the operator trusts. */
  readonly addressOf: (c: HonoContext) => string
  /** Whether new work is still taken: false from SIGTERM on. */
  readonly isReady: () => boolean
}
