/**
 * What a vendor is to the sandbox: data.
 *
 * @module sandbox/vendor — owns the shape of a vendor's rules. The rules themselves are the files of `vendors/`, one for
 * each vendor; what the rules do is the engine's. Adding a vendor is adding a file there.
 *
 * Words: `exact` and `host` tell how much of a redirect URI is compared; a `refusal` is a reason to say no, which each
 * vendor words in its own way; templates carry placeholders such as `{accessToken}` (see `template.ts`).
 */
import type { JsonValue } from './template.ts'

/** What a caller can do at a vendor. Faults and recorded calls go by these names. */
export const OPERATIONS = [
  'authorize',
  'request_token',
  'token',
  'exchange',
  'refresh',
  'identity',
  'revoke',
  'nonce',
  'data',
  'other',
] as const
/** One of {@link OPERATIONS}. */
export type Operation = (typeof OPERATIONS)[number]

/** Why a server-to-server call is refused. The part before the dot is its family. */
export const REFUSALS = [
  'client.missing',
  'client.unknown',
  'client.secret',
  'action.missing',
  'action.unknown',
  'grant_type.missing',
  'grant_type.unknown',
  'code.missing',
  'code.unknown',
  'code.used',
  'code.expired',
  'redirect_uri.missing',
  'redirect_uri.mismatch',
  'code_verifier.missing',
  'code_verifier.wrong',
  'code_verifier.unexpected',
  'refresh_token.missing',
  'refresh_token.unknown',
  'refresh_token.ended',
  'refresh_token.expired',
  'access_token.missing',
  'access_token.unknown',
  'access_token.ended',
  'access_token.expired',
  'scope.missing',
  'token.missing',
  'token.unknown',
  'subject.missing',
  'subject.unknown',
  'nonce.missing',
  'nonce.unknown',
  'nonce.used',
  'nonce.expired',
  'timestamp.missing',
  'signature.missing',
  'signature.wrong',
  'rate.exceeded',
] as const
/** One of {@link REFUSALS}. */
export type Refusal = (typeof REFUSALS)[number]

/** Why an authorization request is answered with a page instead of the consent question. */
export type Problem =
  | 'client.missing'
  | 'client.unknown'
  | 'redirect_uri.missing'
  | 'redirect_uri.mismatch'
  | 'redirect_uri.private'
  | 'response_type.missing'
  | 'response_type.unknown'
  | 'scope.missing'
  | 'scope.unknown'
  | 'state.missing'
  | 'state.short'
  | 'code_challenge.missing'
  | 'code_challenge.malformed'
  | 'code_challenge_method.unknown'

type Family<Name extends string> = Name extends `${infer First}.${string}` ? First : never

/** An answer for each name, for a whole family of names, and for all the rest. */
export type Table<Name extends string, Value> = Readonly<
  Partial<Record<Name | Family<Name>, Value>> & { default: Value }
>

/** An answer before it becomes a response. `body` is a template; null means an empty body. */
export interface Answer {
  readonly status: number
  readonly body: JsonValue | null
  readonly headers?: Readonly<Record<string, string>>
  /** A page instead of JSON. */
  readonly html?: string
  /** A form or plain text instead of JSON. */
  readonly text?: string
}

/** How the vendor writes codes and tokens: a prefix and that many random bytes. */
export interface TextFormat {
  readonly prefix?: string
  readonly encoding: 'hex' | 'base64url'
  readonly bytes: number
}

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
  /** May be left out when the client has exactly one. */
  readonly optional: boolean
}

/** The authorization endpoint and the way back. */
export interface AuthorizationRules {
  /** Host and path, without scheme. */
  readonly urls: readonly string[]
  readonly scopeSeparator: ' ' | ','
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
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'signature'

/** The token endpoint. */
export interface TokenRules {
  readonly urls: readonly string[]
  /** Value of the form's `action`, at vendors with one URL for several things. */
  readonly action?: string
  readonly clientAuthentication: readonly ClientAuthentication[]
  readonly redirectUri: 'required' | 'if-sent' | 'ignored'
  readonly accessToken: TextFormat
  readonly refreshToken: TextFormat
  readonly scopeSeparator: ' ' | ','
  readonly exchangeAnswer: Answer
  readonly refreshAnswer: Answer
}

/** What a refresh gives, and how long a refresh token lives. */
export interface RefreshRules {
  /** `with-access-token`: only when a new access token is given too. */
  readonly rotates: 'always' | 'with-access-token' | 'never'
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

/** One way to end a grant. A vendor may have several. */
export interface RevocationRules {
  readonly url: string
  readonly action?: string
  /** `bearer`: the access token itself, as header or as a field. */
  readonly authentication: 'client_secret_basic' | 'none' | 'bearer' | 'signature'
  /** The field that says what to end: a token or an account's id. */
  readonly target: { readonly kind: 'token' | 'subject'; readonly parameter: string }
  /** `account`: every token of that account for this client. `token`: the token and its pair. */
  readonly reach: 'token' | 'account'
  /** What an unknown or already ended target gets. */
  readonly gone: 'success' | 'refusal'
  readonly answer: Answer
  /** Where this endpoint words a refusal differently. */
  readonly refusals?: Readonly<Partial<Record<Refusal | Family<Refusal>, Answer>>>
}

/** A call that an access token opens: for the account's id or for data. */
export interface ResourceRules {
  readonly operation: 'identity' | 'data'
  readonly methods: readonly ('GET' | 'POST')[]
  readonly url: string
  readonly action?: string
  /** One of these must have been granted; empty: none is needed. */
  readonly scopes: readonly string[]
  readonly answer: Answer
}

/** Where nonces for signed calls are given out. */
export interface NonceRules {
  readonly url: string
  readonly action: string
  readonly lifetimeSeconds: number
  readonly answer: Answer
}

/** What can be set differently for a while, vendor by vendor. */
export interface Switches {
  /** Redirect URIs on localhost or an IP address, at vendors that refuse them. */
  readonly allowLocalhost: boolean
  /** JSON type of the account's id. */
  readonly userIdAs: 'string' | 'number'
  readonly codeLifetimeSeconds: number
  readonly accessTokenLifetimeSeconds: number
  /** A code is spent by a token call that fails. */
  readonly burnCodeOnFailedTry: boolean
  /** A refresh token that is used twice ends the whole grant. */
  readonly endGrantOnRefreshReuse: boolean
  /** Shortest accepted state. */
  readonly stateMinCharacters: number
}

/** All that the sandbox knows about a vendor. */
export interface Vendor {
  readonly key: string
  readonly name: string
  readonly documentation: {
    readonly url: string
    readonly checkedOn: string
    readonly doubts: readonly string[]
  }
  readonly accounts: readonly DemoAccount[]
  readonly scopes: readonly VendorScope[]
  readonly authorization: AuthorizationRules
  readonly code: TextFormat
  readonly token: TokenRules
  readonly refresh: RefreshRules
  readonly revocations: readonly RevocationRules[]
  readonly resources: readonly ResourceRules[]
  readonly nonce?: NonceRules
  readonly refusals: Table<Refusal, Answer>
  readonly switches: Switches
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

/** The entry for a name, else for its family, else the default. */
export function lookUp<Name extends string, Value>(table: Table<Name, Value>, name: Name): Value {
  // The family's type is computed from the name's; at run time it is what stands before the dot.
  const family = name.slice(0, name.indexOf('.')) as Family<Name>
  return table[name] ?? table[family] ?? table.default
}
