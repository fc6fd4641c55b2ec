/** The rules of everything that is called besides the authorization and the token endpoint. */
import type { JsonValue } from '../template.ts'
import type { Answer } from './answer.ts'
import type { Family, Refusal } from './words.ts'

/** Headers that a call must carry. A value with a placeholder may be anything; another one must be part of the header. */
export type WantedHeaders = Readonly<Record<string, string>>

/** Constant parameters that a call must carry, in the query, the form or the JSON body alike. */
export type WantedParameters = Readonly<Record<string, string>>

/** One way to end a grant. A vendor may have several. */
export interface RevocationRules {
  /** Host and path; `{accountId}` stands for any text. */
  readonly url: string
  readonly action?: string
  /** POST when missing. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `bearer`: the access token itself; `refresh_bearer`: the refresh token in its place. */
  readonly authentication:
    | 'client_secret_basic'
    | 'client_secret_post'
    | 'none'
    | 'bearer'
    | 'refresh_bearer'
    | 'signature'
  /** The parameter that says what to end: a token or an account's id. Without one, it is the token of the header. */
  readonly target:
    | { readonly kind: 'token'; readonly parameter?: string }
    | { readonly kind: 'subject'; readonly parameter: string }
  /** A parameter that must name the account of the token. */
  readonly accountParameter?: string
  readonly headers?: WantedHeaders
  /** `account`: every token of that account for this client. `token`: the token and its pair. */
  readonly reach: 'token' | 'account'
  /** What an unknown or already ended target gets. */
  readonly gone: 'success' | 'refusal'
  readonly answer: Answer
  /** Where this endpoint words a refusal differently. */
  readonly refusals?: Readonly<Partial<Record<Refusal | Family<Refusal>, Answer>>>
}

/** A call that an access token opens: for the account's id, for what was allowed, or for data. */
export interface ResourceRules {
  readonly operation: 'identity' | 'permissions' | 'data'
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE')[]
  readonly url: string
  readonly action?: string
  /** Whether everything below the URL is answered too, unless it is another endpoint. */
  readonly below?: boolean
  readonly headers?: WantedHeaders
  /** One of these must have been granted; empty: none is needed. */
  readonly scopes: readonly string[]
  readonly answer: Answer
}

/** A call that a connection needs before it gives data. */
export interface StepRules {
  readonly url: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly authentication: 'bearer' | 'refresh_bearer' | 'client_secret_basic' | 'client_secret_post' | 'none'
  readonly headers?: WantedHeaders
  /** Members that the body must have, whatever they hold. */
  readonly members: readonly string[]
  readonly answer: Answer
  /** When it was done before; the answer as ever when missing. */
  readonly againAnswer?: Answer
  /** When the person has not agreed to what the vendor demands. */
  readonly consentMissingAnswer?: Answer
}

/** Where nonces for signed calls are given out. */
export interface NonceRules {
  readonly url: string
  readonly action: string
  readonly lifetimeSeconds: number
  readonly answer: Answer
}

/** The vendor's own call that registers where notifications go. */
export interface SubscriptionRules {
  readonly url: string
  readonly action?: string
  readonly method: 'POST' | 'PUT'
  readonly authentication: 'client_secret_basic' | 'client_secret_post' | 'bearer' | 'none'
  /** Headers that carry client id and secret instead of the body. */
  readonly clientHeaders?: readonly [id: string, secret: string]
  /** Where the notification URL stands, and the word that a handshake repeats. */
  readonly urlParameter: string
  readonly verifyTokenParameter?: string
  /** `{subscriptionId}`, `{notificationSecret}` and `{notificationUrl}` are known here. */
  readonly answer: Answer
}

/** A pair that a template of JSON is made of. */
export type Member = readonly [path: string, value: JsonValue]
