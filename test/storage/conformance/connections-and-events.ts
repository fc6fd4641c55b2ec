// Connections: one living owner for each vendor account, changed by whoever read them last. Events: in order.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Connection } from '../../../src/model/connection.ts'
import { asConnectionId } from '../../../src/model/ids.ts'
import { NOW, newApplication, newConnection, newEndUser, newEvent, storeEndUser } from '../rows.ts'
import { isError, newHex, type Opened, race } from '../support.ts'

export function connectionRules(opened: () => Opened): void {
  describe('connections', () => {
    const store = async ({ storage }: Opened, connection: Connection) => {
      await storage.write((tables) => tables.connections.insert(connection))
      return connection
    }

    test('a connection is read back as it was stored', async () => {
      const { storage, raw } = opened()
      const owner = await storeEndUser(storage)
      const connection = await store(
        opened(),
        newConnection(owner, {
          grantedScopes: ['a "quoted" one', 'b'],
          missingScopes: ['c'],
          refreshExpiresAt: NOW + 20 * 365 * 86_400_000,
        }),
      )
      const { applicationId, id } = connection
      assert.deepEqual(await storage.read.connections.find(applicationId, id), connection)
      assert.equal(await storage.read.connections.find(applicationId, asConnectionId(newHex())), null)
      const [row] = await raw.query(`select granted_scopes from connections where id = '${id}'`)
      assert.equal(row?.['granted_scopes'], '["a \\"quoted\\" one","b"]')
    })

    test('of fifty who race for one vendor account, on two replicas, one gets it', async () => {
      const { storage, replica, raw } = opened()
      const owner = await storeEndUser(storage)
      const accountId = newHex(12)
      const outcomes = await race(50, [storage, replica], ({ write }) =>
        write((tables) => tables.connections.insert(newConnection(owner, { accountId }))).then(
          () => 'stored',
          (error: unknown) => isError('conflict')(error) && 'conflict',
        ),
      )
      assert.equal(outcomes.filter((outcome) => outcome === 'stored').length, 1)
      assert.equal(outcomes.filter((outcome) => outcome === 'conflict').length, 49)
      assert.equal(
        (await raw.query(`select id from connections where account_id = '${accountId}'`)).length,
        1,
      )
    })

    test('a vendor account is free again when its connection has ended, and at other vendors always', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const { applicationId } = owner
      const accountId = newHex(12)
      const first = await store(opened(), newConnection(owner, { accountId, status: 'needs_reauth' }))
      await store(opened(), newConnection(owner, { accountId, vendor: 'withings' }))
      await assert.rejects(store(opened(), newConnection(owner, { accountId })), isError('conflict'))
      assert.deepEqual(await storage.read.connections.findOwner(applicationId, 'strava', accountId), first)
      await storage.write((tables) =>
        tables.connections.update(applicationId, first.id, 1, { status: 'disconnected' }),
      )
      assert.equal(await storage.read.connections.findOwner(applicationId, 'strava', accountId), null)
      const second = await store(opened(), newConnection(owner, { accountId }))
      assert.deepEqual(await storage.read.connections.findOwner(applicationId, 'strava', accountId), second)
    })

    test('a vendor account has as many living connections as there are share keys, and each key has one', async () => {
      const { storage, replica } = opened()
      const owner = await storeEndUser(storage)
      const { applicationId } = owner
      const accountId = newHex(12)
      const outcomes = await race(50, [storage, replica], ({ write }, caller) => {
        const shareKey = `key ${caller % 10}`
        const shared = newConnection(owner, { accountId, shareKey, connectedAt: NOW + caller })
        return write((tables) => tables.connections.insert(shared)).then(
          () => 'stored',
          (error: unknown) => isError('conflict')(error) && 'conflict',
        )
      })
      assert.equal(outcomes.filter((outcome) => outcome === 'stored').length, 10)
      assert.equal(outcomes.filter((outcome) => outcome === 'conflict').length, 40)
      const alone = await store(opened(), newConnection(owner, { accountId, connectedAt: NOW - 1 }))
      const owners = await storage.read.connections.ownersOf(applicationId, 'strava', accountId)
      assert.equal(new Set(owners.map(({ shareKey }) => shareKey)).size, 11)
      assert.deepEqual(owners[0], alone)
      assert.deepEqual(
        owners.map(({ connectedAt }) => connectedAt),
        owners.map(({ connectedAt }) => connectedAt).toSorted((one, other) => one - other),
      )
      assert.deepEqual(await storage.read.connections.findOwner(applicationId, 'strava', accountId), alone)
    })

    test('a connection needs an end user', async () => {
      const nobody = newEndUser(newApplication())
      await assert.rejects(store(opened(), newConnection(nobody)), isError('conflict'))
    })

    test('lists are ordered by the time of connecting', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const { applicationId } = owner
      const other = await storeEndUser(storage, { applicationId })
      const third = await store(opened(), newConnection(owner, { connectedAt: NOW + 3 }))
      const first = await store(opened(), newConnection(other, { connectedAt: NOW + 1 }))
      const second = await store(
        opened(),
        newConnection(owner, { connectedAt: NOW + 2, status: 'disconnected', sealedTokens: null }),
      )
      const elsewhere = await store(opened(), newConnection(owner, { connectedAt: NOW + 4, sourceId: 8 }))
      const { connections } = storage.read
      assert.deepEqual(await connections.listOf(applicationId, [owner.id, other.id]), [
        first,
        second,
        third,
        elsewhere,
      ])
      assert.deepEqual(await connections.listOf(applicationId, [owner.id]), [second, third, elsewhere])
      assert.deepEqual(await connections.listOf(applicationId, []), [])
      assert.deepEqual(await connections.livingOf(applicationId, owner.id, 11), [third])
      assert.deepEqual(await connections.livingOf(applicationId, owner.id, 12), [])
    })

    test('the connections of an end user are read a page at a time, and one that comes meanwhile shifts none', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const { applicationId } = owner
      const connected = (at: number, id = newHex()) =>
        store(opened(), newConnection(owner, { connectedAt: NOW + at, id: asConnectionId(id) }))
      const [low = '', high = ''] = [newHex(), newHex()].sort()
      const third = await connected(2)
      const second = await connected(1, high)
      const first = await connected(1, low)
      const other = await storeEndUser(storage, { applicationId })
      await store(opened(), newConnection(other, { connectedAt: NOW + 1 }))
      const page = (after: Connection | null, limit: number) =>
        storage.read.connections.pageOf(applicationId, owner.id, after, limit)
      assert.deepEqual(await page(null, 4), [first, second, third])
      assert.deepEqual(await page(null, 2), [first, second])
      await connected(0)
      assert.deepEqual(await page(first, 1), [second])
      assert.deepEqual(await page(second, 2), [third])
      assert.deepEqual(await page(third, 2), [])
    })

    test('the living connections at one vendor are read in the order of their accounts, a page at a time', async () => {
      const { storage } = opened()
      const owner = await storeEndUser(storage)
      const at = (accountId: string, given: Parameters<typeof newConnection>[1] = {}) =>
        store(opened(), newConnection(owner, { vendor: 'garmin-oauth1', accountId, ...given }))
      const [c, a, b] = [await at('c'), await at('a', { status: 'needs_reauth' }), await at('B')]
      await at('d', { status: 'disconnected', sealedTokens: null })
      await at('e', { vendor: 'garmin' })
      const stranger = await storeEndUser(storage)
      await store(opened(), newConnection(stranger, { vendor: 'garmin-oauth1', accountId: 'a' }))
      const page = (after: Connection | null, limit: number) =>
        storage.read.connections.livingAt(owner.applicationId, 'garmin-oauth1', after, limit)
      assert.deepEqual(await page(null, 2), [b, a])
      assert.deepEqual(await page(a, 2), [c])
      assert.deepEqual(await page(c, 2), [])
      // Many can share an account: none of them is lost where a page ends.
      const shared = [await at('a', { shareKey: 's1' }), await at('a', { shareKey: 's2' })]
      const seen: Connection[] = []
      for (let last: Connection | null = null; ; last = seen.at(-1) ?? null) {
        const found: readonly Connection[] = await page(last, 1)
        if (found.length === 0) break
        seen.push(...found)
      }
      assert.deepEqual(seen, [b, a, ...shared, c])
    })

    test('a change is made by one of those who read the same version, and raises it', async () => {
      const { storage, replica } = opened()
      const connection = await store(opened(), newConnection(await storeEndUser(storage), { version: 7 }))
      const { applicationId, id } = connection
      const won = await race(50, [storage, replica], ({ write }, caller) =>
        write((tables) =>
          tables.connections.update(applicationId, id, 7, { sealedTokens: `tokens ${caller}` }),
        ),
      )
      assert.equal(won.filter(Boolean).length, 1)
      assert.deepEqual(await storage.read.connections.find(applicationId, id), {
        ...connection,
        sealedTokens: `tokens ${won.indexOf(true)}`,
        version: 8,
      })
    })

    test('a change sets what it gives, to null as well, and leaves the rest', async () => {
      const { storage } = opened()
      const connection = await store(opened(), newConnection(await storeEndUser(storage)))
      const { applicationId, id } = connection
      const change = {
        status: 'disconnected',
        disconnectedBy: 'person',
        grantedScopes: [],
        missingScopes: ['read'],
        sealedTokens: null,
        accessExpiresAt: null,
        disconnectedAt: NOW + 1,
      } as const
      const hostile = { ...change, endUserId: 'somebody', applicationId: 'another' }
      assert.ok(await storage.write((tables) => tables.connections.update(applicationId, id, 1, hostile)))
      const changed = { ...connection, ...change, version: 2 }
      assert.deepEqual(await storage.read.connections.find(applicationId, id), changed)
      assert.equal(
        await storage.write((tables) => tables.connections.update(applicationId, id, 1, {})),
        false,
      )
      assert.deepEqual(await storage.read.connections.find(applicationId, id), changed)
    })
  })
}

