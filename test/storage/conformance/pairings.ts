// Pairings, taken once and tried a few times only; phones, which go with their connection; tallies, which count within a
// time.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MINUTE, NOW, newApplication, newConnection, newDevice, newPairing, storeEndUser } from '../rows.ts'
import { isError, newHex, type Opened, race } from '../support.ts'

const TRIES = 5

export function pairingRules(opened: () => Opened): void {
  describe('pairings', () => {
    test('a pairing is taken by its code as it was stored, and is gone then', async () => {
      const { write } = opened().storage
      const pairing = newPairing(newApplication())
      await write((tables) => tables.pairings.insert(pairing))
      const take = () => write((tables) => tables.pairings.take(pairing, NOW, TRIES))
      assert.deepEqual(await take(), pairing)
      assert.equal(await take(), null)
    })

    test('of fifty who bring the same code, on two replicas, one gets it', async () => {
      const { storage, replica } = opened()
      const pairing = newPairing(newApplication())
      await storage.write((tables) => tables.pairings.insert(pairing))
      const taken = await race(50, [storage, replica], ({ write }) =>
        write((tables) => tables.pairings.take(pairing, NOW, TRIES)),
      )
      assert.equal(taken.filter((one) => one !== null).length, 1)
    })

    test('a wrong second half counts, and after the last try the right one is refused too', async () => {
      const { write } = opened().storage
      const [spent, spared] = [newPairing(newApplication()), newPairing(newApplication())]
      for (const pairing of [spent, spared]) await write((tables) => tables.pairings.insert(pairing))
      const guess = (pairing: typeof spent) =>
        write((tables) => tables.pairings.take({ ...pairing, codeHash: newHex(43) }, NOW, TRIES))
      for (let i = 0; i < TRIES; i++) assert.equal(await guess(spent), null)
      for (let i = 0; i < TRIES - 1; i++) assert.equal(await guess(spared), null)
      const take = (pairing: typeof spent) => write((tables) => tables.pairings.take(pairing, NOW, TRIES))
      assert.equal(await take(spent), null)
      assert.deepEqual(await take(spared), { ...spared, tries: TRIES - 1 })
    })

    test('it is taken until it expires, and never by another application', async () => {
      const { write } = opened().storage
      const pairing = newPairing(newApplication())
      await write((tables) => tables.pairings.insert(pairing))
      const take = (now: number, applicationId = pairing.applicationId) =>
        write((tables) => tables.pairings.take({ ...pairing, applicationId }, now, TRIES))
      assert.equal(await take(NOW, newApplication()), null)
      assert.equal(await take(pairing.expiresAt), null)
      assert.notEqual(await take(pairing.expiresAt - 1), null)
    })

    test('a handle is one pairing of an application, until that has expired', async () => {
      const { write } = opened().storage
      const first = newPairing(newApplication())
      await write((tables) => tables.pairings.insert(first))
      const { applicationId, handle } = first
      const second = newPairing(applicationId, { handle })
      await assert.rejects(
        write((tables) => tables.pairings.insert(second)),
        isError('conflict'),
      )
      await write((tables) => tables.pairings.insert(newPairing(newApplication(), { handle })))
      const later = newPairing(applicationId, {
        handle,
        createdAt: first.expiresAt,
        expiresAt: first.expiresAt + MINUTE,
      })
      await write((tables) => tables.pairings.insert(later))
      const take = (pairing: typeof first) =>
        write((tables) => tables.pairings.take(pairing, first.expiresAt, TRIES))
      assert.deepEqual([await take(first), (await take(later))?.codeHash], [null, later.codeHash])
    })

    test('those that expired are removed, in bounded steps', async () => {
      const { write } = opened().storage
      const applicationId = newApplication()
      const day = NOW - 5_000 * MINUTE
      const old = [1, 2, 3].map((expiresAt) => newPairing(applicationId, { expiresAt: day + expiresAt }))
      for (const pairing of old) await write((tables) => tables.pairings.insert(pairing))
      const remove = (limit: number) => write((tables) => tables.pairings.deleteExpired(day + 3, limit))
      assert.deepEqual([await remove(1), await remove(9), await remove(9)], [1, 1, 0])
    })
  })

  describe('devices', () => {
    const store = async () => {
      const { write } = opened().storage
      const endUser = await storeEndUser(opened().storage)
      const connection = newConnection(endUser)
      const device = newDevice(connection)
      await write(async (tables) => {
        await tables.connections.insert(connection)
        await tables.devices.insert(device)
      })
      return { endUser, connection, device }
    }

    test('a device is found by the digest of its token, with its last report', async () => {
      const { write, read } = opened().storage
      const { device } = await store()
      assert.deepEqual(await read.devices.find(device.tokenHash), device)
      await write((tables) => tables.devices.reported(newApplication(), device.tokenHash, NOW + 1))
      assert.deepEqual(await read.devices.find(device.tokenHash), device)
      await write((tables) => tables.devices.reported(device.applicationId, device.tokenHash, NOW + 2))
      assert.deepEqual(await read.devices.find(device.tokenHash), { ...device, reportedAt: NOW + 2 })
      assert.equal(await read.devices.find(newHex(43)), null)
    })

    test('a device has a connection of its application, and goes with the person', async () => {
      const { write, read } = opened().storage
      const { endUser, connection, device } = await store()
      const stray = newDevice({ ...connection, applicationId: newApplication() })
      await assert.rejects(
        write((tables) => tables.devices.insert(stray)),
        isError('conflict'),
      )
      await write((tables) => tables.endUsers.erase(endUser.applicationId, endUser.id))
      assert.equal(await read.devices.find(device.tokenHash), null)
      await assert.rejects(
        write((tables) => tables.devices.insert({ ...device, tokenHash: newHex(43) })),
        isError('conflict'),
      )
    })
  })

  describe('tallies', () => {
    test('counts up to the end of the window, and from one again after it', async () => {
      const { write } = opened().storage
      const key = newHex()
      const count = (now: number) => write((tables) => tables.tallies.count(key, now, now + MINUTE))
      assert.deepEqual([await count(NOW), await count(NOW + 1), await count(NOW + MINUTE - 1)], [1, 2, 3])
      const read = (now: number) => opened().storage.read.tallies.read(key, now)
      assert.deepEqual([await read(NOW + MINUTE - 1), await read(NOW + MINUTE)], [3, 0])
      assert.deepEqual([await count(NOW + MINUTE), await count(NOW + 2 * MINUTE - 1)], [1, 2])
    })

    test('fifty who count at the same time, on two replicas, each get a number of their own', async () => {
      const { storage, replica } = opened()
      const key = newHex()
      const counts = await race(50, [storage, replica], ({ write }) =>
        write((tables) => tables.tallies.count(key, NOW, NOW + MINUTE)),
      )
      assert.deepEqual(
        counts.toSorted((a, b) => a - b),
        Array.from({ length: 50 }, (_, i) => i + 1),
      )
    })

    test('those that ended are removed, in bounded steps', async () => {
      const { write } = opened().storage
      const day = NOW - 5_000 * MINUTE
      for (const end of [1, 2, 3]) await write((tables) => tables.tallies.count(newHex(), day, day + end))
      const remove = (limit: number) => write((tables) => tables.tallies.deleteEnded(day + 3, limit))
      assert.deepEqual([await remove(1), await remove(9), await remove(9)], [1, 1, 0])
    })
  })
}
