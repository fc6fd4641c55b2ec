/**
 * What a vendor is to the sandbox: data.
 *
 * @module sandbox/vendor — owns the shape of a vendor's rules. The rules themselves are the files of `vendors/`, one for
 * each vendor; what the rules do is the engine's. Adding a vendor is adding a file there.
 *
 * Words: `exact` and `host` tell how much of a redirect URI is compared; a `refusal` is a reason to say no, which each
 * vendor words in its own way; templates carry placeholders such as `{accessToken}` (see `template.ts`).
 */
import type { Answer } from './rules/answer.ts'
import type {
  NonceRules,
  ResourceRules,
  RevocationRules,
  StepRules,
  SubscriptionRules,
  WantedHeaders,
  WantedParameters,
} from './rules/calls.ts'
import type { EventRules } from './rules/events.ts'
import type { Problem, Refusal, Table } from './rules/words.ts'
import type { Switches } from './switches/switches.ts'
import type { JsonValue } from './template.ts'

export type { Answer } from './rules/answer.ts'
export type * from './rules/calls.ts'
export type { EventKind, EventRules, Handshake, SignatureRules } from './rules/events.ts'
export {
  type Family,
  lookUp,
  OPERATIONS,
  type Operation,
  type Problem,
  REFUSALS,
  type Refusal,
  type Table,
} from './rules/words.ts'
export type { Switches } from './switches/switches.ts'

/** How the vendor writes codes and tokens: a prefix and that many random bytes. */
export interface TextFormat {
  readonly prefix?: string
  readonly encoding: 'hex' | 'base64url'
  readonly bytes: number
}

/** A token that is a JWT: its claims are a template. Signed with HS256 under the client secret (OpenID Connect Core §10.1). */
export interface JwtFormat {
  readonly encoding: 'jwt'
  readonly claims: Readonly<Record<string, JsonValue>>
}

/** How the vendor writes its tokens. */
export type TokenFormat = TextFormat | JwtFormat

/** A fictional person with an account at the vendor. */
export interface DemoAccount {
  /** The same person has the same key at every vendor. */
  readonly key: string
  readonly name: string
  /** The account's id at the vendor. */
  readonly subject: string
  /** Values for `{account.…}` in templates. */
  readonly details: Readonly<Record<string, JsonValue>>
}

/** A scope that the vendor knows. */
export interface VendorScope {
  readonly value: string
  /** What a person reads beside the checkbox. */
  readonly sentence: string
  /** `asked`: cannot be unticked when asked for. `always`: granted even when it was not asked for. */
  readonly fixed?: 'asked' | 'always'
}

/** How the redirect URI of an authorization request is checked. */
export interface RedirectUriRules {
  readonly match: 'exact' | 'host'
  /** Loopback hosts pass without being registered. */
  readonly loopbackAlways: boolean
  /** Neither localhost nor IP addresses, unless the switch `allowLocalhost` is on. */
  readonly publicOnly: boolean
  /** The query is not compared, and none is taken in the token call: it is the client's own. */
  readonly ignoresQuery?: boolean
  /** `http://localhost`, but no IP address. */
  readonly noIpAddress?: boolean
  /** May be left out when the client has exactly one. */
  readonly optional: boolean
}

/** The authorization endpoint and the way back. */
export interface AuthorizationRules {
  /** Host and path, without scheme. */
  readonly urls: readonly string[]
  readonly scopeSeparator: ' ' | ','
  /** Where the scopes stand: `scope` when missing; null at vendors that take none, where the person chooses among all. */
  readonly scopeParameter?: string | null
  /** Whether a request without scopes asks for all of them. */
  readonly scopeOptional?: boolean
  readonly stateRequired: boolean
  readonly redirectUri: RedirectUriRules
  /** `ignored`: the vendor does not know PKCE. */
  readonly pkce: 'ignored' | 'optional' | 'required'
  readonly pkceMethods: readonly ('S256' | 'plain')[]
  /** A parameter that, set to `true`, adds what was granted before. */
  readonly incrementalParameter?: string
  /** Parameters of the callback, in order: names with templates. */
  readonly callback: readonly (readonly [name: string, template: string])[]
  readonly errorCallback: readonly (readonly [name: string, template: string])[]
  /** `naive`: always with `?`, also behind a redirect URI that has a query of its own. */
  readonly append: 'standard' | 'naive'
  /** Put behind the callback's URL. */
  readonly fragment?: string
  /** The description that comes with a cancel, when the vendor gives one. */
  readonly cancelDescription?: string
  /** The vendor's words for each problem, shown on its own page. */
  readonly problems: Table<Problem, string>
}

