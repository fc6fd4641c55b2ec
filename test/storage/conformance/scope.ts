// One application is blind to another's rows: every method of the interface is called with the ids of another
// application's rows, finds nothing and changes nothing, and finds them when the right application calls.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { referenceOf } from '../../../src/model/attempt.ts'
import type { ApplicationId } from '../../../src/model/ids.ts'
import type { Storage, Tables } from '../../../src/storage/storage.ts'
import {
  appendLines,
  NOW,
  newAddress,
  newApplication,
  newAttempt,
  newClient,
  newConnection,
  newDeletion,
  newDevice,
  newEndUser,
  newEvent,
  newHeldGrant,
  newHistoryEntry,
  newInbound,
  newLogo,
  newPairing,
  newPreview,
  newRenewal,
  newRevocation,
  newSession,
  newSettings,
  newSubscription,
  newWebhookSecret,
  storeEndpoint,
  storeEndUser,
} from '../rows.ts'
import { isError, newHex, type Opened, type Raw } from '../support.ts'
import { appearanceCases } from './scope-of-appearances.ts'
import { connectionCases } from './scope-of-connections.ts'
import { unscoped } from './unscoped-methods.ts'

type World = Awaited<ReturnType<typeof createWorld>>

/** One row of each kind. */
async function createWorld(storage: Storage) {
  const endUser = await storeEndUser(storage, { alias: 'k7Qm2v' })
  const endpoint = await storeEndpoint(storage, { applicationId: endUser.applicationId })
  const connection = newConnection(endUser)
  const rows = {
    endUser,
    session: newSession(endUser),
    attempt: newAttempt(endUser, { status: 'failed' }),
    heldGrant: newHeldGrant(endUser),
    connection,
    pairing: newPairing(endUser.applicationId),
    device: newDevice(connection),
    event: newEvent(endUser),
    inbound: newInbound(endUser.applicationId),
    revocation: newRevocation(endUser.applicationId),
    deletion: newDeletion(endUser.applicationId),
    redirectUri: 'https://app.example.com/done',
    client: newClient(endUser.applicationId),
    preview: newPreview(endUser.applicationId),
    endpoint,
    key: 'idempotency-key',
  }
  await storage.write(async (tables) => {
    const { applicationId } = endUser
    await tables.sessions.insert(rows.session)
    await tables.attempts.insert(rows.attempt)
    await tables.heldGrants.insert(rows.heldGrant)
    await tables.connections.insert(rows.connection)
    await tables.pairings.insert(rows.pairing)
    await tables.devices.insert(rows.device)
    await tables.events.append(newEvent(endUser))
    const [older] = await tables.events.list(applicationId, 0, 1)
    await tables.events.forget(applicationId, older?.sequence ?? 0)
    await tables.events.append(rows.event)
    await tables.renewals.put(newRenewal(rows.connection))
    await tables.history.append(newHistoryEntry(rows.connection), 9)
    await tables.inboundNotifications.insert(rows.inbound)
    await tables.notificationAddresses.put(newAddress(applicationId))
    await tables.subscriptions.want(newSubscription(applicationId))
    await tables.revocations.enqueue(rows.revocation)
    await tables.deletions.put(rows.deletion)
    await tables.redirectUris.add(applicationId, rows.redirectUri, NOW)
    await tables.clients.put(rows.client)
    const change = { applicationId, revision: 'first', now: NOW }
    await tables.appearances.putSettings(change, newSettings())
    await tables.appearances.putLogo(change, newLogo())
    await tables.appearancePreviews.insert(rows.preview)
    await tables.webhookEndpoints.addSecret(newWebhookSecret(endpoint))
    await tables.webhookDeliveries.queue(endpoint, [rows.event.type], NOW, 9)
    await appendLines(tables, applicationId)
    await tables.records.claimIdempotencyKey(applicationId, rows.key, 'hash', NOW, 0, 0)
  })
  return rows
}

interface Case {
  readonly call: (tables: Tables, applicationId: ApplicationId, world: World) => Promise<unknown>
  /** What a stranger gets. */
  readonly nothing: unknown
}

const found = (call: Case['call'], nothing: unknown): Case => ({ call, nothing })

