// Goal: on PostgreSQL the order of an application's feed is the order of commits, and units that get in each other's
// way are run again. Method: real transactions that are held open by the test while others try to pass them.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Client } from 'pg'
import type { ApplicationId } from '../../src/model/ids.ts'
import { newApplication, newConnection, newEndUser, newEvent, storeEndUser } from './rows.ts'
import { isError, type Opened, postgres, type Raw, useStorage } from './support.ts'

/** Asks the server until one of the database's connections waits for a lock, or there is nothing to wait for any more. */
async function untilOneWaits(raw: Raw, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const rows = await raw.query(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
  }
}

/** A unit of work that appends an event and stays open until it is let go. */
function holdOpen({ storage }: Opened, applicationId: ApplicationId) {
  const event = newEvent(newEndUser(applicationId))
  const appended = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const written = storage.write(async (tables) => {
    await tables.events.append(event)
    appended.resolve()
    await letGo.promise
  })
  return { id: event.id, appended: appended.promise, letGo: letGo.resolve, written }
}

describe('the order of events', () => {
  const opened = useStorage(postgres)
  const idsAfter = async (applicationId: ApplicationId, after: number) =>
    (await opened().replica.read.events.list(applicationId, after, 10)).map(({ id }) => id)

  test('an event does not pass one of its application whose number is drawn and whose commit is to come', async () => {
    const { replica, raw } = opened()
    const applicationId = newApplication()
    const first = holdOpen(opened(), applicationId)
    await first.appended
    const second = newEvent(newEndUser(applicationId))
    let isSecondWritten = false
    const secondWritten = replica
      .write((tables) => tables.events.append(second))
      .then(() => {
        isSecondWritten = true
      })
    await untilOneWaits(raw, () => isSecondWritten)
    assert.equal(isSecondWritten, false)
    assert.deepEqual(await idsAfter(applicationId, 0), [])
    first.letGo()
    await Promise.all([first.written, secondWritten])
    assert.deepEqual(await idsAfter(applicationId, 0), [first.id, second.id])
  })

  test('an event of another application passes', async () => {
    const [one, other] = [newApplication(), newApplication()]
    const held = holdOpen(opened(), one)
    await held.appended
    const event = newEvent(newEndUser(other))
    await opened().replica.write((tables) => tables.events.append(event))
    assert.deepEqual(await idsAfter(other, 0), [event.id])
    held.letGo()
    await held.written
  })

  test('the raw sequence alone would lose an event: a later number is seen before an earlier one', async () => {
    const { raw, url } = opened()
    const applicationId = newApplication()
    const insert = (id: string) =>
      `insert into events (id, application_id, type, end_user_id, detail, created_at)
       values ('${id}', '${applicationId}', 'user.deleted', 'x', '{}', 0)`
    const slow = new Client({ connectionString: url })
    await slow.connect()
    await slow.query('begin')
    await slow.query(insert('earlier'))
    await raw.query(insert('later'))
    const [seen] = await opened().storage.read.events.list(applicationId, 0, 10)
    assert.equal(seen?.id, 'later')
    await slow.query('commit')
    await slow.end()
    assert.deepEqual(await idsAfter(applicationId, seen?.sequence ?? 0), [])
    assert.deepEqual(await idsAfter(applicationId, 0), ['earlier', 'later'])
  })
})

