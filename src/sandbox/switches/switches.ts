/**
 * What can be set differently for a while, vendor by vendor.
 *
 * @module sandbox/switches — owns the list of switches with their values and defaults, the board that holds what was
 * changed, and what a switch does to a vendor's rules (`play-vendor.ts`). The engine reads rules; it asks a switch only
 * where there is no rule to change.
 */
import { z } from 'zod'
import { HANDSHAKES } from '../rules/events.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'

const seconds = z
  .int()
  .min(0)
  .max(SANDBOX_LIMITS.clockStepMs / 1_000)
const status = z.int().min(200).max(599)

/** `vendor` is always: as the vendor's own rules say. */
export const switchesSchema = z.strictObject({
  /** What everything of the vendor does. */
  condition: z.enum(['normal', 'down', 'slow', 'rubbish']),

  /** What the person does on the consent page: decide there, or at once and without looking. */
  consent: z.enum(['ask', 'allow', 'cancel', 'untick-one', 'untick-all', 'problem']),
  /** Key of the person who decides without looking; null: the first one. */
  consentAccount: z.string().min(1).max(100).nullable(),
  cancelDescription: z.enum(['vendor', 'with', 'without']),
  /** What unticking everything gives. */
  untickedAll: z.enum(['cancel', 'empty']),
  issuer: z.enum(['vendor', 'own', 'none', 'wrong']),
  callbackAppend: z.enum(['vendor', 'standard', 'naive']),
  stateMinCharacters: z.int().min(0).max(1_000),
  /** Redirect URIs on localhost or an IP address, at vendors that refuse them. */
  allowLocalhost: z.boolean(),
  redirectUriMatch: z.enum(['vendor', 'exact', 'host']),
  pkce: z.enum(['vendor', 'ignored', 'optional', 'required']),
  /** Whether a person who agreed before gets a refresh token again. */
  refreshTokenAgain: z.enum(['vendor', 'always', 'first-consent-only', 'with-prompt-consent']),

  clientAuthentication: z.enum(['vendor', 'basic', 'post', 'both', 'none']),
  tokenRedirectUri: z.enum(['vendor', 'required', 'if-sent', 'ignored', 'forbidden']),
  tokenFormat: z.enum(['vendor', 'form', 'json', 'query']),
  /** A header that token calls must carry. */
  requiredHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/)
    .nullable(),
  /** A parameter that token calls must carry, as `name=value`. */
  requiredParameter: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,60}=[\x21-\x7e]{1,100}$/)
    .nullable(),
  codeLifetimeSeconds: seconds,
  /** A code is spent by a token call that fails. */
  burnCodeOnFailedTry: z.boolean(),
  errorShape: z.enum([
    'vendor',
    'rfc6749',
    'errors-list',
    'status-title-detail',
    'status-in-200',
    'result-message',
    'not-found',
    'html',
    'plain-text',
  ]),
  envelope: z.enum(['vendor', 'status-body', 'data']),
  /** Null: does not expire. */
  accessTokenLifetimeSeconds: seconds.nullable(),
  expiresInAs: z.enum(['vendor', 'number', 'string', 'absent']),
  /** Adds `expires_at`, in epoch seconds. */
  expiresAt: z.boolean(),
  /** Adds `refresh_token_expires_in`. */
  refreshExpiresIn: z.boolean(),
  userIdAs: z.enum(['string', 'number', 'beyond-2^53', 'absent']),
  scopeInAnswer: z.enum(['vendor', 'space', 'comma', 'absent']),

  refresh: z.enum([
    'vendor',
    'rotating',
    'overlapping',
    'stable',
    'same-while-fresh',
    'sometimes',
    'extending',
    'none',
  ]),
  /** Null: as the vendor's own rules say. */
  refreshTokenLifetimeSeconds: seconds.nullable(),
  /** A refresh token that is used twice ends the whole grant. */
  endGrantOnRefreshReuse: z.boolean(),
  /** A refresh token is given only with this scope. */
  refreshTokenNeedsScope: z.string().min(1).max(200).nullable(),
  /** Null: as many as there are. */
  liveAccessTokens: z.int().min(1).max(1_000).nullable(),

  /** How many reads of the permissions give an empty list after each consent. */
  stalePermissionReads: z.int().min(0).max(20),
  /** The person has not agreed to what the vendor demands: steps after connecting are refused. */
  consentMissing: z.boolean(),
  /** The account is registered already: steps after connecting say so. */
  registeredBefore: z.boolean(),
  /** What data calls answer; null: data. */
  dataStatus: z.int().min(400).max(599).nullable(),

  revocation: z.enum(['vendor', 'missing']),
  revocationAuthentication: z.enum(['vendor', 'bearer', 'basic', 'post', 'none']),
  revocationMethod: z.enum(['vendor', 'GET', 'POST', 'DELETE']),
  revocationReach: z.enum(['vendor', 'token', 'account']),
  /** What ending a grant answers, and what ending an ended one does. Null: as the vendor's own rules say. */
  revocationStatus: status.nullable(),
  revocationGoneStatus: status.nullable(),

  /** OAuth 1.0a: what is said of the callback when a request token is given (RFC 5849 §2.1). */
  callbackConfirmed: z.enum(['vendor', 'false', 'absent']),
  requestTokenLifetimeSeconds: seconds,
  /** When the vendor forgets a request token: before the person decides, or after. */
  requestTokenLost: z.enum(['never', 'before-consent', 'after-consent']),
  /** What the way back carries when the person says no; `no-way-back`: they stay at the vendor. */
  denial: z.enum(['vendor', 'no-verifier', 'null-verifier', 'oauth-problem', 'denied', 'no-way-back']),
  /** What the way back carries when the person says yes. */
  verifier: z.enum(['vendor', 'wrong', 'absent']),
  callbackToken: z.enum(['vendor', 'other', 'absent']),
  /** Whether signatures are looked at, or every signed request is refused, and in which word. */
  signedRequests: z.enum([
    'verified',
    'signature_invalid',
    'timestamp_refused',
    'nonce_used',
    'consumer_key_unknown',
    'token_rejected',
  ]),

  /** What a log-in with the right password comes to, where there is no consent page. */
  logIn: z.enum([
    'vendor',
    'wrong-password',
    'terms',
    'privacy',
    'extra-step',
    'locked',
    'odd-region',
    'endless-regions',
    'unknown-status',
  ]),

  /** What becomes of events: sent at once, held until they are released, or never made. */
  events: z.enum(['send', 'hold', 'off']),
  /** Whether what the application ended is told too. */
  eventEcho: z.enum(['vendor', 'on', 'off']),
  eventCopies: z.int().min(1).max(20),
  eventFormat: z.enum(['vendor', 'json', 'form']),
  eventBatch: z.enum(['vendor', 'single', 'array']),
  eventSignature: z.enum([
    'vendor',
    'none',
    'sha1-base64-amp',
    'sha256-hex',
    'sha256-HEX',
    'sha256-base64',
    'timed',
  ]),
  /** Signed with another key. */
  eventSignatureWrong: z.boolean(),
  /** How old the time in the event is. */
  eventAgeSeconds: seconds,
  eventHandshake: z.enum(['vendor', ...HANDSHAKES]),
})

