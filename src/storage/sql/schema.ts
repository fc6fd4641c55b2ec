import type { Generated } from 'kysely'
import type { Attempt } from '../../model/attempt.ts'
import type { AuditEntry } from '../../model/audit.ts'
import type { Connection } from '../../model/connection.ts'
import type { EndUser } from '../../model/end-user.ts'
import type { Event } from '../../model/event.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import type { ApplicationId } from '../../model/ids.ts'
import type { Device, Pairing } from '../../model/pairing.ts'
import type { Revocation } from '../../model/revocation.ts'
import type { Session } from '../../model/session.ts'
import type { StoredClient } from '../../model/stored-client.ts'
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
export type RevocationRow = Revocation
/** `types` is a JSON array. */
export type WebhookEndpointRow = Stored<WebhookEndpoint, { types: string | null }>
export type WebhookSecretRow = WebhookSecret
/** `attempts` is a JSON array. */
export type WebhookDeliveryRow = Stored<Delivery, { attempts: string }>
/** `scopes` is a JSON array. */
export type ClientRow = Stored<StoredClient, { scopes: string | null }>
export type AuditRow = Stored<AuditEntry, { sequence: Generated<number> }>

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
  readonly revocations: RevocationRow
  readonly redirectUris: RedirectUriRow
  readonly clients: ClientRow
  readonly webhookEndpoints: WebhookEndpointRow
  readonly webhookSecrets: WebhookSecretRow
  readonly webhookDeliveries: WebhookDeliveryRow
  readonly webhookLanes: WebhookLaneRow
  readonly pairings: Pairing
  readonly devices: Device
  readonly tallies: Tally
  readonly settings: SettingRow
  readonly auditEntries: AuditRow
  readonly idempotencyKeys: IdempotencyRow
}

/**
 * All columns of a row, for inserts and selects. Written as a record, so that the compiler finds one that is missing.
 * Selecting by name, and not `*`, lets an older process run beside a newer schema that has more columns.
 */
const columnsOf = <Row>(columns: Readonly<Record<keyof Row & string, true>>) =>
  Object.freeze(Object.keys(columns)) as readonly (keyof Row & string)[] // the record has exactly these keys

export const endUserColumns = columnsOf<EndUserRow>({
  id: true,
  applicationId: true,
  alias: true,
  language: true,
  heightCm: true,
  weightKg: true,
  birthdate: true,
  gender: true,
  createdAt: true,
  deleteAt: true,
})

export const sessionColumns = columnsOf<SessionRow>({
  lookup: true,
  tokenHash: true,
  applicationId: true,
  endUserId: true,
  locale: true,
  allowedSources: true,
  redirectUri: true,
  label: true,
  createdAt: true,
  expiresAt: true,
  endedAt: true,
})

export const attemptColumns = columnsOf<AttemptRow>({
  id: true,
  applicationId: true,
  endUserId: true,
  sessionLookup: true,
  sourceId: true,
  vendor: true,
  action: true,
  redirectEntry: true,
  redirectQuery: true,
  locale: true,
  stateHash: true,
  sealedRequestToken: true,
  status: true,
  connected: true,
  error: true,
  cause: true,
  connectionId: true,
  createdAt: true,
  expiresAt: true,
  returnedAt: true,
  finishedAt: true,
})

export const heldGrantColumns = columnsOf<HeldGrantRow>({
  attemptId: true,
  applicationId: true,
  endUserId: true,
  vendor: true,
  awaits: true,
  proofHash: true,
  accountId: true,
  sealed: true,
  createdAt: true,
  expiresAt: true,
  releasedAt: true,
})

export const connectionColumns = columnsOf<ConnectionRow>({
  id: true,
  applicationId: true,
  endUserId: true,
  sourceId: true,
  vendor: true,
  accountId: true,
  status: true,
  disconnectedBy: true,
  grantedScopes: true,
  missingScopes: true,
  sealedTokens: true,
  accessExpiresAt: true,
  refreshExpiresAt: true,
  version: true,
  connectedAt: true,
  updatedAt: true,
  disconnectedAt: true,
})

export const eventColumns = columnsOf<Omit<EventRow, 'sequence'>>({
  id: true,
  applicationId: true,
  type: true,
  endUserId: true,
  endUserAlias: true,
  sourceId: true,
  connectionId: true,
  detail: true,
  lane: true,
  createdAt: true,
})

export const revocationColumns = columnsOf<RevocationRow>({
  id: true,
  applicationId: true,
  connectionId: true,
  sourceId: true,
  vendor: true,
  accountId: true,
  sealedTokens: true,
  status: true,
  tries: true,
  nextTryAt: true,
  leaseOwner: true,
  leaseUntil: true,
  cause: true,
  createdAt: true,
  finishedAt: true,
})

export const clientColumns = columnsOf<ClientRow>({
  applicationId: true,
  vendor: true,
  clientId: true,
  scopes: true,
  sealedSecrets: true,
  createdAt: true,
  updatedAt: true,
})

export const webhookEndpointColumns = columnsOf<WebhookEndpointRow>({
  id: true,
  applicationId: true,
  url: true,
  types: true,
  timestampType: true,
  format: true,
  managedBy: true,
  status: true,
  disabledReason: true,
  position: true,
  failingSince: true,
  pausedUntil: true,
  createdAt: true,
  updatedAt: true,
})

export const webhookSecretColumns = columnsOf<WebhookSecretRow>({
  id: true,
  applicationId: true,
  endpointId: true,
  sealedSecret: true,
  createdAt: true,
})

export const webhookDeliveryColumns = columnsOf<WebhookDeliveryRow>({
  endpointId: true,
  applicationId: true,
  sequence: true,
  eventId: true,
  lane: true,
  status: true,
  tries: true,
  attempts: true,
  createdAt: true,
  finishedAt: true,
})

export const pairingColumns = columnsOf<Pairing>({
  applicationId: true,
  handle: true,
  codeHash: true,
  attemptId: true,
  tries: true,
  createdAt: true,
  expiresAt: true,
})

export const deviceColumns = columnsOf<Device>({
  tokenHash: true,
  applicationId: true,
  endUserId: true,
  connectionId: true,
  createdAt: true,
  reportedAt: true,
})

export const auditColumns = columnsOf<Omit<AuditRow, 'sequence'>>({
  at: true,
  actor: true,
  applicationId: true,
  action: true,
  object: true,
  result: true,
  requestId: true,
})
