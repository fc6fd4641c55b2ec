/**
 * What a data source is: data that describes how a person connects and disconnects it.
 *
 * @module model/source — owns the schema that built-in and operator-supplied definitions share. It does not know any
 * source; those are the files of `sources/`.
 */
import { z } from 'zod'

const url = z.url({ protocol: /^https?$/ })
const words = z.record(z.string(), z.string())
const path = z.string().min(1).max(200)
const key = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)

/** How our registration identifies itself (RFC 6749 §2.3.1; `none` for a public client). */
const clientAuthentication = z.enum(['client_secret_basic', 'client_secret_post', 'none'])

const scope = z.strictObject({
  /** The scope value as it stands in the request. */
  value: z.string().min(1),
  /** What it gives, in a few English words, for people. */
  label: z.string().min(1),
  /** Asked for unless the application chooses otherwise. */
  requested: z.boolean().default(true),
})

const authorizationRequest = z.strictObject({
  endpoint: url,
  /** Further parameters, in the order in which they are sent. */
  parameters: words.default({}),
  /** RFC 7636; `S256` is the only method that we use. */
  pkce: z.boolean(),
  scopeSeparator: z.enum([' ', ',']).default(' '),
})

const authorizationResponse = z.strictObject({
  /** The callback's parameter that lists the granted scopes, at vendors that say it there. */
  grantedScopeParameter: z.string().optional(),
  grantedScopeSeparator: z.enum([' ', ',']).default(' '),
  /** The `iss` that the vendor sends (RFC 9207); when given, a callback without it is refused. */
  issuer: z.string().optional(),
})

const tokenRequest = z.strictObject({
  endpoint: url,
  clientAuthentication,
  /** Further body parameters of the code exchange. */
  parameters: words.default({}),
  headers: words.default({}),
  sendRedirectUri: z.boolean().default(true),
  /** How long a code lives at the vendor. */
  codeLifetimeSeconds: z.int().positive(),
})

const tokenResponse = z.strictObject({
  /** For vendors that wrap the RFC 6749 answer: where it is, and what tells success from failure. */
  envelope: z
    .strictObject({ successPath: path, successValue: z.union([z.string(), z.number()]), dataPath: path })
    .optional(),
  /** Dotted paths of values that stand elsewhere than RFC 6749 puts them. */
  scopePath: path.default('scope'),
  scopeSeparator: z.enum([' ', ',']).default(' '),
})

const refresh = z.strictObject({
  /** `rotating`: a new refresh token each time; `stable`: the old one stays; `mayRotate`: keep the old when none comes. */
  mode: z.enum(['rotating', 'stable', 'mayRotate', 'none']),
  /** How long an unused refresh token lives; null when the vendor does not say. */
  lifetimeSeconds: z.int().positive().nullable().default(null),
})

/** Where the person's id at the vendor is found. Ids are compared as strings. */
const account = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('token'), path }),
  z.strictObject({ from: z.literal('request'), url, headers: words.default({}), path }),
])

/** How a grant is ended at the vendor. `reach` tells whether it ends one token or every grant of the account to us. */
const revocation = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('request'),
    reach: z.enum(['token', 'account']),
    method: z.enum(['GET', 'POST', 'DELETE']),
    url,
    authentication: z.enum(['client_secret_basic', 'client_secret_post', 'bearer', 'none']),
    /** Form parameters; `{accessToken}`, `{refreshToken}`, `{accountId}` and `{clientId}` are filled in. */
    parameters: words.default({}),
    successStatuses: z.array(z.int()).min(1),
    /** Statuses that mean that the grant had ended before. */
    goneStatuses: z.array(z.int()).default([]),
  }),
  /** A revocation that data cannot describe; the definition's file brings the function. */
  z.strictObject({ kind: z.literal('hook'), reach: z.enum(['token', 'account']) }),
  /** The vendor offers none; the person is told where to remove the application. */
  z.strictObject({ kind: z.literal('unsupported'), removeAt: url.optional() }),
])

const authorization = z.strictObject({
  /** Stands in the callback path, so it is registered at the vendor and never changes. */
  vendor: key,
  name: z.string().min(1),
  status: z.enum(['live', 'ended']),
  statusNote: z.string().optional(),
  scopes: z.array(scope),
  /** A grant without all of these is no connection. Empty: at least one scope must be granted. */
  requiredScopes: z.array(z.string()).default([]),
  authorizationRequest,
  authorizationResponse: authorizationResponse.prefault({}),
  tokenRequest,
  tokenResponse: tokenResponse.prefault({}),
  refresh,
  account,
  revocation,
  documentation: z.strictObject({ url, checkedOn: z.iso.date(), doubts: z.array(z.string()).default([]) }),
})

const catalogueFields = {
  id: z.int().positive(),
  key,
  name: z.string().min(1),
  description: z.string().min(1),
  category: z.enum(['activity', 'body', 'glucose', 'platform', 'camera']),
}

/** One data source of the catalogue. */
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
    kind: z.enum(['web', 'credentials', 'native']),
    status: z.enum(['planned', 'ended', 'closed']),
    statusNote: z.string().min(1),
  }),
])

export type Source = z.infer<typeof sourceSchema>
export type OAuth2Source = Extract<Source, { kind: 'oauth2' }>
export type Authorization = z.infer<typeof authorization>
export type ClientAuthentication = z.infer<typeof clientAuthentication>