/** Every method that takes an application beside the row that it is about. */
const scoped: Readonly<Record<string, Case>> = {
  'endUsers.createOrGet': found(async ({ endUsers }, applicationId, { endUser }) => {
    const got = await endUsers.createOrGet({ ...newEndUser(applicationId), alias: endUser.alias })
    return got.id === endUser.id
  }, false),
  'endUsers.find': found(
    ({ endUsers }, application, { endUser }) => endUsers.find(application, endUser.id),
    null,
  ),
  'endUsers.findByAlias': found(
    ({ endUsers }, application) => endUsers.findByAlias(application, 'k7Qm2v'),
    null,
  ),
  'endUsers.findMany': found(
    ({ endUsers }, application, { endUser }) => endUsers.findMany(application, [endUser.id]),
    [],
  ),
  'endUsers.updateProfile': found(
    ({ endUsers }, application, { endUser }) =>
      endUsers.updateProfile(application, endUser.id, { heightCm: 1 }),
    false,
  ),
  'endUsers.queueDeletion': found(
    ({ endUsers }, application, { endUser }) => endUsers.queueDeletion(application, endUser.id, NOW),
    false,
  ),
  'endUsers.erase': found(
    ({ endUsers }, application, { endUser }) => endUsers.erase(application, endUser.id),
    null,
  ),
  'sessions.end': found(
    ({ sessions }, application, { session }) => sessions.end(application, session.lookup, NOW),
    false,
  ),
  'sessions.endAll': found(({ sessions }, application) => sessions.endAll(application, NOW, 9), 0),
  'sessions.endAllOf': found(
    ({ sessions }, application, { endUser }) => sessions.endAllOf(application, endUser.id, NOW),
    0,
  ),
  'attempts.insert': found(
    ({ attempts }, applicationId, { endUser }) =>
      attempts.insert(newAttempt({ id: endUser.id, applicationId })).then(
        () => 'stored',
        (error: unknown) => isError('conflict')(error) && 'conflict',
      ),
    'conflict',
  ),
  'attempts.latestOf': found(
    ({ attempts }, application, { attempt }) => attempts.latestOf(application, attempt.endUserId, 0, 5),
    [],
  ),
  'attempts.pageOf': found(
    ({ attempts }, application, { attempt }) => attempts.pageOf(application, attempt.endUserId, null, 5),
    [],
  ),
  'attempts.findByReference': found(
    ({ attempts }, application, { attempt }) =>
      attempts.findByReference(application, referenceOf(attempt.id)),
    null,
  ),
  'heldGrants.livingOf': found(
    ({ heldGrants }, application, { endUser }) => heldGrants.livingOf(application, endUser.id),
    [],
  ),
  'heldGrants.holdsAccount': found(
    ({ heldGrants }, application, { heldGrant }) =>
      heldGrants.holdsAccount(application, heldGrant.vendor, heldGrant.accountId ?? ''),
    false,
  ),
  ...connectionCases,
  'renewals.find': found(
    async ({ renewals }, application, { connection }) => renewals.find(application, connection.id),
    null,
  ),
  'renewals.take': found(
    async ({ renewals }, application, { connection }) =>
      renewals.take(application, connection.id, 'me', NOW, NOW),
    null,
  ),
  'inboundNotifications.find': found(
    ({ inboundNotifications }, application, { inbound }) =>
      inboundNotifications.find(application, inbound.id),
    null,
  ),
  'notificationAddresses.find': found(
    ({ notificationAddresses }, application) => notificationAddresses.find(application, 'strava'),
    null,
  ),
  'notificationAddresses.listOf': found(
    ({ notificationAddresses }, application) => notificationAddresses.listOf(application),
    [],
  ),
  'subscriptions.listOf': found(
    ({ subscriptions }, application) => subscriptions.listOf(application, 'strava', null),
    [],
  ),
  'subscriptions.tally': found(({ subscriptions }, application) => subscriptions.tally(application), []),
  'revocations.findMany': found(
    ({ revocations }, application, { revocation }) => revocations.findMany(application, [revocation.id]),
    [],
  ),
  'deletions.find': found(
    ({ deletions }, application, { deletion }) => deletions.find(application, deletion.subjectHash),
    null,
  ),
  'revocations.listOf': found(
    ({ revocations }, application, { revocation }) =>
      revocations.listOf(application, revocation.connectionId),
    [],
  ),
  'redirectUris.add': found(
    ({ redirectUris }, application, { redirectUri }) => redirectUris.add(application, redirectUri, NOW),
    true,
  ),
  'redirectUris.remove': found(
    ({ redirectUris }, application, { redirectUri }) => redirectUris.remove(application, redirectUri),
    false,
  ),
  'redirectUris.has': found(
    ({ redirectUris }, application, { redirectUri }) => redirectUris.has(application, redirectUri),
    false,
  ),
  'redirectUris.list': found(({ redirectUris }, application) => redirectUris.list(application), []),
  'clients.put': found(async ({ clients }, application, { client, endUser }) => {
    await clients.put({ ...client, applicationId: application, clientId: 'mine' })
    return (await clients.find(endUser.applicationId, client.vendor))?.clientId
  }, 'client'),
  'clients.remove': found(
    ({ clients }, application, { client }) => clients.remove(application, client.vendor),
    false,
  ),
  'clients.find': found(
    ({ clients }, application, { client }) => clients.find(application, client.vendor),
    null,
  ),
  'clients.listOf': found(({ clients }, application) => clients.listOf([application]), []),
  ...appearanceCases,
  'webhookEndpoints.find': found(
    ({ webhookEndpoints }, application, { endpoint }) => webhookEndpoints.find(application, endpoint.id),
    null,
  ),
  'webhookEndpoints.findByUrl': found(
    ({ webhookEndpoints }, application, { endpoint }) =>
      webhookEndpoints.findByUrl(application, endpoint.url),
    null,
  ),
  'webhookEndpoints.list': found(
    ({ webhookEndpoints }, application) => webhookEndpoints.list(application),
    [],
  ),
  'webhookEndpoints.update': found(
    ({ webhookEndpoints }, application, { endpoint }) =>
      webhookEndpoints.update(application, endpoint.id, { status: 'disabled' }),
    false,
  ),
  'webhookEndpoints.remove': found(
    ({ webhookEndpoints }, application, { endpoint }) => webhookEndpoints.remove(application, endpoint.id),
    false,
  ),
  'webhookDeliveries.list': found(
    ({ webhookDeliveries }, application, { endpoint }) =>
      webhookDeliveries.list(application, endpoint.id, { status: null, before: 1e15, limit: 9 }),
    [],
  ),
  'pairings.take': found(
    ({ pairings }, application, { pairing }) =>
      pairings.take({ ...pairing, applicationId: application }, NOW, 5),
    null,
  ),
  'devices.insert': found(
    ({ devices }, applicationId, { connection }) =>
      devices.insert(newDevice({ ...connection, applicationId })).then(
        () => 'stored',
        (error: unknown) => isError('conflict')(error) && 'conflict',
      ),
    'conflict',
  ),
  'devices.reported': found(
    ({ devices }, application, { device }) => devices.reported(application, device.tokenHash, NOW + 1),
    false,
  ),
  'audit.takeChain': found(async ({ audit }, application) => (await audit.takeChain(application)).length, 0),
  'audit.findChain': found(({ audit }, application) => audit.findChain(application), null),
  'audit.list': found(({ audit }, application) => audit.list(application, 0, 9), []),
  'audit.latest': found(({ audit }, applicationId) => audit.latest({ applicationId, limit: 9 }), []),
  'records.claimIdempotencyKey': found(
    ({ records }, application, { key }) => records.claimIdempotencyKey(application, key, 'hash', NOW, 0, 0),
    null,
  ),
  'records.answerIdempotencyKey': found(
    async ({ records }, application, { endUser, key }) => {
      await records.answerIdempotencyKey(application, key, null, null)
      await records.answerIdempotencyKey(application, key, 200, 'answer')
      return records.claimIdempotencyKey(endUser.applicationId, key, 'hash', NOW, 0, 0)
    },
    { requestHash: 'hash', status: null, body: null, createdAt: NOW },
  ),
}

