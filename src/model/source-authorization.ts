/** How one registration of ours at a vendor gets, keeps and ends a grant: the schema of OAuth 2.0 and OAuth 1.0a alike. */
import { z } from 'zod'
import { notifications } from './source-notifications.ts'
import {
  clientAuthentication,
  documentation,
  key,
  path,
  rateLimit,
  registration,
  scope,
  template,
  url,
  urlTemplate,
  vendorCall,
  words,
} from './source-parts.ts'

const authorizationRequest = z.strictObject({
  endpoint: url,
  /** Further parameters, in the order in which they are sent. */
  parameters: words,
  /** RFC 7636; `S256` is the only method that we use. */
  pkce: z.boolean(),
  /** The parameter that carries the scopes; `scope` when missing, null where the vendor takes none. */
  scopeParameter: z.string().min(1).nullable().optional(),
  /**
   * `redirect_uri`: the vendor hands no `state` back, so it travels in the query of the redirect URI, which comes last then.
   * The token request sends the redirect URI without it. A parameter of its own when missing.
   */
  stateIn: z.enum(['parameter', 'redirect_uri']).optional(),
  /**
   * Whether what is granted adds to what was granted before, and the answer lists all of it: then a repair asks for the
   * missing scopes alone. Otherwise a new consent replaces the old one, so that all have to be asked for again.
   */
  accumulatesScopes: z.boolean().optional(),
})

const authorizationResponse = z.strictObject({
  /** The callback's parameter that lists the granted scopes; null where the token answer does. */
  grantedScopeParameter: z.string().min(1).nullable(),
  /** The vendor is known to leave that parameter out at times. Without a word in the token answer either, all was granted. */
  grantedScopeMayBeMissing: z.boolean().optional(),
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
  /** `form` (RFC 6749 §4.1.3) when missing; `json`: the same members as a JSON object; `query`: a GET. */
  format: z.enum(['form', 'json', 'query']).optional(),
  headers: z.record(z.string().min(1), template).optional(),
  /** Whether the scopes asked for are repeated here, under the authorization request's name for them. */
  sendsScope: z.boolean().optional(),
})

/** For vendors that answer 200 always and wrap the RFC 6749 answer. */
const envelope = z.strictObject({
  statusPath: path,
  successStatus: z.union([z.int(), z.string()]),
  /** Statuses that pass by themselves: overload, time-outs. */
  temporaryStatuses: z.array(z.union([z.int(), z.string()])),
  /** Statuses that mean what RFC 6749 §5.2 calls `invalid_grant`. */
  invalidGrantStatuses: z.array(z.union([z.int(), z.string()])).optional(),
  /** Null where the members stand beside the status. */
  dataPath: path.nullable(),
  /** Whether the status is there only when the request failed. */
  onlyOnFailure: z.boolean().optional(),
})

const tokenResponse = z.strictObject({
  envelope: envelope.nullable(),
  /** Where the error code stands; `error` in RFC 6749 §5.2. */
  errorPath: path,
  /** What the vendor writes there instead of a code of RFC 6749 §5.2, and the code that it means. */
  errorNames: z
    .record(z.string().min(1), z.enum(['invalid_grant', 'invalid_client', 'invalid_scope']))
    .optional(),
  /** Where members stand that the vendor names otherwise than RFC 6749 §5.1. */
  members: z
    .strictObject({
      accessToken: path.optional(),
      refreshToken: path.optional(),
      expiresIn: path.optional(),
      scope: path.optional(),
    })
    .optional(),
  /** Whether an answer without `token_type` is read as `bearer`. */
  tokenTypeOptional: z.boolean().optional(),
  /** What silence on `expires_in` means: seconds, or null for a token that does not expire. Missing: a fault. */
  lifetimeSecondsWhenSilent: z.int().positive().nullable().optional(),
})

const refresh = z.strictObject({
  /**
   * `rotating`: a new refresh token each time; `stable`: the old one stays; `mayRotate`: keep the old when none comes;
   * `extending`: no tokens come, both live on; `none`: there is no refresh token.
   */
  mode: z.enum(['rotating', 'stable', 'mayRotate', 'extending', 'none']),
  /** How long an unused refresh token lives; null when the vendor does not say. */
  lifetimeSeconds: z.int().positive().nullable(),
  /** Where the token answer says so for this grant, in seconds; null where it does not. */
  lifetimePath: path.nullable(),
  /** Where it differs from the token endpoint. */
  endpoint: url.optional(),
  /** Further parameters, instead of the token request's. A value replaces what the standard gives for the same name. */
  parameters: words.optional(),
  /** How long an old refresh token goes on working after a rotation. */
  overlapSeconds: z.int().positive().optional(),
  /** Renew the access token when less than this is left of it, where the vendor advises. */
  earlySeconds: z.int().positive().optional(),
  /** The vendor is known to say `invalid_grant` of a living grant: ask again after this long before believing it. */
  confirmRefusalAfterSeconds: z.int().positive().optional(),
})

/** The person's id, in the token answer. */
const accountInToken = z.strictObject({ from: z.literal('token'), path })

/** The person's id, by a request with the access token. */
const accountByRequest = z.strictObject({
  from: z.literal('request'),
  url,
  path,
  headers: z.record(z.string().min(1), template).optional(),
})

