// Goal: every process knows the clients of every application, those of the configuration first, without asking for each
// connect. Method: two directories on one storage, as two replicas have; a database that answers late or not at all.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createClientDirectory } from '../../../src/broker/clients/client-directory.ts'
import { sealClient } from '../../../src/broker/sealing/sealed-client.ts'
import type { Application, Client } from '../../../src/model/application.ts'
import { secret } from '../../../src/model/secret.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { openWorld, type World } from '../../support/world.ts'

describe('the clients of all applications', () => {
  let world: World
  let application: Application
  before(async () => {
    world = await openWorld()
    const [first] = world.context.applications.values()
    assert.ok(first)
    application = { ...first, clients: new Map() }
  })
  after(() => world.close())

  const configured: Client = {
    vendor: 'strava',
    clientId: 'configured',
    clientSecret: secret('s'),
    scopes: null,
    extras: new Map(),
    managedBy: 'configuration',
  }
  const directoryOf = (clients: readonly Client[] = [], storage: Storage = world.context.storage) => {
    const one = { ...application, clients: new Map(clients.map((client) => [client.vendor, client])) }
    return createClientDirectory([one], { ...world.context, storage })
  }
  const seen = ({ applications }: ReturnType<typeof directoryOf>, vendor = 'strava') =>
    applications.get(application.id)?.clients.get(vendor)?.clientId ?? null
  const store = (clientId: string, vendor = 'strava') => {
    const row = { applicationId: application.id, vendor }
    const sealedSecrets = sealClient(world.context, row, { clientSecret: secret('s'), extras: new Map() })
    const times = { createdAt: world.now(), updatedAt: world.now() }
    return world.context.storage.write((tables) =>
      tables.clients.put({ ...row, ...times, clientId, scopes: null, sealedSecrets }),
    )
  }
  const remove = (vendor = 'strava') =>
    world.context.storage.write((tables) => tables.clients.remove(application.id, vendor))

  test('a change on one replica reaches another when that one reads again, and not before', async () => {
    const other = directoryOf()
    await store('first')
    assert.equal(seen(other), null)
    await other.refresh()
    assert.equal(seen(other), 'first')
    await store('second')
    await other.refresh()
    assert.equal(seen(other), 'second')
    await remove()
    assert.equal(seen(other), 'second')
    await other.refresh()
    assert.equal(seen(other), null)
  })

  test('one of the configuration counts; without it that of the API counts again', async () => {
    await store('of the API')
    const withBoth = directoryOf([configured])
    await withBoth.refresh()
    assert.equal(seen(withBoth), 'configured')
    await remove()
    await withBoth.refresh()
    assert.equal(seen(withBoth), 'configured')
    await store('of the API')
    const without = directoryOf()
    await without.refresh()
    assert.equal(seen(without), 'of the API')
    await remove()
  })

  test('a client that was moved to another vendor or application does not open there', async () => {
    await store('mine', 'withings')
    const [row] = await world.context.storage.read.clients.listOf([application.id])
    assert.ok(row)
    await world.context.storage.write((tables) => tables.clients.put({ ...row, vendor: 'strava' }))
    const directory = directoryOf()
    await directory.refresh()
    assert.deepEqual([seen(directory, 'withings'), seen(directory)], ['mine', null])
    await remove()
    await remove('withings')
  })

  test('a later answer of the database is never followed by an earlier one', async () => {
    const answers: (() => void)[] = []
    const late = directoryOf([], {
      ...world.context.storage,
      read: {
        ...world.context.storage.read,
        clients: {
          ...world.context.storage.read.clients,
          listOf: async (ids) => {
            const rows = await world.context.storage.read.clients.listOf(ids)
            await new Promise<void>((resolve) => answers.push(resolve))
            return rows
          },
        },
      },
    })
    const answer = async () => {
      while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve))
      assert.equal(answers.length, 1, 'one question at a time')
      answers.shift()?.()
    }
    await store('old')
    const first = late.refresh()
    while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await store('new')
    const waiting = [late.refresh(), late.refresh(), late.refresh()]
    await answer()
    await first
    assert.equal(seen(late), 'old')
    await answer()
    await Promise.all(waiting)
    assert.equal(seen(late), 'new')
    assert.equal(answers.length, 0, 'those who waited shared one question')
    await remove()
  })

  test('when the database does not answer, what was known stays, and the next try works', async () => {
    await store('kept')
    let isDown = false
    const directory = directoryOf([], {
      ...world.context.storage,
      read: {
        ...world.context.storage.read,
        clients: {
          ...world.context.storage.read.clients,
          listOf: (ids) =>
            isDown ? Promise.reject(new Error('down')) : world.context.storage.read.clients.listOf(ids),
        },
      },
    })
    await directory.refresh()
    isDown = true
    await assert.rejects(directory.refresh(), /down/)
    assert.equal(seen(directory), 'kept')
    isDown = false
    await store('after')
    await directory.refresh()
    assert.equal(seen(directory), 'after')
    await remove()
  })
})
