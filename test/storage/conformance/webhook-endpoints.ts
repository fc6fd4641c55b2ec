// Endpoints and their secrets: one endpoint for each URL of an application, gone for good when it is removed.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EVENT_TYPES } from '../../../src/model/event.ts'
import {
  NOW,
  newApplication,
  newEndpoint,
  newEndUser,
  newEvent,
  newWebhookSecret,
  storeEndpoint,
} from '../rows.ts'
import { isError, newHex, type Opened, race } from '../support.ts'

export function webhookEndpointRules(opened: () => Opened): void {
  describe('webhook endpoints', () => {
    test('an endpoint is read back as it was stored, by its own application', async () => {
      const { storage } = opened()
      const endpoint = await storeEndpoint(opened().storage, {
        types: ['user.deleted'],
        timestampType: 'iso',
        format: 'older',
        managedBy: 'configuration',
        status: 'disabled',
        disabledReason: 'gone',
        failingSince: NOW - 1,
        pausedUntil: NOW + 1,
      })
      const { applicationId, id, url } = endpoint
      const other = await storeEndpoint(opened().storage, { applicationId, createdAt: NOW - 1 })
      const { webhookEndpoints } = storage.read
      assert.deepEqual(await webhookEndpoints.findByUrl(applicationId, url), endpoint)
      assert.deepEqual(await webhookEndpoints.list(applicationId), [other, endpoint])
      const configured = (await webhookEndpoints.listConfigured()).map((one) => one.id)
      assert.ok(configured.includes(id) && !configured.includes(other.id))
      assert.equal(await webhookEndpoints.find(newApplication(), id), null)
    })

    test('a URL belongs to one endpoint of an application, until that is removed', async () => {
      const { storage, replica } = opened()
      const applicationId = newApplication()
      const url = `https://app.example.com/${newHex(8)}`
      const outcomes = await race(20, [storage, replica], ({ write }) =>
        write((tables) => tables.webhookEndpoints.insert(newEndpoint(applicationId, { url }))).then(
          () => 'stored',
          (error: unknown) => isError('conflict')(error) && 'conflict',
        ),
      )
      assert.deepEqual(
        [
          outcomes.filter((one) => one === 'stored').length,
          outcomes.filter((one) => one === 'conflict').length,
        ],
        [1, 19],
      )
      const other = await storeEndpoint(opened().storage, { applicationId })
      const change = storage.write((tables) =>
        tables.webhookEndpoints.update(applicationId, other.id, { url }),
      )
      await assert.rejects(change, isError('conflict'))
      const first = await storage.read.webhookEndpoints.findByUrl(applicationId, url)
      assert.ok(first)
      await storage.write((tables) => tables.webhookEndpoints.remove(applicationId, first.id))
      await storeEndpoint(opened().storage, { applicationId, url })
    })

    test('a change sets what it gives and leaves the rest', async () => {
      const { storage } = opened()
      const endpoint = await storeEndpoint(opened().storage)
      const { applicationId, id } = endpoint
      const change = { types: ['attempt.failed'], status: 'disabled', disabledReason: 'failing' } as const
      const update = (of: typeof applicationId) =>
        storage.write((tables) =>
          tables.webhookEndpoints.update(of, id, { ...change, position: 99 } as typeof change),
        )
      assert.equal(await update(newApplication()), false)
      assert.equal(await update(applicationId), true)
      const read = () => storage.read.webhookEndpoints.find(applicationId, id)
      assert.deepEqual(await read(), { ...endpoint, ...change })
      await storage.write((tables) => tables.webhookEndpoints.update(applicationId, id, { types: null }))
      assert.deepEqual(await read(), { ...endpoint, ...change, types: null })
    })

    test('secrets are listed from the older to the newer, replaced and removed', async () => {
      const { storage } = opened()
      const endpoint = await storeEndpoint(opened().storage)
      const newer = newWebhookSecret(endpoint, { createdAt: NOW + 1 })
      const older = newWebhookSecret(endpoint)
      for (const secret of [newer, older])
        await storage.write((tables) => tables.webhookEndpoints.addSecret(secret))
      const read = () => storage.read.webhookEndpoints.secretsOf(endpoint.id)
      assert.deepEqual(await read(), [older, newer])
      await storage.write((tables) => tables.webhookEndpoints.resealSecret(endpoint.id, older.id, 'anew'))
      assert.deepEqual(await read(), [{ ...older, sealedSecret: 'anew' }, newer])
      const remove = (endpointId: string) =>
        storage.write((tables) => tables.webhookEndpoints.removeSecret(endpointId, older.id))
      assert.deepEqual(
        [await remove(newHex()), await remove(endpoint.id), await remove(endpoint.id)],
        [false, true, false],
      )
      assert.deepEqual(await read(), [newer])
    })

    test('a removed endpoint is found no more, and what is left of it goes little by little', async () => {
      const { storage, raw } = opened()
      const endpoint = await storeEndpoint(opened().storage)
      const { applicationId, id } = endpoint
      const person = newEndUser(applicationId)
      for (const _ of [1, 2, 3]) await storage.write((tables) => tables.events.append(newEvent(person)))
      await storage.write(async (tables) => {
        await tables.webhookEndpoints.addSecret(newWebhookSecret(endpoint))
        await tables.webhookDeliveries.queue(endpoint, EVENT_TYPES, NOW, 10)
      })
      const remove = () => storage.write((tables) => tables.webhookEndpoints.remove(applicationId, id))
      assert.deepEqual([await remove(), await remove()], [true, false])
      const { webhookEndpoints } = storage.read
      assert.equal(await webhookEndpoints.find(applicationId, id), null)
      assert.deepEqual(await webhookEndpoints.list(applicationId), [])
      assert.deepEqual(await webhookEndpoints.secretsOf(id), [])
      assert.ok(!(await webhookEndpoints.busy(NOW)).some((one) => one.id === id))
      while ((await storage.write((tables) => tables.webhookEndpoints.purge(2))) > 0);
      for (const [table, column] of [
        ['webhook_endpoints', 'id'],
        ['webhook_deliveries', 'endpoint_id'],
        ['webhook_lanes', 'endpoint_id'],
      ])
        assert.deepEqual(await raw.query(`select 1 from ${table} where ${column} = '${id}'`), [], table)
    })
  })
}
