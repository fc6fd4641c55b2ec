// Goal: no statement reads a whole table, however large it grows. Method: every method of the interface is called on
// an executor that notes the statements, and SQLite is asked how it would carry out each of them.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { ApplicationId } from '../../src/model/ids.ts'
import { LASTING_KINDS, SEALED_KINDS } from '../../src/model/sealed-value.ts'
import type { Executor } from '../../src/storage/sql/executor.ts'
import { migrationSteps } from '../../src/storage/sql/migrate.ts'
import { migrations } from '../../src/storage/sql/migrations/index.ts'
import type { Statement } from '../../src/storage/sql/prepared.ts'
import { bindAll, createStore } from '../../src/storage/sql/store.ts'
import type { Tables } from '../../src/storage/storage.ts'
import {
  NOW,
  newAddress,
  newApplication,
  newAttempt,
  newAuditEntry,
  newClient,
  newConnection,
  newDeletion,
  newDevice,
  newEndpoint,
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
} from './rows.ts'

/** An executor for which every row exists and nothing does anything. */
function notingExecutor() {
  const statements = new Map<string, { readonly sql: string; readonly parameters: unknown[] }>()
  const note = <Parameters>({ sql, bind }: Statement<Parameters, unknown>, parameters: Parameters) =>
    statements.set(sql, { sql, parameters: bind(parameters) })
  const executor: Executor = {
    all: async (statement, parameters) => {
      note(statement, parameters)
      return []
    },
    first: async (statement, parameters) => {
      note(statement, parameters)
      return null
    },
    change: async (statement, parameters) => {
      note(statement, parameters)
      return 1
    },
    changeOrConflict: async (statement, parameters) => {
      note(statement, parameters)
      return 1
    },
  }
  return { statements, executor }
}

async function callEverything(tables: Tables): Promise<void> {
  const applicationId = newApplication()
  const {
    sealedValues,
    endUsers,
    sessions,
    attempts,
    heldGrants,
    connections,
    events,
    history,
    renewals,
    revocations,
    deletions,
    redirectUris,
    clients,
    records,
  } = tables
  const person = newEndUser(applicationId, { alias: 'alias' })
  const connection = newConnection(person)
  await endUsers.createOrGet(person)
  await endUsers.find(applicationId, person.id)
  await endUsers.findByAlias(applicationId, 'alias')
  await endUsers.findMany(applicationId, [person.id, person.id])
  await endUsers.updateProfile(applicationId, person.id, { heightCm: 1 })
  await endUsers.queueDeletion(applicationId, person.id, NOW)
  await endUsers.dueForDeletion(NOW, 1)
  await endUsers.recordsOf(applicationId, person.id)
  await endUsers.erase(applicationId, person.id)
  await sessions.insert(newSession(person))
  await sessions.find('1')
  await sessions.end(applicationId, '1', NOW)
  await sessions.endAllOf(applicationId, person.id, NOW)
  await sessions.endAll(applicationId, NOW, 1)
  await sessions.deleteExpired(NOW, 1)
  const attempt = newAttempt(person)
  await attempts.insert(attempt)
  await attempts.find(attempt.id)
  await attempts.findByState('1', 'hash')
  await attempts.findByReference(applicationId, '1')
  await attempts.latestOf(applicationId, person.id, NOW, 1)
  await attempts.pageOf(applicationId, person.id, null, 1)
  await attempts.transition(attempt.id, 'created', { status: 'failed' })
  await attempts.overdue('created', NOW, 1)
  await attempts.overdue('exchanging', NOW, 1)
  await attempts.deleteFinished(NOW, 1)
  await heldGrants.insert(newHeldGrant(person))
  await heldGrants.find(newAttempt(person).id)
  await heldGrants.release(newAttempt(person).id, NOW, NOW)
  await heldGrants.settle(newAttempt(person).id)
  await heldGrants.livingOf(applicationId, person.id)
  await heldGrants.holdsAccount(applicationId, 'strava', '1')
  await heldGrants.overdue(NOW, 1)
  await heldGrants.deleteSettled(NOW, 1)
  await connections.insert(connection)
  await connections.find(applicationId, connection.id)
  await connections.listOf(applicationId, [person.id, person.id])
  await connections.pageOf(applicationId, person.id, connection, 10)
  await connections.livingOf(applicationId, person.id, 1)
  await connections.findOwner(applicationId, 'strava', '1')
  await connections.ownersOf(applicationId, 'strava', '1')
  await connections.livingAt(applicationId, 'strava', connection, 1)
  await connections.update(applicationId, connection.id, 1, { status: 'active' })
  await events.append(newEvent(person))
  await events.list(applicationId, 0, 1)
  await events.horizon(applicationId)
  await events.idAt(1)
  await events.expired(NOW, 1)
  await events.forget(applicationId, 1)
  await history.append(newHistoryEntry(connection), 9)
  await history.list(applicationId, connection.id)
  await renewals.put(newRenewal(connection))
  await renewals.find(applicationId, connection.id)
  await renewals.take(applicationId, connection.id, 'me', NOW, NOW)
  await renewals.takeDue('me', NOW, NOW, 1, [])
  await renewals.takeDue('me', NOW, NOW, 1, ['acme'])
  await renewals.open(connection.id, 'me', NOW)
  await renewals.settle(connection.id, 'me', { tries: 1 })
  await renewals.remove(applicationId, connection.id)
  await revocations.enqueue(newRevocation(applicationId))
  await revocations.lease('me', NOW, NOW, 1)
  await revocations.keepTokens('1', 'me', { sealedTokens: null, accessExpiresAt: null })
  await revocations.open('1', 'me', 'digest', NOW)
  await revocations.sentFor('digest', NOW)
  await revocations.forgetSent(NOW, 1)
  await revocations.settle('1', 'me', NOW, { status: 'revoked' })
  await revocations.listOf(applicationId, connection.id)
  await revocations.findMany(applicationId, ['1'])
  await deletions.put(newDeletion(applicationId))
  await deletions.find(applicationId, 'hash')
  await clients.put(newClient(applicationId))
  await clients.remove(applicationId, 'strava')
  await clients.find(applicationId, 'strava')
  await clients.listOf([applicationId, newApplication()])
  await redirectUris.add(applicationId, 'a://b', NOW)
  await redirectUris.remove(applicationId, 'a://b')
  await redirectUris.has(applicationId, 'a://b')
  await redirectUris.list(applicationId)
  await callWebhooks(tables, applicationId)
  await callPairings(tables, applicationId)
  await callAppearances(tables, applicationId)
  await callInbound(tables, applicationId)
  await records.putSettingIfAbsent('name', 'value')
  await records.replaceSetting('name', 'value')
  await records.readSetting('name')
  for (const kind of SEALED_KINDS) await sealedValues.page(kind, 'a', 1)
  for (const kind of LASTING_KINDS) {
    const value = { kind, key: 'a', applicationId, object: 'a', part: '', sealed: 'x' }
    await sealedValues.replace(value, 'y')
  }
  await callAudit(tables, applicationId)
  await records.claimIdempotencyKey(applicationId, '1', 'hash', NOW, NOW, NOW)
  await records.answerIdempotencyKey(applicationId, '1', 200, null)
  await records.answerIdempotencyKey(applicationId, '1', null, null)
  await records.deleteIdempotencyKeys(NOW, 1)
}