describe('units that get in each other’s way', () => {
  const opened = useStorage(postgres)

  test('a unit whose reads are outdated is run again, and its caller sees one answer', async () => {
    const { storage, replica } = opened()
    const endUser = await storeEndUser(storage)
    const { applicationId, id } = endUser
    let runs = 0
    const answer = await storage.write(async (tables) => {
      runs += 1
      const read = await tables.endUsers.find(applicationId, id)
      if (runs === 1)
        await replica.write((others) => others.endUsers.updateProfile(applicationId, id, { heightCm: 150 }))
      await tables.endUsers.updateProfile(applicationId, id, { weightKg: 50 })
      return read?.heightCm
    })
    assert.deepEqual([runs, answer], [2, 150])
    const stored = await storage.read.endUsers.find(applicationId, id)
    assert.deepEqual([stored?.heightCm, stored?.weightKg], [150, 50])
  })

  test('a unit that hides the refusal from us is run again all the same', async () => {
    const { storage, replica } = opened()
    const { applicationId, id } = await storeEndUser(storage)
    let runs = 0
    await storage.write(async (tables) => {
      runs += 1
      await tables.endUsers.find(applicationId, id)
      if (runs === 1) await replica.write((others) => others.endUsers.queueDeletion(applicationId, id, 1))
      await tables.endUsers.queueDeletion(applicationId, id, 2).catch(() => {
        throw new Error('something else')
      })
    })
    assert.equal(runs, 2)
    assert.equal((await storage.read.endUsers.find(applicationId, id))?.deleteAt, 2)
  })

  test('a unit that is always outdated is given up, and nothing of it is stored', async () => {
    const { storage, replica } = opened()
    const { applicationId, id } = await storeEndUser(storage)
    let runs = 0
    const writing = storage.write(async (tables) => {
      runs += 1
      await tables.endUsers.find(applicationId, id)
      await replica.write((others) => others.endUsers.updateProfile(applicationId, id, { heightCm: runs }))
      await tables.endUsers.updateProfile(applicationId, id, { weightKg: 50 })
    })
    await assert.rejects(writing, isError('storage_unavailable'))
    const stored = await storage.read.endUsers.find(applicationId, id)
    assert.deepEqual([stored?.heightCm, stored?.weightKg], [runs, null])
  })

  test('an erasure sees the connection that was made while it looked', async () => {
    const { storage, replica } = opened()
    const person = await storeEndUser(storage)
    const { applicationId, id } = person
    const late = newConnection(person)
    let isFirst = true
    const erased = await storage.write(async (tables) => {
      const connections = await tables.connections.listOf(applicationId, [id])
      if (isFirst) await replica.write((others) => others.connections.insert(late))
      isFirst = false
      await tables.endUsers.erase(applicationId, id)
      return connections.map((connection) => connection.id)
    })
    assert.deepEqual(erased, [late.id])
  })

  test('units that lock the same rows in opposite order both succeed', async () => {
    const { storage, replica } = opened()
    const [one, two] = [await storeEndUser(storage), await storeEndUser(storage)]
    const meeting = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const update = async (at: 0 | 1) => {
      const order = at === 0 ? [one, two] : [two, one]
      await (at === 0 ? storage : replica).write(async (tables) => {
        for (const [step, { applicationId, id }] of order.entries()) {
          await tables.endUsers.updateProfile(applicationId, id, { heightCm: 100 + at })
          if (step === 0) meeting[at]?.resolve()
          await Promise.all(meeting.map(({ promise }) => promise))
        }
      })
    }
    await Promise.all([update(0), update(1)])
    const heights = await Promise.all(
      [one, two].map(
        async ({ applicationId, id }) => (await storage.read.endUsers.find(applicationId, id))?.heightCm,
      ),
    )
    assert.equal(heights[0], heights[1])
  })
})

describe('PostgreSQL itself', () => {
  const opened = useStorage(postgres)

  test('compares all our text byte by byte, whatever the language of the database', async () => {
    const rows = await opened().raw.query(
      `select table_name, column_name from information_schema.columns
       where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'`,
    )
    assert.deepEqual(rows, [])
  })

  test('that ends our connections is answered with new ones', async () => {
    const { raw, storage } = opened()
    await storage.ping()
    await raw.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'springbar'`,
    )
    const endUser = newEndUser(newApplication())
    const write = () => storage.write((tables) => tables.endUsers.createOrGet(endUser))
    // The first one may still meet the connection that was just cut.
    await write().catch((error: unknown) => assert.ok(isError('storage_unavailable')(error)))
    await write().catch((error: unknown) => assert.ok(isError('conflict')(error)))
    assert.deepEqual(await storage.read.endUsers.find(endUser.applicationId, endUser.id), endUser)
  })

  test('a database that cannot be used is one sentence, without the password', async () => {
    const { openStorage } = await import('../../src/storage/open.ts')
    const url = new URL(opened().url)
    url.password = 'correct-horse'
    const missing = new URL(url)
    missing.pathname = '/nowhere'
    const silent = new URL(url)
    silent.port = '1'
    const refusals = [
      [missing, /no database of the configured name/],
      [silent, /does not answer/],
    ] as const
    for (const [address, sentence] of refusals)
      await assert.rejects(openStorage({ url: address.href }), (error: Error) => {
        assert.ok(isError('storage_unavailable')(error))
        assert.match(error.message, sentence)
        assert.doesNotMatch(error.message, /correct-horse/)
        return true
      })
  })
})
