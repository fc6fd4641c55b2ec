// Rows of an application of the test's own, so that tests share a database without meeting.
import {
  type AppearanceLogo,
  type AppearancePreview,
  type AppearanceSettings,
  PLAIN_SETTINGS,
} from '../../src/model/appearance.ts'
import { type Attempt, newAttemptId } from '../../src/model/attempt.ts'
import type { ChainedEntry } from '../../src/model/audit.ts'
import type { Connection } from '../../src/model/connection.ts'
import type { Deletion } from '../../src/model/deletion.ts'
import type { EndUser } from '../../src/model/end-user.ts'
import type { Event } from '../../src/model/event.ts'
import type { HeldGrant } from '../../src/model/held-grant.ts'
import type { HistoryEntry } from '../../src/model/history.ts'
import { type ApplicationId, asApplicationId, asConnectionId, asEndUserId } from '../../src/model/ids.ts'
import type { InboundNotification, NotificationAddress } from '../../src/model/inbound.ts'
import type { Device, Pairing } from '../../src/model/pairing.ts'
import type { Renewal } from '../../src/model/renewal.ts'
import type { Revocation } from '../../src/model/revocation.ts'
import type { Session } from '../../src/model/session.ts'
import type { StoredClient } from '../../src/model/stored-client.ts'
import type { Subscription } from '../../src/model/subscription.ts'
import type { WebhookEndpoint, WebhookSecret } from '../../src/model/webhook.ts'
import type { Storage, Tables } from '../../src/storage/storage.ts'
import { newHex } from './support.ts'

/** The instant at which the tests take place, in epoch milliseconds. */
export const NOW = Date.UTC(2026, 10, 22, 9, 0, 0)
export const MINUTE = 60_000

export const newApplication = (): ApplicationId => asApplicationId(`app-${newHex(8)}`)

export const newEndUser = (applicationId: ApplicationId, given: Partial<EndUser> = {}): EndUser => ({
  id: asEndUserId(newHex()),
  applicationId,
  alias: null,
  language: 'de',
  heightCm: null,
  weightKg: null,
  birthdate: null,
  gender: null,
  createdAt: NOW,
  deleteAt: null,
  ...given,
})

/** What belongs to an end user names them and their application. */
type Owner = Pick<EndUser, 'id' | 'applicationId'>

const ownedBy = ({ id, applicationId }: Owner) => ({ endUserId: id, applicationId })

export const newSession = (owner: Owner, given: Partial<Session> = {}): Session => ({
  ...ownedBy(owner),
  lookup: newHex(16),
  tokenHash: newHex(43),
  locale: null,
  allowedSources: null,
  redirectUri: null,
  label: null,
  createdAt: NOW,
  expiresAt: NOW + 60 * MINUTE,
  endedAt: null,
  ...given,
})

export const newAttempt = (owner: Owner, given: Partial<Attempt> = {}): Attempt => ({
  ...ownedBy(owner),
  id: newAttemptId(given.createdAt ?? NOW, (length) => Buffer.from(newHex(64), 'hex').subarray(0, length)),
  sessionLookup: newHex(16),
  sourceId: 11,
  vendor: 'strava',
  action: 'connect',
  redirectEntry: 'https://app.example.com/done',
  redirectQuery: null,
  locale: null,
  stateHash: newHex(43),
  sealedRequestToken: null,
  status: 'created',
  connected: null,
  error: null,
  cause: null,
  connectionId: null,
  createdAt: NOW,
  expiresAt: NOW + 15 * MINUTE,
  returnedAt: null,
  finishedAt: null,
  ...given,
})

export const newHeldGrant = (owner: Owner, given: Partial<HeldGrant> = {}): HeldGrant => ({
  ...ownedBy(owner),
  attemptId: newAttempt(owner).id,
  vendor: 'strava',
  awaits: 'application',
  proofHash: newHex(43),
  accountId: newHex(12),
  sealed: `v1.k1.${newHex(64)}`,
  createdAt: NOW,
  expiresAt: NOW + 10 * MINUTE,
  releasedAt: null,
  ...given,
})