async function callAudit({ audit }: Tables, applicationId: ApplicationId): Promise<void> {
  for (const chain of [applicationId, null]) {
    await audit.takeChain(chain)
    await audit.findChain(chain)
    await audit.list(chain, 0, 1)
  }
  const end = { applicationId, unchained: 0, length: 1, digest: '', seal: '' }
  await audit.append(newAuditEntry(applicationId), end)
  await audit.chains()
  await audit.latest({ limit: 1 })
  await audit.latest({ applicationId, since: NOW, objects: ['1', '2'], limit: 1 })
}

async function callWebhooks({ webhookEndpoints, webhookDeliveries }: Tables, applicationId: ApplicationId) {
  const endpoint = newEndpoint(applicationId)
  const held = { endpointId: endpoint.id, lane: 'lane', owner: 'me' }
  await webhookEndpoints.insert(endpoint)
  await webhookEndpoints.find(applicationId, endpoint.id)
  await webhookEndpoints.findByUrl(applicationId, endpoint.url)
  await webhookEndpoints.list(applicationId)
  await webhookEndpoints.listConfigured()
  await webhookEndpoints.countDisabled()
  await webhookEndpoints.update(applicationId, endpoint.id, { status: 'disabled', types: null })
  await webhookEndpoints.remove(applicationId, endpoint.id)
  await webhookEndpoints.purge(2)
  await webhookEndpoints.busy(NOW)
  await webhookEndpoints.addSecret(newWebhookSecret(endpoint))
  await webhookEndpoints.resealSecret(endpoint.id, '1', 'sealed')
  await webhookEndpoints.removeSecret(endpoint.id, '1')
  await webhookEndpoints.secretsOf(endpoint.id)
  await webhookDeliveries.queue(endpoint, ['user.deleted'], NOW, 1)
  await webhookDeliveries.replay(endpoint, ['user.deleted'], NOW, { from: 0, to: NOW, limit: 1 })
  await webhookDeliveries.replayEvent(endpoint, ['user.deleted'], NOW, '1')
  await webhookDeliveries.lease(endpoint.id, 'me', NOW, NOW, 1)
  await webhookDeliveries.pending(endpoint.id, 'lane', 1)
  await webhookDeliveries.settle(held, 1, { status: 'delivered', tries: 1, attempts: [], finishedAt: NOW })
  await webhookDeliveries.release(held, NOW)
  await webhookDeliveries.hurry(endpoint.id, NOW)
  for (const status of [null, 'failed'] as const)
    await webhookDeliveries.list(applicationId, endpoint.id, { status, before: 1, limit: 1 })
  await webhookDeliveries.deleteFinished(NOW, 1)
  await webhookDeliveries.backlog()
}

