/**
 * What a data source is: data that describes how a person connects and disconnects it.
 *
 * @module model/source — owns the schema that built-in and operator-supplied definitions share. It does not know any
 * source; those are the files of `sources/`. It holds what today's definitions need, nothing for later ones.
 */
import { z } from 'zod'

const url = z.url({ protocol: /^https?$/ })
const words = z.record(z.string().min(1), z.string())
/** Where a value stands in an answer: member names and array positions with dots between, `athlete.id`. */
const path = z.string().min(1).max(200)
/** A key starts with a letter, so that it is never taken for an id. */
const key = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)

/** How our registration identifies itself at the token endpoint (RFC 6749 §2.3.1). */
const clientAuthentication = z.enum(['client_secret_basic', 'client_secret_post'])

const scope = z.strictObject({
  /** The scope value as it stands in the request. */
  value: z.string().regex(/^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/),
  /** What it gives, in a few English words, for people. */
  label: z.string().min(1),
  /** Asked for unless the application chooses its own scopes. */
  requested: z.boolean(),
  /** Whether it gives data of the person's health or activity. A grant without any such scope is no connection. */
  givesData: z.boolean(),
})

const authorizationRequest = z.strictObject({
  endpoint: url,
  /** Further parameters, in the order in which they are sent. */
  parameters: words,
  /** RFC 7636; `S256` is the only method that we use. */
  pkce: z.boolean(),
})

const authorizationResponse = z.strictObject({
  /** The callback's parameter that lists the granted scopes; null where the token answer does. */
  grantedScopeParameter: z.string().min(1).nullable(),
  /**
   * The `iss` that the vendor sends (RFC 9207); null where it is not known to send one. When it is required, a callback
   * without it is refused; a different one always is.
   */
  issuer: z.strictObject({ value: z.url(), required: z.boolean() }).nullable(),
})

const tokenRequest = z.strictObject({
  endpoint: url,
  clientAuthentication,
  /** Further body parameters. */
  parameters: words,
  /** How long a code lives at the vendor. */
  codeLifetimeSeconds: z.int().positive(),
})

/** For vendors that answer 200 always and wrap the RFC 6749 answer. */
const envelope = z.strictObject({
  statusPath: path,
  successStatus: z.int(),
  /** Statuses that pass by themselves: overload, time-outs. */
  temporaryStatuses: z.array(z.int()),
  dataPath: path,
})

const tokenResponse = z.strictObject({
  envelope: envelope.nullable(),
  /** Where the error code stands; `error` in RFC 6749 §5.2. */
  errorPath: path,
})

const refresh = z.strictObject({
  /** `rotating`: a new refresh token each time; `stable`: the old one stays; `mayRotate`: keep the old when none comes. */
  mode: z.enum(['rotating', 'stable', 'mayRotate']),
  /** How long an unused refresh token lives; null when the vendor does not say. */
  lifetimeSeconds: z.int().positive().nullable(),
  /** Where the token answer says so for this grant, in seconds; null where it does not. */
  lifetimePath: path.nullable(),
})

/** Where the person's id at the vendor is found: in the token answer, or by a request with the access token. */
const account = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('token'), path }),
  z.strictObject({ from: z.literal('request'), url, path }),
])

/** How a grant is ended at the vendor. `reach` tells whether it ends one token or every grant of the account to us. */
const revocation = z.discriminatedUnion('kind', [
  /** RFC 7009, with the refresh token where there is one. */
  z.strictObject({
    kind: z.literal('token'),
    reach: z.enum(['token', 'account']),
    endpoint: url,
    clientAuthentication: z.enum([...clientAuthentication.options, 'none']),
    sendTypeHint: z.boolean(),
    /** Statuses that mean that the grant had ended before. */
    goneStatuses: z.array(z.int()),
  }),
  /** One that data cannot describe: the definition's file brings the function, the data brings its addresses. */
  z.strictObject({
    kind: z.literal('hook'),
    reach: z.enum(['token', 'account']),
    endpoints: z.record(z.string(), url),
  }),
  /** The vendor offers none. */
  z.strictObject({ kind: z.literal('unsupported') }),
])

const authorization = z.strictObject({
  /** Stands in the callback path, so it is registered at the vendor and never changes. */
  vendor: key,
  name: z.string().min(1),
  /** An ended one is used only by an application that names it. */
  status: z.enum(['live', 'ended']),
  statusNote: z.string().min(1).nullable(),
  scopes: z.array(scope).min(1),
  /** Between two scopes, wherever this vendor lists some. */
  scopeSeparator: z.enum([' ', ',']),
  authorizationRequest,
  authorizationResponse,
  tokenRequest,
  tokenResponse,
  refresh,
  account,
  revocation,
  documentation: z.strictObject({
    url,
    checkedOn: z.iso.date(),
    /** What the documentation leaves open or sources disagree on. Nothing here was tried against a live vendor. */
    doubts: z.array(z.string().min(1)),
  }),
})

const catalogueFields = {
  id: z.int().positive(),
  key,
  name: z.string().min(1),
  description: z.string().min(1),
  category: z.enum(['activity', 'body', 'glucose', 'platform', 'camera']),
}

/** One data source of the catalogue. Every field is written out: a definition reads the same before and after parsing. */
export const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...catalogueFields,
    kind: z.literal('oauth2'),
    /** The first is the default; an application may choose another by its vendor key. */
    authorizations: z.array(authorization).min(1),
  }),
  /** Known, with its published id, but without a definition of how to connect it. */
  z.strictObject({
    ...catalogueFields,
    /** `web`: at the vendor's pages; `credentials`: with the person's log-in; `native`: on the phone. */
    kind: z.enum(['web', 'credentials', 'native']),
    /** `planned`: will come; `closed`: the vendor admits no new applications or partners only; `ended`: is no more. */
    status: z.enum(['planned', 'closed', 'ended']),
    statusNote: z.string().min(1),
  }),
])

/** Data as it is passed around: nothing may change it. */
type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T

export type Source = Immutable<z.infer<typeof sourceSchema>>
export type OAuth2Source = Extract<Source, { kind: 'oauth2' }>
export type CatalogueSource = Exclude<Source, { kind: 'oauth2' }>
export type Authorization = OAuth2Source['authorizations'][number]
export type ClientAuthentication = Authorization['tokenRequest']['clientAuthentication']
