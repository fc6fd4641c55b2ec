import type { Generated } from 'kysely'
import type { AppearanceLogo, AppearancePreview } from '../../model/appearance.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { AuditChain, ChainedEntry } from '../../model/audit.ts'
import type { Connection } from '../../model/connection.ts'
import type { Deletion } from '../../model/deletion.ts'
import type { EndUser } from '../../model/end-user.ts'
import type { Event } from '../../model/event.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import type { HistoryEntry } from '../../model/history.ts'
import type { ApplicationId } from '../../model/ids.ts'
import type { InboundNotification, NotificationAddress } from '../../model/inbound.ts'
import type { Device, Pairing } from '../../model/pairing.ts'
import type { Renewal } from '../../model/renewal.ts'
import type { Revocation } from '../../model/revocation.ts'
import type { Session } from '../../model/session.ts'
import type { StoredClient } from '../../model/stored-client.ts'
import type { Subscription } from '../../model/subscription.ts'
import type { Tally } from '../../model/tally.ts'
import type { Delivery, WebhookEndpoint, WebhookSecret } from '../../model/webhook.ts'

/** A model as its row holds it: the same fields, some of them in another form. */
type Stored<Model, Columns> = Omit<Model, keyof Columns> & Readonly<Columns>

export type EndUserRow = EndUser
/** `allowedSources` is a JSON array. */
export type SessionRow = Stored<Session, { allowedSources: string | null }>
/** `connected` is 0 or 1: SQLite has no boolean. */
export type AttemptRow = Stored<Attempt, { connected: number | null }>
export type HeldGrantRow = HeldGrant
/** The scopes are JSON arrays. */
export type ConnectionRow = Stored<Connection, { grantedScopes: string; missingScopes: string }>
/** `detail` is a JSON object; `endUserId` is empty for what concerns no person. */
export type EventRow = Stored<Event, { endUserId: string; detail: string; sequence: Generated<number> }>
/** The last event of an application that is kept no longer. */
export interface FeedHorizonRow {
  readonly applicationId: ApplicationId
  readonly sequence: number
}
export type HistoryRow = HistoryEntry & { readonly sequence: Generated<number> }
/** `isOpen` is 0 or 1. */
export type RenewalRow = Stored<Renewal, { isOpen: number }>
export type RevocationRow = Revocation
/** `owner` is the connection's id or empty. */
export type SubscriptionRow = Subscription & { readonly owner: string }
/** `isAuthentic` is 0 or 1. */
export type InboundRow = Stored<InboundNotification, { isAuthentic: number }>
/** `types` is a JSON array. */
export type WebhookEndpointRow = Stored<WebhookEndpoint, { types: string | null }>
export type WebhookSecretRow = WebhookSecret
/** `attempts` is a JSON array. */
export type WebhookDeliveryRow = Stored<Delivery, { attempts: string }>
/** A logo in three columns, all of them null for none, and the one for the dark theme in three more. Contents are base64. */
export interface LogoColumns {
  readonly logoDigest: string | null
  readonly logoType: AppearanceLogo['mediaType'] | null
  readonly logo: string | null
  readonly darkLogoDigest: string | null
  readonly darkLogoType: AppearanceLogo['mediaType'] | null
  readonly darkLogo: string | null
}
/** `settings` is a JSON object; null for none. */
export interface AppearanceRow extends LogoColumns {
  readonly applicationId: ApplicationId
  readonly settings: string | null
  readonly revision: string
  readonly createdAt: number
  readonly updatedAt: number
}
/** `settings` is a JSON object. */
export type AppearancePreviewRow = Omit<AppearancePreview, 'settings' | 'logo' | 'darkLogo'> &
  LogoColumns & { readonly settings: string }
/** `scopes` is a JSON array. */
export type ClientRow = Stored<StoredClient, { scopes: string | null }>
/** `erased` is a JSON object, `revocationIds` a JSON array. */
export type DeletionRow = Stored<Deletion, { erased: string | null; revocationIds: string }>
export type AuditRow = Stored<ChainedEntry, { sequence: Generated<number> }>
/** `applicationId` is empty for the service's own chain. */
export type AuditChainRow = Stored<AuditChain, { applicationId: string }>

export interface RedirectUriRow {
  readonly applicationId: ApplicationId
  readonly uri: string
  readonly createdAt: number
}

export interface WebhookLaneRow {
  readonly endpointId: string
  readonly applicationId: ApplicationId
  readonly lane: string
  readonly nextTryAt: number
  readonly leaseOwner: string | null
  readonly leaseUntil: number | null
}

export interface SettingRow {
  readonly name: string
  readonly value: string
}

export interface IdempotencyRow {
  readonly applicationId: ApplicationId
  readonly key: string
  readonly requestHash: string
  readonly status: number | null
  readonly body: string | null
  readonly createdAt: number
}

/** The tables. Names are those of the model here, and in snake case in the database (`end_users.created_at`). */
export interface Schema {
  readonly endUsers: EndUserRow
  readonly sessions: SessionRow
  readonly attempts: AttemptRow
  readonly heldGrants: HeldGrantRow
  readonly connections: ConnectionRow
  readonly events: EventRow
  readonly feedHorizons: FeedHorizonRow
  readonly revocations: RevocationRow
  readonly renewals: RenewalRow
  readonly history: HistoryRow
  readonly inboundNotifications: InboundRow
  readonly notificationAddresses: NotificationAddress
  readonly notificationSubscriptions: SubscriptionRow
  readonly redirectUris: RedirectUriRow
  readonly clients: ClientRow
  readonly appearances: AppearanceRow
  readonly appearancePreviews: AppearancePreviewRow
  readonly webhookEndpoints: WebhookEndpointRow
  readonly webhookSecrets: WebhookSecretRow
  readonly webhookDeliveries: WebhookDeliveryRow
  readonly webhookLanes: WebhookLaneRow
  readonly pairings: Pairing
  readonly devices: Device
  readonly tallies: Tally
  readonly deletions: DeletionRow
  readonly settings: SettingRow
  readonly auditEntries: AuditRow
  readonly auditChains: AuditChainRow
  readonly idempotencyKeys: IdempotencyRow
}
