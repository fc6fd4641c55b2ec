/**
 * OAuth towards vendors, from the consent page's address to the end of a grant: the authorization code flow of OAuth 2.0,
 * and in the files `oauth1-….ts` the three legs of OAuth 1.0a.
 *
 * @module oauth — owns the protocol: what is sent to a vendor, what is believed of its answers, and how its failures are
 * told apart. It knows no route, no table and no vendor: what differs between vendors is data of the definition, or a
 * hook that comes with it. It keeps nothing; time and `fetch` come with each call, and `fetch` is a guarded one.
 */
export { asksAccount, findAccountAgain } from './account.ts'
export { runAfterConnect } from './after-connect.ts'
export { type AuthorizationRequest, buildAuthorizationUrl } from './authorization.ts'
export { type AuthorizationResponse, readAuthorizationResponse } from './callback.ts'
export { checkTemplates } from './check-templates.ts'
export { unwrapEnvelope } from './conform.ts'
export type { Grant, Tokens } from './grant.ts'
export {
  createGuardedFetch,
  type GuardedFetchOptions,
  type VendorFetch,
  type VendorRequest,
} from './guarded-fetch.ts'
export { createGuardedStream, type GuardedStreamOptions } from './guarded-stream.ts'
export type { Credentials, LogInAnswer, LogInHook, LogInHooks, LogInRefusal } from './log-in.ts'
export {
  type Authenticity,
  judgeAuthenticity,
  type NotificationRequest,
} from './notification-authenticity.ts'
export {
  type DataSpan,
  parseNotification,
  readVendorEvents,
  type VendorEvent,
} from './notification-events.ts'
export { answerHandshake, type NotificationAnswer, probeOf } from './notification-handshake.ts'
export { type NotificationSecrets, notificationSecret } from './notification-secret.ts'
export { type ExchangedGrant, exchangeGeneration, type Generations } from './oauth1-exchange.ts'
export {
  type AnyGrant,
  type AnyTokens,
  asksOAuth1Account,
  exchangeVerifier,
  findOAuth1AccountAgain,
  type OAuth1Callback,
  type OAuth1Grant,
  type OAuth1Tokens,
  oauth1AuthorizationUrl,
  readOAuth1Callback,
  requestTemporaryCredentials,
} from './oauth1-grant.ts'
export { type OAuth1Context, type OAuth1Token, signedHeader } from './oauth1-request.ts'
export { revokeOAuth1Grant } from './oauth1-revocation.ts'
export { askForPermissions } from './permissions.ts'
export { codeChallenge } from './pkce.ts'
export {
  type DetachedSignature,
  fetchPublishedKeys,
  isSignedBy,
  type PublishedKeys,
  readDetachedSignature,
} from './published-keys.ts'
export { type RefreshableGrant, type RefreshedGrant, refreshGrant } from './refresh.ts'
export {
  type RevocableGrant,
  type RevocationHook,
  type RevocationHooks,
  type Revoked,
  revokeGrant,
} from './revocation.ts'
export { requestedScopes } from './scopes.ts'
export {
  renewSubscription,
  type Subscriber,
  type SubscriptionWords,
  subscribe,
  unsubscribe,
} from './subscription-call.ts'
export { fillApiHeaders } from './template.ts'
export { type CodeExchange, exchangeCode } from './token.ts'
export { readJsonObject, readRetryAfter, requireAvailable, type VendorContext } from './vendor-answer.ts'
export { VendorError, type VendorErrorCause, type VendorErrorKind } from './vendor-error.ts'
