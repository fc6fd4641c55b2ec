import type { JsonValue } from '../template.ts'
import type {
  Answer,
  AuthorizationRules,
  EventRules,
  Family,
  RedirectUriRules,
  RefreshRules,
  Refusal,
  ResourceRules,
  RevocationRules,
  SubscriptionRules,
  Switches,
  TextFormat,
  TokenFormat,
  TokenRules,
} from '../vendor.ts'

/** What a definition does not say about a vendor, because a client need not know it. */
export interface Oddities {
  /** The ids of the demo people at the vendor. */
  readonly subjects?: readonly [robin: string, kim: string, noor: string]
  /** Further details for templates, for every person. */
  readonly details?: Readonly<Record<string, JsonValue>>
  readonly switches?: Partial<Switches>
  readonly code?: TextFormat
  readonly accessToken?: TokenFormat
  readonly refreshToken?: TextFormat
  readonly redirectUri?: Partial<RedirectUriRules>
  readonly authorization?: Partial<AuthorizationRules>
  readonly token?: Partial<Omit<TokenRules, 'idToken'>>
  readonly refresh?: Partial<RefreshRules>
  /** Further members of token answers. */
  readonly exchangeExtra?: Readonly<Record<string, JsonValue>>
  readonly refreshExtra?: Readonly<Record<string, JsonValue>>
  readonly refusals?: Readonly<Partial<Record<Refusal | Family<Refusal> | 'default', Answer>>>
  /** Beside those of the definition. */
  readonly revocations?: readonly RevocationRules[]
  readonly resources?: readonly ResourceRules[]
  readonly events?: EventRules
  readonly subscription?: SubscriptionRules
  readonly liveAccessTokens?: number
  /** What the sandbox guesses. */
  readonly doubts?: readonly string[]
}