/** The switches of one vendor. */
export type Switches = Readonly<z.infer<typeof switchesSchema>>

/** Some switches, for the control API: an unknown one or a wrong value is refused. */
export const switchChangeSchema = switchesSchema.partial()

/** What a vendor's file does not say otherwise. */
export const DEFAULT_SWITCHES: Switches = Object.freeze({
  condition: 'normal',
  consent: 'ask',
  consentAccount: null,
  cancelDescription: 'vendor',
  untickedAll: 'cancel',
  issuer: 'vendor',
  callbackAppend: 'vendor',
  stateMinCharacters: 0,
  allowLocalhost: true,
  redirectUriMatch: 'vendor',
  pkce: 'vendor',
  refreshTokenAgain: 'vendor',
  clientAuthentication: 'vendor',
  tokenRedirectUri: 'vendor',
  tokenFormat: 'vendor',
  requiredHeader: null,
  requiredParameter: null,
  codeLifetimeSeconds: 600,
  burnCodeOnFailedTry: false,
  errorShape: 'vendor',
  envelope: 'vendor',
  accessTokenLifetimeSeconds: 3_600,
  expiresInAs: 'vendor',
  expiresAt: false,
  refreshExpiresIn: false,
  userIdAs: 'string',
  scopeInAnswer: 'vendor',
  refresh: 'vendor',
  refreshTokenLifetimeSeconds: null,
  endGrantOnRefreshReuse: false,
  refreshTokenNeedsScope: null,
  liveAccessTokens: null,
  stalePermissionReads: 0,
  consentMissing: false,
  registeredBefore: false,
  dataStatus: null,
  revocation: 'vendor',
  revocationAuthentication: 'vendor',
  revocationMethod: 'vendor',
  revocationReach: 'vendor',
  revocationStatus: null,
  revocationGoneStatus: null,
  callbackConfirmed: 'vendor',
  requestTokenLifetimeSeconds: 900,
  requestTokenLost: 'never',
  denial: 'vendor',
  verifier: 'vendor',
  callbackToken: 'vendor',
  signedRequests: 'verified',
  logIn: 'vendor',
  events: 'send',
  eventEcho: 'vendor',
  eventCopies: 1,
  eventFormat: 'vendor',
  eventBatch: 'vendor',
  eventSignature: 'vendor',
  eventSignatureWrong: false,
  eventAgeSeconds: 0,
  eventHandshake: 'vendor',
})
