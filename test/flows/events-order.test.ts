// Goal: the feed's order is the order of commits. Method: on PostgreSQL, where an earlier number can commit later, a
// transaction that has drawn its number is held open while another writer and a reader of the real route come by.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Client } from 'pg'
import { asApplicationId } from '../../src/model/ids.ts'
import { openStorage } from '../../src/storage/open.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { newEndUser, newEvent } from '../storage/rows.ts'
import { backendOf } from '../support/person.ts'
import { openWorld, type World } from '../support/world.ts'

interface Page {
  readonly data: readonly { readonly id: string }[]
  readonly nextCursor: string
}

describe('the order of the feed', () => {
  let world: World
  let replica: Storage
  let raw: Client
  before(async () => {
    world = await openWorld({ database: 'postgres' })
    replica = await openStorage({ url: world.databaseUrl })
    raw = new Client({ connectionString: world.databaseUrl })
    await raw.connect()
  })
  after(async () => {
    await raw.end()
    await replica.close()
    await world.close()
  })

  const read = async (after?: string) => {
    const query = after === undefined ? '' : `?after=${after}`
    const response = await backendOf(world).api('GET', `/events${query}`)
    assert.equal(response.status, 200)
    return (await response.json()) as Page // its fields are compared below
  }
  const untilOneWaits = async (isOver: () => boolean) => {
    for (;;) {
      const { rows } = await raw.query(
        `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      if (rows.length > 0 || isOver()) return
    }
  }

  it('an earlier number that commits later is missed by nobody who reads in between', async () => {
    const person = newEndUser(asApplicationId('app-a'))
    const [zeroth, first, second] = [newEvent(person), newEvent(person), newEvent(person)]
    await replica.write((tables) => tables.events.append(zeroth))
    const before = await read()
    assert.deepEqual(
      before.data.map(({ id }) => id),
      [zeroth.id],
    )
    const [appended, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow = world.context.storage.write(async (tables) => {
      await tables.events.append(first)
      appended.resolve()
      await letGo.promise
    })
    await appended.promise
    let isPast = false
    const fast = replica
      .write((tables) => tables.events.append(second))
      .then(() => {
        isPast = true
      })
    await untilOneWaits(() => isPast)
    // Let go whatever was read, so that a failure is one and not a wait without end.
    const between = await read(before.nextCursor).finally(letGo.resolve)
    await Promise.all([slow, fast])
    assert.deepEqual(between.data, [])
    const { data } = await read(between.nextCursor)
    assert.deepEqual(
      data.map(({ id }) => id),
      [first.id, second.id],
    )
  })
})
