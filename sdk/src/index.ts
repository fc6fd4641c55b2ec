/**
 * Client for a Springbar service, or another that answers the same calls.
 *
 * @module @springbar/sdk — owns the calls of an application's backend, the links to the direct pages, the reading
 * of a return URL, the check of webhooks, and the wire types. It has no dependency and uses nothing but what the web platform gives
 * (`fetch`, `URL`, `TextEncoder`, `btoa`, WebCrypto), so it runs in Node, Deno, Bun, workers and browsers. Credentials belong
 * on a backend: in a browser use `readResult` and the links alone.
 */
export type { ConnectionSession, EndUser, RedeemedResult } from './answers.ts'
export type {
  Appearance,
  AppearanceCalls,
  AppearanceColours,
  AppearancePreview,
  LogoFile,
  LogoOptions,
  NewAppearance,
} from './appearance.ts'
export type { DataSource } from './arguments.ts'
export type { Attempt, AttemptCalls } from './attempts.ts'
export type { CatalogueSource, MissingReason, SourceAuthorization, VendorClient } from './catalogue.ts'
export type {
  Connection,
  ConnectionCalls,
  ConnectionDetail,
  ConnectionStep,
  Revocation,
  VendorToken,
} from './connections.ts'
export type { ClientChoice, NewVendorClient, NotificationAddress } from './data-sources.ts'
export type { ClientDisconnectLink, ClientLink } from './direct.ts'
export type { EndUserChanges } from './end-users.ts'
export {
  type CredentialHeader,
  SpringbarError,
  type SpringbarErrorCode,
  type SpringbarErrorDetails,
} from './errors.ts'
export type { EventData, EventType, SpringbarEvent } from './event.ts'
export type { EventCalls, FeedEvent, FeedPage, FollowOptions } from './events.ts'
export {
  type ConnectLinkOptions,
  connectUrl,
  type DisconnectLinkOptions,
  disconnectUrl,
  type LinkOptions,
} from './links.ts'
export {
  createPhoneClient,
  type PairedPhone,
  type PairingDetails,
  type PhoneClient,
  type PhoneClientOptions,
  type PhoneConnection,
  type PhonePermissions,
} from './phone.ts'
export type { ProxyCalls, VendorRequest } from './proxy.ts'
export type {
  AddedRedirectUri,
  ListedRedirectUri,
  RedirectUriCalls,
  RedirectUriCheck,
} from './redirect-uris.ts'
export type { CallOptions, Fetch } from './request.ts'
export { type Action, type ConnectionResult, readResult } from './result.ts'
export { createSpringbarClient, type SpringbarClient, type SpringbarClientOptions } from './server.ts'
export type * from './types.ts'
export type {
  DeletionReceipt,
  NewSession,
  Session,
  SessionLink,
  User,
  UserCalls,
  UserChanges,
  UserExport,
} from './users.ts'
export type {
  CreatedWebhook,
  Delivery,
  DeliveryAttempt,
  DeliveryPage,
  Replay,
  Webhook,
  WebhookCalls,
  WebhookSecret,
  WebhookWish,
} from './webhook-endpoints.ts'
export { type NodeRequest, type ReceivedWebhook, verifyWebhook, type WebhookCheck } from './webhooks.ts'
