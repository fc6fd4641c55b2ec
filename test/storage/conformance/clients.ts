// The clients of applications: one for each vendor key, replaced whole, listed for many applications at once.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MINUTE, NOW, newApplication, newClient } from '../rows.ts'
import { type Opened, race } from '../support.ts'

export function clientRules(opened: () => Opened): void {
  describe('clients', () => {
    test('a client is found as it was stored, and one for the same vendor key replaces it', async () => {
      const { write, read } = opened().storage
      const applicationId = newApplication()
      const first = newClient(applicationId, { scopes: ['read', 'activity:read'] })
      await write((tables) => tables.clients.put(first))
      assert.deepEqual(await read.clients.find(applicationId, 'strava'), first)
      const later = NOW + MINUTE
      const second = newClient(applicationId, { clientId: 'other', createdAt: later, updatedAt: later })
      await write((tables) => tables.clients.put(second))
      assert.deepEqual(await read.clients.find(applicationId, 'strava'), { ...second, createdAt: NOW })
      assert.equal(await read.clients.find(applicationId, 'Strava'), null)
    })

    test('those of many applications are listed together, and of no other', async () => {
      const { write, read } = opened().storage
      const [one, two, other] = [newApplication(), newApplication(), newApplication()]
      const clients = [
        newClient(one, { vendor: 'strava' }),
        newClient(one, { vendor: 'withings' }),
        newClient(two),
      ]
      for (const client of [...clients, newClient(other)]) await write((tables) => tables.clients.put(client))
      const byPlace = (a: { applicationId: string; vendor: string }, b: typeof a) =>
        `${a.applicationId} ${a.vendor}` < `${b.applicationId} ${b.vendor}` ? -1 : 1
      assert.deepEqual(await read.clients.listOf([one, two, newApplication()]), clients.toSorted(byPlace))
      assert.deepEqual(await read.clients.listOf([]), [])
    })

    test('a client is removed once, and the others stay', async () => {
      const { write, read } = opened().storage
      const applicationId = newApplication()
      const kept = newClient(applicationId, { vendor: 'withings' })
      await write((tables) => tables.clients.put(newClient(applicationId)))
      await write((tables) => tables.clients.put(kept))
      const remove = () => write((tables) => tables.clients.remove(applicationId, 'strava'))
      assert.deepEqual([await remove(), await remove()], [true, false])
      assert.deepEqual(await read.clients.listOf([applicationId]), [kept])
    })

    test('of fifty who store one at the same time, on two replicas, one stays whole', async () => {
      const { storage, replica } = opened()
      const applicationId = newApplication()
      await race(50, [storage, replica], ({ write }, caller) =>
        write((tables) =>
          tables.clients.put(
            newClient(applicationId, { clientId: `client ${caller}`, sealedSecrets: `sealed ${caller}` }),
          ),
        ),
      )
      const [client, ...more] = await storage.read.clients.listOf([applicationId])
      assert.deepEqual(more, [])
      assert.equal(client?.sealedSecrets.replace('sealed', 'client'), client?.clientId)
    })
  })
}
