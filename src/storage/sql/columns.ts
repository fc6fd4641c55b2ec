import type { HistoryEntry } from '../../model/history.ts'
import type { NotificationAddress } from '../../model/inbound.ts'
import type { Device, Pairing } from '../../model/pairing.ts'
import type {
  AttemptRow,
  ClientRow,
  ConnectionRow,
  DeletionRow,
  EndUserRow,
  EventRow,
  HeldGrantRow,
  InboundRow,
  RenewalRow,
  RevocationRow,
  SessionRow,
  SubscriptionRow,
  WebhookDeliveryRow,
  WebhookEndpointRow,
  WebhookSecretRow,
} from './schema.ts'

/**
 * All columns of a row, for inserts and selects. Written as a record, so that the compiler finds one that is missing.
 * Selecting by name, and not `*`, lets an older process run beside a newer schema that has more columns.
 */
export const columnsOf = <Row>(columns: Readonly<Record<keyof Row & string, true>>) =>
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
  shareKey: true,
  disconnectedBy: true,
  reauthReason: true,
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

export const historyColumns = columnsOf<HistoryEntry>({
  applicationId: true,
  connectionId: true,
  step: true,
  detail: true,
  at: true,
})

export const renewalColumns = columnsOf<RenewalRow>({
  connectionId: true,
  applicationId: true,
  vendor: true,
  dueAt: true,
  leaseOwner: true,
  leaseUntil: true,
  isOpen: true,
  tries: true,
  refusedAt: true,
  cause: true,
})

export const inboundColumns = columnsOf<InboundRow>({
  id: true,
  applicationId: true,
  vendor: true,
  dedupeKey: true,
  sealedBody: true,
  isAuthentic: true,
  status: true,
  tries: true,
  nextTryAt: true,
  leaseOwner: true,
  leaseUntil: true,
  cause: true,
  receivedAt: true,
  finishedAt: true,
})

export const notificationAddressColumns = columnsOf<NotificationAddress>({
  applicationId: true,
  vendor: true,
  generation: true,
  changedAt: true,
  sealedSecret: true,
})

export const subscriptionColumns = columnsOf<SubscriptionRow>({
  id: true,
  applicationId: true,
  vendor: true,
  connectionId: true,
  owner: true,
  topic: true,
  status: true,
  remoteId: true,
  generation: true,
  expiresAt: true,
  dueAt: true,
  tries: true,
  leaseOwner: true,
  leaseUntil: true,
  cause: true,
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
  accessExpiresAt: true,
  status: true,
  tries: true,
  nextTryAt: true,
  leaseOwner: true,
  leaseUntil: true,
  sendingUntil: true,
  accountDigest: true,
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

export const deletionColumns = columnsOf<DeletionRow>({
  applicationId: true,
  subjectHash: true,
  requestedBy: true,
  requestedAt: true,
  deleteAt: true,
  erasedAt: true,
  erased: true,
  revocationIds: true,
})
