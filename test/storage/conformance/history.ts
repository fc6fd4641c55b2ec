// What happened to a connection: as it was noted, in order, bounded, and gone with the connection.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { HistoryEntry } from '../../../src/model/history.ts'
import { NOW, newConnection, newHistoryEntry, storeEndUser } from '../rows.ts'
import type { Opened } from '../support.ts'

export function historyRules(opened: () => Opened): void {
  describe('history', () => {
    const store = async () => {
      const { storage } = opened()
      const connection = newConnection(await storeEndUser(storage))
      await storage.write((tables) => tables.connections.insert(connection))
      return {
        connection,
        append: (given: Partial<HistoryEntry>, kept = 10) =>
          storage.write((tables) => tables.history.append(newHistoryEntry(connection, given), kept)),
        list: () => storage.read.history.list(connection.applicationId, connection.id),
      }
    }

    test('entries are listed as they were noted, oldest first, also within one millisecond', async () => {
      const { connection, append, list } = await store()
      await append({ step: 'connected' })
      await append({ step: 'renewal_failed', detail: 'timeout', at: NOW + 1 })
      await append({ step: 'renewed', at: NOW + 1 })
      assert.deepEqual(await list(), [
        newHistoryEntry(connection, { step: 'connected' }),
        newHistoryEntry(connection, { step: 'renewal_failed', detail: 'timeout', at: NOW + 1 }),
        newHistoryEntry(connection, { step: 'renewed', at: NOW + 1 }),
      ])
    })

    test('the oldest are forgotten beyond the bound, of this connection alone', async () => {
      const [one, other] = [await store(), await store()]
      await other.append({})
      for (let n = 0; n < 7; n++) await one.append({ at: NOW + n }, 3)
      assert.deepEqual(
        (await one.list()).map(({ at }) => at - NOW),
        [4, 5, 6],
      )
      assert.equal((await other.list()).length, 1)
    })

    test('it goes with its end user', async () => {
      const { storage } = opened()
      const { connection, append, list } = await store()
      await append({})
      await storage.write((tables) => tables.endUsers.erase(connection.applicationId, connection.endUserId))
      assert.deepEqual(await list(), [])
    })
  })
}