async function callPairings(
  { pairings, devices, tallies }: Tables,
  applicationId: ApplicationId,
): Promise<void> {
  const pairing = newPairing(applicationId)
  await pairings.insert(pairing)
  await pairings.take(pairing, NOW, 5)
  await pairings.deleteExpired(NOW, 1)
  await devices.insert(newDevice(newConnection(newEndUser(applicationId))))
  await devices.find('1')
  await devices.reported(applicationId, '1', NOW)
  await tallies.count('key', NOW, NOW)
  await tallies.read('key', NOW)
  await tallies.deleteEnded(NOW, 1)
}

async function callAppearances(
  { appearances, appearancePreviews }: Tables,
  applicationId: ApplicationId,
): Promise<void> {
  const change = { applicationId, revision: '1', now: NOW }
  await appearances.putSettings(change, newSettings())
  await appearances.putLogo(change, newLogo())
  await appearances.putDarkLogo(change, newLogo())
  await appearances.remove(applicationId)
  await appearances.find(applicationId)
  await appearances.findRevision(applicationId)
  await appearances.findLogo(applicationId, '1')
  await appearancePreviews.insert(newPreview(applicationId))
  await appearancePreviews.find('1')
  await appearancePreviews.removeOldest(applicationId, 1)
  await appearancePreviews.deleteExpired(NOW, 1)
}

async function callInbound(
  { inboundNotifications, notificationAddresses, subscriptions }: Tables,
  applicationId: ApplicationId,
): Promise<void> {
  await inboundNotifications.insert(newInbound(applicationId))
  await inboundNotifications.find(applicationId, '1')
  await inboundNotifications.lease('me', NOW, NOW, 1)
  await inboundNotifications.settle('1', 'me', { status: 'done' })
  await inboundNotifications.deleteOld(NOW, 1)
  await notificationAddresses.put(newAddress(applicationId))
  await notificationAddresses.find(applicationId, 'strava')
  await notificationAddresses.listOf(applicationId)
  const connection = newConnection(newEndUser(applicationId))
  await subscriptions.want(newSubscription(applicationId))
  await subscriptions.listOf(applicationId, 'strava', connection.id)
  await subscriptions.tally(applicationId)
  await subscriptions.lease('me', NOW, NOW, 1)
  await subscriptions.settle('1', 'me', { status: 'active' })
  await subscriptions.hurry(applicationId, 'strava', NOW)
  await subscriptions.removeAt(applicationId, 'acme')
  await subscriptions.removeOf(applicationId, connection.id)
}

/** An empty database with our schema. */
function migratedDatabase(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  const steps = migrationSteps('sqlite', migrations)
  for (let step = steps.next(); !step.done; step = steps.next([[0]])) database.exec(step.value)
  return database
}

/** The same tables, which note the methods that are used. */
function notingTables(tables: Tables, used: Set<string>): Tables {
  const noted = Object.entries(tables).map(([noun, table]: [string, object]) => [
    noun,
    new Proxy(table, {
      get: (methods, method) => {
        used.add(`${noun}.${String(method)}`)
        return Reflect.get(methods, method)
      },
    }),
  ])
  return Object.fromEntries(noted) as Tables // every noun of it, wrapped
}

test('every statement finds its rows by an index', async () => {
  const { statements, executor } = notingExecutor()
  const tables = bindAll(createStore('sqlite')(executor))
  const used = new Set<string>()
  await callEverything(notingTables(tables, used))
  const methods = Object.entries(tables).flatMap(([noun, table]) =>
    Object.keys(table).map((method) => `${noun}.${method}`),
  )
  assert.deepEqual([...used].toSorted(), methods.toSorted())

  const database = migratedDatabase()
  const scans = [...statements.values()].flatMap(({ sql, parameters }) =>
    database
      .prepare(`explain query plan ${sql}`)
      .all(...(parameters as string[])) // values of any kind, which the type of the variadic does not say
      .map(({ detail }) => String(detail))
      // `due` is the result of another part of the statement.
      // A rotation of keys goes through a few small tables as a whole, by keys of several columns.
      .filter((detail) => /^SCAN (?!due$)/.test(detail) && !sql.includes(`|| ' ' ||`))
      .map((detail) => `${detail}: ${sql}`),
  )
  assert.deepEqual(scans, [])
})
