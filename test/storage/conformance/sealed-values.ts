// Every sealed value in pages, and the same value wrapped anew in its place unless it has changed meanwhile.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SEALED_KINDS, type SealedKind, type SealedValue } from '../../../src/model/sealed-value.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import {
  newAddress,
  newAttempt,
  newClient,
  newConnection,
  newEvent,
  newHeldGrant,
  newInbound,
  newRevocation,
  newWebhookSecret,
  storeEndpoint,
  storeEndUser,
} from '../rows.ts'
import { newHex, type Opened, race } from '../support.ts'

export function sealedValueRules(opened: () => Opened): void {
  describe('sealed values', () => {
    /** All pages of a kind; what other tests left behind is not ours. */
    const valuesOf = async ({ read }: Storage, kind: SealedKind, marks: readonly string[]) => {
      const found: SealedValue[] = []
      for (let after = ''; ; ) {
        const page = await read.sealedValues.page(kind, after, 2)
        assert.ok(page.length <= 2)
        for (const [i, { key }] of page.entries()) assert.notEqual(key, page[i - 1]?.key)
        found.push(...page)
        const last = page.at(-1)
        if (last === undefined) return found.filter(({ sealed }) => marks.includes(sealed))
        assert.notEqual(last.key, after)
        after = last.key
      }
    }

    /** One value of each kind, sealed as its own mark, and what tells where it lives. */
    const storeAll = async (storage: Storage) => {
      const endUser = await storeEndUser(storage)
      const { applicationId } = endUser
      const endpoint = await storeEndpoint(storage, { applicationId })
      const mark = (kind: SealedKind) => `v1.${kind}.${newHex(8)}`
      const marks = Object.fromEntries(SEALED_KINDS.map((kind) => [kind, mark(kind)])) as Record<
        SealedKind,
        string
      > // fromEntries forgets the keys
      const connection = newConnection(endUser, { sealedTokens: marks.connection })
      const revocation = newRevocation(applicationId, { sealedTokens: marks.revocation })
      const client = newClient(applicationId, { sealedSecrets: marks.client })
      const secret = newWebhookSecret(endpoint, { sealedSecret: marks['webhook-secret'] })
      const address = newAddress(applicationId, { sealedSecret: marks['notification-secret'] })
      const inbound = newInbound(applicationId, { sealedBody: marks['notification-body'] })
      const event = newEvent(endUser, { detail: { vendor: 'x', sealedBody: marks['event-body'] } })
      const attempt = newAttempt(endUser, { sealedRequestToken: marks['request-token'] })
      const trip = newAttempt(endUser)
      const held = newHeldGrant(endUser, { attemptId: trip.id, sealed: marks['held-grant'] })
      await storage.write(async (tables) => {
        await tables.connections.insert(connection)
        await tables.revocations.enqueue(revocation)
        await tables.clients.put(client)
        await tables.webhookEndpoints.addSecret(secret)
        await tables.notificationAddresses.put(address)
        await tables.inboundNotifications.insert(inbound)
        await tables.events.append(event)
        for (const one of [attempt, trip]) await tables.attempts.insert(one)
        await tables.heldGrants.insert(held)
      })
      const objects: Record<SealedKind, readonly [object: string, part: string]> = {
        connection: [connection.id, ''],
        revocation: [revocation.connectionId, ''],
        client: [client.vendor, ''],
        'webhook-secret': [endpoint.id, secret.id],
        'notification-secret': [address.vendor, ''],
        'notification-body': [inbound.id, ''],
        'event-body': [event.id, ''],
        'held-grant': [trip.id, ''],
        'request-token': [attempt.id, ''],
      }
      return { applicationId, marks, objects, connection, event }
    }

    test('each kind is found page by page, with whose it is and what it belongs to', async () => {
      const { storage } = opened()
      const sets = [await storeAll(storage), await storeAll(storage), await storeAll(storage)]
      for (const kind of SEALED_KINDS) {
        const found = await valuesOf(
          storage,
          kind,
          sets.map(({ marks }) => marks[kind]),
        )
        const facts = (one: Omit<SealedValue, 'key' | 'kind'>) =>
          [one.sealed, one.applicationId, one.object, one.part].join(' ')
        assert.deepEqual(
          found.map(facts).toSorted(),
          sets
            .map(({ applicationId, marks, objects }) => {
              const [object, part] = objects[kind]
              return facts({ sealed: marks[kind], applicationId, object, part })
            })
            .toSorted(),
        )
      }
    })

    test('a value is replaced once by many who read it, and nothing else of its row changes', async () => {
      const { storage, replica } = opened()
      const { marks, connection, event } = await storeAll(storage)
      for (const kind of SEALED_KINDS.filter((one) => one !== 'held-grant' && one !== 'request-token')) {
        const [value] = await valuesOf(storage, kind, [marks[kind]])
        assert.ok(value)
        const answers = await race(8, [storage, replica], ({ write }) =>
          write((tables) => tables.sealedValues.replace(value, `${value.sealed}.anew`)),
        )
        assert.equal(answers.filter((one) => one).length, 1, kind)
        assert.equal((await valuesOf(storage, kind, [`${value.sealed}.anew`])).length, 1)
      }
      const { applicationId } = connection
      assert.deepEqual(await storage.read.connections.find(applicationId, connection.id), {
        ...connection,
        sealedTokens: `${marks.connection}.anew`,
      })
      const detail = { vendor: 'x', sealedBody: `${marks['event-body']}.anew` }
      const events = await storage.read.events.list(applicationId, 0, 10)
      assert.deepEqual(events.find(({ id }) => id === event.id)?.detail, detail)
    })

    test('a value that changed or went meanwhile is left alone', async () => {
      const { storage } = opened()
      const { marks, connection } = await storeAll(storage)
      const [value] = await valuesOf(storage, 'connection', [marks.connection])
      assert.ok(value)
      await storage.write((tables) => tables.sealedValues.replace(value, 'v1.newer'))
      assert.equal(await storage.write((tables) => tables.sealedValues.replace(value, 'v1.older')), false)
      assert.equal(
        (await storage.read.connections.find(connection.applicationId, connection.id))?.sealedTokens,
        'v1.newer',
      )
      const gone = { ...value, key: newHex(32) }
      assert.equal(await storage.write((tables) => tables.sealedValues.replace(gone, 'v1.any')), false)
    })

    test('an empty database, or what lies behind the last key, is an empty page', async () => {
      for (const kind of SEALED_KINDS) {
        const after = kind === 'event-body' ? String(Number.MAX_SAFE_INTEGER) : '~'
        assert.deepEqual(await opened().storage.read.sealedValues.page(kind, after, 10), [])
      }
    })

    test('a setting that nobody stored is null', async () => {
      const { storage } = opened()
      assert.equal(await storage.read.records.readSetting(newHex(8)), null)
      await storage.write((tables) => tables.records.replaceSetting('rotation-test', 'x'))
      assert.equal(await storage.read.records.readSetting('rotation-test'), 'x')
    })
  })
}