/** All rows of an application, in all tables. */
async function rowsOf(raw: Raw, applicationId: ApplicationId): Promise<readonly unknown[]> {
  const rows: unknown[] = []
  for (const table of (await raw.tables()).toSorted()) {
    if (['migrations', 'settings', 'tallies', 'sqlite_sequence'].includes(table)) continue
    rows.push(table, ...(await raw.query(`select * from ${table} where application_id = '${applicationId}'`)))
  }
  return rows
}

export function scopeRules(opened: () => Opened): void {
  describe('one application is blind to the rows of another', () => {
    test('every method of the interface is in one of the two lists', () => {
      const methods = Object.entries(opened().storage.read).flatMap(([noun, table]) =>
        Object.keys(table).map((method) => `${noun}.${method}`),
      )
      assert.deepEqual(methods.toSorted(), [...Object.keys(scoped), ...unscoped].toSorted())
    })

    test('every row carries its application', async () => {
      const { raw, storage } = opened()
      const { endUser } = await createWorld(storage)
      const rows = await rowsOf(raw, endUser.applicationId)
      assert.equal(rows.filter((row) => typeof row === 'string').length, 27)
      assert.equal(rows.filter((row) => typeof row === 'object').length, 27)
    })

    for (const [name, { call, nothing }] of Object.entries(scoped))
      test(`${name} gives a stranger nothing and changes nothing`, async () => {
        const { raw, storage } = opened()
        const world = await createWorld(storage)
        const owner = world.endUser.applicationId
        const before = await rowsOf(raw, owner)
        const asStranger = await storage.write((tables) => call(tables, newApplication(), world))
        assert.deepEqual(asStranger, nothing)
        assert.deepEqual(await rowsOf(raw, owner), before)
        const asOwner = await storage.write((tables) => call(tables, owner, world))
        assert.notDeepEqual(asOwner, nothing)
      })

    test('two applications may know the same alias, vendor account, redirect URI and idempotency key', async () => {
      const { storage } = opened()
      const one = await createWorld(storage)
      const two = await createWorld(storage)
      const accountId = newHex(12)
      for (const { endUser } of [one, two])
        await storage.write((tables) => tables.connections.insert(newConnection(endUser, { accountId })))
      for (const { endUser } of [one, two]) {
        const { applicationId } = endUser
        assert.deepEqual(await storage.read.endUsers.findByAlias(applicationId, 'k7Qm2v'), endUser)
        const owner = await storage.read.connections.findOwner(applicationId, 'strava', accountId)
        assert.equal(owner?.endUserId, endUser.id)
        assert.equal((await storage.read.events.list(applicationId, 0, 9)).length, 1)
      }
    })
  })
}