export function eventRules(opened: () => Opened): void {
  describe('events', () => {
    test('an application reads its events in order, from any place in its feed', async () => {
      const { storage } = opened()
      const person = newEndUser(newApplication(), { alias: 'k7Qm2v' })
      const stored = [
        newEvent(person, {
          endUserAlias: 'k7Qm2v',
          detail: { disconnectedBy: 'displaced', causeId: newHex() },
        }),
        newEvent(person, { type: 'user.deleted', sourceId: null }),
        newEvent(person, {
          type: 'attempt.failed',
          detail: { error: 'access_denied', reference: '0D3K9Q7M2V' },
        }),
      ]
      for (const event of stored) await storage.write((tables) => tables.events.append(event))
      const { events } = storage.read
      const all = await events.list(person.applicationId, 0, 10)
      assert.deepEqual(
        all.map(({ sequence, ...event }) => event),
        stored,
      )
      const places = all.map(({ sequence }) => sequence)
      assert.deepEqual(
        places,
        [...new Set(places)].sort((one, other) => one - other),
      )
      assert.deepEqual(await events.list(person.applicationId, 0, 2), all.slice(0, 2))
      assert.deepEqual(await events.list(person.applicationId, places[0] ?? 0, 10), all.slice(1))
      assert.deepEqual(await events.list(person.applicationId, places[2] ?? 0, 10), [])
    })

    test('what is forgotten is gone up to a place, and where the feed begins then is remembered', async () => {
      const { storage } = opened()
      const [person, other] = [newEndUser(newApplication()), newEndUser(newApplication())]
      const [kept, ...stored] = [newEvent(other), newEvent(person), newEvent(person), newEvent(person)]
      for (const event of [kept, ...stored]) await storage.write((tables) => tables.events.append(event))
      const { events } = storage.read
      const idsOf = async ({ applicationId }: typeof person) =>
        (await events.list(applicationId, 0, 9)).map(({ id }) => id)
      assert.equal(await events.horizon(person.applicationId), 0)
      const [first, second] = await events.list(person.applicationId, 0, 2)
      assert.ok(first && second)
      const forget = (through: number) =>
        storage.write((tables) => tables.events.forget(person.applicationId, through))
      assert.equal(await forget(second.sequence), 2)
      assert.equal(await events.horizon(person.applicationId), second.sequence)
      assert.deepEqual(await idsOf(person), [stored[2]?.id])
      assert.deepEqual(await idsOf(other), [kept.id])
      assert.equal(await forget(first.sequence), 0)
      assert.equal(await events.horizon(person.applicationId), second.sequence)
      assert.equal(await events.horizon(other.applicationId), 0)
    })

    test('the oldest events of the database are told when they are older than asked for', async () => {
      const { storage, raw } = opened()
      await raw.query('delete from events')
      const person = newEndUser(newApplication())
      for (const createdAt of [NOW - 2, NOW - 1, NOW])
        await storage.write((tables) => tables.events.append(newEvent(person, { createdAt })))
      const { events } = storage.read
      const places = (await events.list(person.applicationId, 0, 9)).map(({ applicationId, sequence }) => ({
        applicationId,
        sequence,
      }))
      assert.deepEqual(await events.expired(NOW, 9), places.slice(0, 2))
      assert.deepEqual(await events.expired(NOW, 1), places.slice(0, 1))
      assert.deepEqual(await events.expired(NOW - 2, 9), [])
    })

    test('a commit that tells something wakes who watches that feed, and nobody else', async () => {
      const { storage } = opened()
      const [person, other] = [newEndUser(newApplication()), newEndUser(newApplication())]
      const woken: string[] = []
      const stop = storage.watchEvents(person.applicationId, () => woken.push('person'))
      storage.watchEvents(other.applicationId, () => woken.push('other'))
      await storage.write(async (tables) => {
        await tables.events.append(newEvent(person))
        await tables.events.append(newEvent(person))
        assert.deepEqual(woken, [])
      })
      assert.deepEqual(woken, ['person'])
      const undone = storage.write(async (tables) => {
        await tables.events.append(newEvent(person))
        throw new Error('undone')
      })
      await assert.rejects(undone, /undone/)
      stop()
      await storage.write((tables) => tables.events.append(newEvent(person)))
      assert.deepEqual(woken, ['person'])
    })

    test('a reader who follows the feed while fifty writers race misses nothing', async () => {
      const { storage, replica } = opened()
      const person = newEndUser(newApplication())
      const seen: string[] = []
      let after = 0
      const follow = async () => {
        const page = await replica.read.events.list(person.applicationId, after, 7)
        seen.push(...page.map(({ id }) => id))
        after = page.at(-1)?.sequence ?? after
        return page.length
      }
      const written = await race(50, [storage, replica], async ({ write }) => {
        const event = newEvent(person)
        await write((tables) => tables.events.append(event))
        await follow()
        return event.id
      })
      // What the other replica committed is seen in the next round of the event loop at the latest.
      await new Promise((resolve) => setImmediate(resolve))
      while ((await follow()) > 0);
      assert.deepEqual([...new Set(seen)].sort(), written.sort())
    })

    test('the number of an event that was removed is not given again', async () => {
      const { storage } = opened()
      const person = await storeEndUser(storage)
      const { applicationId } = person
      const append = () => storage.write((tables) => tables.events.append(newEvent(person)))
      await append()
      const [first] = await storage.read.events.list(applicationId, 0, 1)
      await storage.write((tables) => tables.endUsers.erase(applicationId, person.id))
      await append()
      const [second] = await storage.read.events.list(applicationId, 0, 1)
      assert.ok(first && second && second.sequence > first.sequence)
    })

    test('the number of an event tells its id, and that of none nothing', async () => {
      const { storage } = opened()
      const person = newEndUser(newApplication())
      const event = newEvent(person)
      await storage.write((tables) => tables.events.append(event))
      const [stored] = await storage.read.events.list(person.applicationId, 0, 1)
      assert.equal(await storage.read.events.idAt(stored?.sequence ?? 0), event.id)
      await storage.write((tables) => tables.events.forget(person.applicationId, stored?.sequence ?? 0))
      assert.equal(await storage.read.events.idAt(stored?.sequence ?? 0), null)
    })

    test('an event of a unit that failed is never told', async () => {
      const { storage } = opened()
      const person = newEndUser(newApplication())
      const undone = storage.write(async (tables) => {
        await tables.events.append(newEvent(person))
        throw new Error('undo')
      })
      await assert.rejects(undone, /undo/)
      assert.deepEqual(await storage.read.events.list(person.applicationId, 0, 10), [])
    })
  })
}