/** Where the person's id at the vendor is found. */
const account = z.discriminatedUnion('from', [
  accountInToken,
  /** A claim of the ID token or of the access token (a JWT), which came from the token endpoint itself, over TLS. */
  z.strictObject({ from: z.literal('idToken'), claim: path }),
  z.strictObject({ from: z.literal('accessToken'), claim: path }),
  accountByRequest,
])

/** Where the vendor lists what the person allowed, when neither callback nor token answer does. */
const permissions = z.strictObject({
  url,
  /** The list of granted values. */
  path,
  /** The list may be stale right after the consent: so often it is asked for again while it is empty. */
  triesWhenEmpty: z.int().min(1).max(5),
})

/** A step between the exchange and the connection. Without its success there is no connection. */
const afterConnect = vendorCall.extend({
  /** Statuses that mean that it was done before. */
  doneStatuses: z.array(z.int()),
  /** Statuses that mean that the person must agree to something at the vendor first. */
  consentMissingStatuses: z.array(z.int()),
})

/** Where a person can remove the application at the vendor, for when that is not done by us. */
const removeAt = url.optional()

/** The vendor's own call. */
const revocationRequest = vendorCall.extend({
  kind: z.literal('request'),
  reach: z.enum(['token', 'account']),
  removeAt,
  goneStatuses: z.array(z.int()),
  /** Whether the access token must be fresh, so that an expired one is renewed before. */
  needsFreshToken: z.boolean(),
})

/** The vendor offers none; the person can remove the application there. */
const noRevocation = z.strictObject({ kind: z.literal('unsupported'), removeAt })

/** How a grant is ended at the vendor. `reach` tells whether it ends one token or every grant of the account to us. */
const revocation = z.discriminatedUnion('kind', [
  /** RFC 7009, with the refresh token where there is one. */
  z.strictObject({
    kind: z.literal('token'),
    reach: z.enum(['token', 'account']),
    removeAt,
    endpoint: url,
    clientAuthentication: z.enum([...clientAuthentication.options, 'none']),
    sendTypeHint: z.boolean(),
    /** Statuses that mean that the grant had ended before. */
    goneStatuses: z.array(z.int()),
  }),
  revocationRequest,
  /** One that data cannot describe: the definition's file brings the function, the data brings its addresses. */
  z.strictObject({
    kind: z.literal('hook'),
    reach: z.enum(['token', 'account']),
    removeAt,
    endpoints: z.record(z.string(), url),
  }),
  noRevocation,
])

/** Calls to the vendor's interface with a grant. */
const api = z.strictObject({
  /** What a path is put behind; nothing else is ever called with a token. */
  baseUrl: url,
  headers: z.record(z.string().min(1), template),
})

const common = {
  /** Stands in the callback path, so it is registered at the vendor and never changes. */
  vendor: key,
  name: z.string().min(1),
  /** An ended one is used only by an application that names it. */
  status: z.enum(['live', 'ended']),
  statusNote: z.string().min(1).nullable(),
  /** `sandbox`: the vendor's own test system, with made-up people. */
  environment: z.enum(['production', 'sandbox']).optional(),
  /** Where the vendor keeps accounts of one part of the world apart: what the person chooses by. */
  region: z.strictObject({ key, label: z.string().min(1) }).optional(),
  /** Empty where the vendor knows none. */
  scopes: z.array(scope),
  /** Between two scopes, wherever this vendor lists some. */
  scopeSeparator: z.enum([' ', ',']),
  account,
  permissions: permissions.optional(),
  afterConnect: z.array(afterConnect).optional(),
  revocation,
  api: api.optional(),
  /** Each of them holds. Background renewals keep to a share of those per client. */
  rateLimits: z.array(rateLimit).min(1).optional(),
  notifications: notifications.optional(),
  registration: registration.optional(),
  documentation,
}

/** OAuth 2.0, the authorization code grant. */
export const oauth2Authorization = z.strictObject({
  ...common,
  protocol: z.literal('oauth2').optional(),
  authorizationRequest,
  authorizationResponse,
  tokenRequest,
  tokenResponse,
  refresh,
})

/** OAuth 1.0a (RFC 5849), three legs, HMAC-SHA1. Tokens do not expire. Calls with a grant are signed with its token. */
export const oauth1Authorization = z.strictObject({
  ...common,
  protocol: z.literal('oauth1'),
  account: z.discriminatedUnion('from', [
    accountInToken,
    accountByRequest,
    /** The vendor has no id for the person: a digest of the token stands for it. */
    z.strictObject({ from: z.literal('tokenDigest') }),
  ]),
  /** RFC 5849 knows none, so it is the vendor's own call. */
  revocation: z.discriminatedUnion('kind', [revocationRequest, noRevocation]),
  /** Where the protocol's parameters of the two token requests stand; in the Authorization header when missing. */
  parametersIn: z.enum(['header', 'body']).optional(),
  temporaryCredentialEndpoint: url,
  authorizationEndpoint: url,
  tokenEndpoint: url,
  /** Where the callback is told: with the temporary credentials (RFC 5849 §2.1), or on the authorization URL. */
  callbackIn: z.enum(['temporary_credentials', 'authorization_url']),
  /** A signed call that gives an OAuth 2.0 grant for this one, and the authorization whose grant that is. */
  exchange: z.strictObject({ url: urlTemplate, vendor: key }).optional(),
})