export const newConnection = (owner: Owner, given: Partial<Connection> = {}): Connection => ({
  ...ownedBy(owner),
  id: asConnectionId(newHex()),
  sourceId: 11,
  vendor: 'strava',
  accountId: newHex(12),
  shareKey: '',
  status: 'active',
  disconnectedBy: null,
  reauthReason: null,
  grantedScopes: ['read', 'activity:read'],
  missingScopes: [],
  sealedTokens: `v1.k1.${newHex(64)}`,
  accessExpiresAt: NOW + 360 * MINUTE,
  refreshExpiresAt: null,
  version: 1,
  connectedAt: NOW,
  updatedAt: NOW,
  disconnectedAt: null,
  ...given,
})

export const newEvent = (owner: Owner, given: Partial<Event> = {}): Event => ({
  ...ownedBy(owner),
  id: newHex(),
  type: 'notification.source.connect',
  endUserAlias: null,
  sourceId: 11,
  connectionId: null,
  detail: {},
  lane: 'lane',
  createdAt: NOW,
  ...given,
})

export const newClient = (applicationId: ApplicationId, given: Partial<StoredClient> = {}): StoredClient => ({
  applicationId,
  vendor: 'strava',
  clientId: 'client',
  scopes: null,
  sealedSecrets: `v1.k1.${newHex(64)}`,
  createdAt: NOW,
  updatedAt: NOW,
  ...given,
})

/** What an application says about its look. */
export const newSettings = (given: Partial<AppearanceSettings> = {}): AppearanceSettings => ({
  ...PLAIN_SETTINGS,
  name: 'Morning Miles',
  texts: { de: { 'again.button': 'Noch einmal' } },
  ...given,
})

export const newLogo = (content = 'logo'): AppearanceLogo => ({
  mediaType: 'image/png',
  bytes: new TextEncoder().encode(content),
  digest: `digest of ${content}`,
})

export const newPreview = (
  applicationId: ApplicationId,
  given: Partial<AppearancePreview> = {},
): AppearancePreview => ({
  keyHash: newHex(43),
  applicationId,
  settings: newSettings(),
  logo: newLogo(),
  darkLogo: newLogo('dark'),
  createdAt: NOW,
  expiresAt: NOW + MINUTE,
  ...given,
})

export const newPairing = (applicationId: ApplicationId, given: Partial<Pairing> = {}): Pairing => ({
  applicationId,
  handle: newHex(8),
  codeHash: newHex(43),
  attemptId: newAttempt({ applicationId, id: asEndUserId(newHex()) }).id,
  tries: 0,
  createdAt: NOW,
  expiresAt: NOW + 15 * MINUTE,
  ...given,
})

export const newDeletion = (applicationId: ApplicationId, given: Partial<Deletion> = {}): Deletion => ({
  applicationId,
  subjectHash: newHex(43),
  requestedBy: 'application',
  requestedAt: NOW,
  deleteAt: NOW + MINUTE,
  erasedAt: null,
  erased: null,
  revocationIds: [],
  ...given,
})

/** A device of a connection. */
export const newDevice = (
  { id, applicationId, endUserId }: Connection,
  given: Partial<Device> = {},
): Device => ({
  tokenHash: newHex(43),
  applicationId,
  endUserId,
  connectionId: id,
  createdAt: NOW,
  reportedAt: NOW,
  ...given,
})

export const newRevocation = (applicationId: ApplicationId, given: Partial<Revocation> = {}): Revocation => ({
  id: newHex(),
  applicationId,
  connectionId: asConnectionId(newHex()),
  sourceId: 11,
  vendor: 'strava',
  accountId: newHex(12),
  sealedTokens: `v1.k1.${newHex(64)}`,
  accessExpiresAt: NOW + 360 * MINUTE,
  status: 'pending',
  tries: 0,
  nextTryAt: NOW,
  leaseOwner: null,
  leaseUntil: null,
  sendingUntil: null,
  accountDigest: null,
  cause: null,
  createdAt: NOW,
  finishedAt: null,
  ...given,
})

export const newEndpoint = (
  applicationId: ApplicationId,
  given: Partial<WebhookEndpoint> = {},
): WebhookEndpoint => ({
  id: newHex(),
  applicationId,
  url: `https://app.example.com/hooks/${newHex(8)}`,
  types: null,
  timestampType: 'unix',
  format: 'current',
  managedBy: 'api',
  status: 'enabled',
  disabledReason: null,
  position: 0,
  failingSince: null,
  pausedUntil: null,
  createdAt: NOW,
  updatedAt: NOW,
  ...given,
})