/** How a client proves who it is: RFC 6749 §2.3.1, or by a nonce and a signature. */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'signature' | 'none'

/** The token endpoint. */
export interface TokenRules {
  readonly urls: readonly string[]
  /** Where refreshing has a URL of its own. */
  readonly refreshUrls?: readonly string[]
  /** Value of the form's `action`, at vendors with one URL for several things. */
  readonly action?: string
  /** `form` when missing; `json`: a JSON object; `query`: a GET. */
  readonly format?: 'form' | 'json' | 'query'
  /** What a code exchange must carry beside the standard's parameters, and what a refresh must. */
  readonly parameters?: WantedParameters
  readonly refreshParameters?: WantedParameters
  readonly headers?: WantedHeaders
  /** The parameter that repeats the scopes in a code exchange. */
  readonly repeatsScopeAs?: string
  readonly clientAuthentication: readonly ClientAuthentication[]
  readonly redirectUri: 'required' | 'if-sent' | 'ignored' | 'forbidden'
  readonly accessToken: TokenFormat
  readonly refreshToken: TextFormat
  /** Claims of `{idToken}`. */
  readonly idToken?: JwtFormat
  readonly scopeSeparator: ' ' | ','
  readonly exchangeAnswer: Answer
  readonly refreshAnswer: Answer
}

/** What a refresh gives, and how long a refresh token lives. */
export interface RefreshRules {
  /**
   * `with-access-token`: only when a new access token is given too; `sometimes`: at every second refresh; `extends`: no
   * tokens come, the old ones live on; `none`: there are no refresh tokens.
   */
  readonly rotates: 'always' | 'with-access-token' | 'sometimes' | 'never' | 'extends' | 'none'
  /** A refresh token is given only with this scope. */
  readonly needsScope?: string
  /** The same access token comes back while more than this is left of it. */
  readonly keepsAccessTokenAboveSeconds?: number
  /** How long an old refresh token goes on working, unless the new access token is used before. */
  readonly overlapSeconds?: number
  readonly endsOlderAccessTokens: boolean
  readonly lifetimeSeconds: number | null
  readonly idleLifetimeSeconds: number | null
  /** When a refresh token is given at all; missing: always. */
  readonly offered?: {
    readonly whenParameter: readonly [name: string, value: string]
    /** A person who has agreed before gets one again only with this. */
    readonly againWhenParameter: readonly [name: string, word: string]
  }
}

/** What the sandbox must know of a vendor, whatever protocol it speaks. */
export interface AnyVendor {
  readonly key: string
  readonly name: string
  readonly documentation: {
    readonly url: string
    readonly checkedOn: string
    readonly doubts: readonly string[]
  }
  readonly accounts: readonly DemoAccount[]
  readonly scopes: readonly VendorScope[]
  readonly refusals: Table<Refusal, Answer>
  /** Where they differ from `DEFAULT_SWITCHES`. */
  readonly switches: Partial<Switches>
  readonly events?: EventRules
  readonly subscription?: SubscriptionRules
}

/** All that the sandbox knows about a vendor that speaks OAuth 2.0. */
export interface Vendor extends AnyVendor {
  readonly authorization: AuthorizationRules
  readonly code: TextFormat
  readonly token: TokenRules
  readonly refresh: RefreshRules
  readonly revocations: readonly RevocationRules[]
  readonly resources: readonly ResourceRules[]
  readonly steps?: readonly StepRules[]
  readonly nonce?: NonceRules
  /** Most access tokens of one account that live at the same time; one more ends the oldest. */
  readonly liveAccessTokens?: number
}

/** Our registration at a vendor. */
export interface SandboxClient {
  readonly vendor: string
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUris: readonly string[]
  /** The application's name on the consent page; the client id when missing. */
  readonly name?: string
}
