/** The rules of what a vendor tells by itself: notifications, their signatures, and how a URL for them is tried first. */
import type { JsonValue } from '../template.ts'

/** What can happen at the vendor's side. */
export const EVENT_KINDS = ['revoked', 'account-deleted', 'permissions-changed', 'data'] as const
/** One of {@link EVENT_KINDS}. */
export type EventKind = (typeof EVENT_KINDS)[number]

/**
 * How a URL is tried before notifications go there: `hub-challenge`: a GET whose `hub.challenge` comes back in JSON;
 * `verify-code`: two GETs, 204 for the right code and 404 for a wrong one; `two-probes`: two POSTs, 2xx with the secret
 * and 4xx without; `challenge-json`: a GET whose `challenge` comes back in JSON; `ping`: a POST that wants 200; `head`: a
 * HEAD that wants 200; `get-204`: a GET that wants 204.
 */
export const HANDSHAKES = [
  'none',
  'hub-challenge',
  'verify-code',
  'two-probes',
  'challenge-json',
  'ping',
  'head',
  'get-204',
] as const
/** One of {@link HANDSHAKES}. */
export type Handshake = (typeof HANDSHAKES)[number]

/** How a notification is signed: an HMAC over its body, and its time where there is one. */
export interface SignatureRules {
  readonly header: string
  readonly algorithm: 'sha1' | 'sha256'
  readonly encoding: 'hex' | 'HEX' | 'base64'
  /** Put behind the key. */
  readonly keySuffix?: '&'
  /** `client`: the client secret; `notification`: the secret that the registration gave. */
  readonly key: 'client' | 'notification'
  /** `timed`: `t=<time>,v1=<signature>` in one header, over `<time>.<body>`. */
  readonly over: 'body' | 'timestamp+body' | 'timed' | 'members'
  /** With `members`: which of the JSON body's, in their order, with an underscore between. */
  readonly members?: readonly string[]
  /** The key is the bytes that the secret is the base64 of. */
  readonly keyIsBase64?: boolean
  readonly timestampHeader?: string
  /** Seconds when missing. */
  readonly timestampUnit?: 'seconds' | 'milliseconds'
}

/** How one kind of event is told. */
export interface EventTemplate {
  /** One event of one person. */
  readonly item: JsonValue
  /** The member that holds the list of events; none: see `EventRules.batch`. */
  readonly member?: string
}

/** What a vendor tells, and how. */
export interface EventRules {
  readonly format: 'json' | 'form'
  /** Whether the events of several people come as one array, or each in a request of its own. */
  readonly batch: 'array' | 'single'
  readonly kinds: Readonly<Partial<Record<EventKind, EventTemplate>>>
  readonly signature: SignatureRules | null
  /** A signature under a key that the vendor publishes: its header, and the URL of the key set, without scheme. */
  readonly publishedKey?: { readonly header: string; readonly keysUrl: string }
  readonly headers?: Readonly<Record<string, string>>
  readonly handshake: Handshake
  /** Whether the vendor also tells what the application itself ended. */
  readonly echoesRevocation?: boolean
}