export const newWebhookSecret = (
  { id, applicationId }: Pick<WebhookEndpoint, 'id' | 'applicationId'>,
  given: Partial<WebhookSecret> = {},
): WebhookSecret => ({
  id: newHex(),
  applicationId,
  endpointId: id,
  sealedSecret: `v1.k1.${newHex(64)}`,
  createdAt: NOW,
  ...given,
})

export const newHistoryEntry = (
  { id, applicationId }: Pick<Connection, 'id' | 'applicationId'>,
  given: Partial<HistoryEntry> = {},
): HistoryEntry => ({ applicationId, connectionId: id, step: 'connected', detail: null, at: NOW, ...given })

export const newRenewal = (
  { id, applicationId, vendor }: Pick<Connection, 'id' | 'applicationId' | 'vendor'>,
  given: Partial<Renewal> = {},
): Renewal => ({
  connectionId: id,
  applicationId,
  vendor,
  dueAt: NOW,
  leaseOwner: null,
  leaseUntil: null,
  isOpen: false,
  tries: 0,
  refusedAt: null,
  cause: null,
  ...given,
})

export const newInbound = (
  applicationId: ApplicationId,
  given: Partial<InboundNotification> = {},
): InboundNotification => ({
  id: newHex(),
  applicationId,
  vendor: 'strava',
  dedupeKey: newHex(43),
  sealedBody: `v1.k1.${newHex(64)}`,
  isAuthentic: false,
  status: 'pending',
  tries: 0,
  nextTryAt: NOW,
  leaseOwner: null,
  leaseUntil: null,
  cause: null,
  receivedAt: NOW,
  finishedAt: null,
  ...given,
})

export const newAddress = (
  applicationId: ApplicationId,
  given: Partial<NotificationAddress> = {},
): NotificationAddress => ({
  applicationId,
  vendor: 'strava',
  generation: 1,
  changedAt: NOW,
  sealedSecret: null,
  ...given,
})

export const newSubscription = (
  applicationId: ApplicationId,
  given: Partial<Subscription> = {},
): Subscription => ({
  id: newHex(),
  applicationId,
  vendor: 'strava',
  connectionId: null,
  topic: '',
  status: 'pending',
  remoteId: null,
  generation: 0,
  expiresAt: null,
  dueAt: NOW,
  tries: 0,
  leaseOwner: null,
  leaseUntil: null,
  cause: null,
  createdAt: NOW,
  ...given,
})

export const newAuditEntry = (
  applicationId: ApplicationId | null,
  given: Partial<ChainedEntry> = {},
): ChainedEntry => ({
  at: NOW,
  actor: 'application',
  applicationId,
  action: 'redirect-uri.add',
  object: 'https://app.example.com/done',
  result: 'ok',
  requestId: null,
  chainNumber: null,
  digest: null,
  ...given,
})

/** Takes a chain and appends lines to it, without the digests, which storage does not know. */
export async function appendLines(
  { audit }: Pick<Tables, 'audit'>,
  applicationId: ApplicationId | null,
  lines: readonly Partial<ChainedEntry>[] = [{}],
): Promise<void> {
  for (const line of lines) {
    const chain = await audit.takeChain(applicationId)
    const chainNumber = chain.length + 1
    const digest = line.digest ?? `digest ${chainNumber}`
    await audit.append(newAuditEntry(applicationId, { ...line, chainNumber, digest }), {
      ...chain,
      length: chainNumber,
      digest,
      seal: `seal ${chainNumber}`,
    })
  }
}

/** Stores an end user of a new application. */
export async function storeEndUser(storage: Storage, given: Partial<EndUser> = {}): Promise<EndUser> {
  const endUser = newEndUser(given.applicationId ?? newApplication(), given)
  return storage.write((tables) => tables.endUsers.createOrGet(endUser))
}

/** Stores a webhook endpoint of a new application, and gives it as it is stored. */
export async function storeEndpoint(
  storage: Storage,
  given: Partial<WebhookEndpoint> = {},
): Promise<WebhookEndpoint> {
  const endpoint = newEndpoint(given.applicationId ?? newApplication(), given)
  await storage.write((tables) => tables.webhookEndpoints.insert(endpoint))
  return (await storage.read.webhookEndpoints.find(endpoint.applicationId, endpoint.id)) ?? endpoint
}
