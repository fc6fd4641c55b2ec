// Goal: after a backup was restored no reader of the feed silently misses what got numbers that it has seen before.
// Method: a database file that is copied and put back, as operators do; cursors from before, from after, and of an event
// that was erased.
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { ApplicationId } from '../../src/model/ids.ts'
import { createFeed } from '../../src/webhooks/index.ts'
import { NOW, newApplication, newEndUser, newEvent } from '../storage/rows.ts'
import { isError } from '../storage/support.ts'
import { openDelivery } from './delivery.ts'

const WISH = { limit: 100, timestampType: 'unix', types: null } as const

describe('the feed of a database that was restored', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-restored-'))
  const file = path.join(folder, 'springbar.db')
  const backup = path.join(folder, 'backup.db')
  const application = newApplication()
  let replica: Awaited<ReturnType<typeof openDelivery>>
  /** Cursors behind each event of before, by its place from 1. */
  const cursors: string[] = []

  const open = async () => {
    replica = await openDelivery(`sqlite:${file}`, () => NOW)
  }
  const append = async (count: number, of: ApplicationId = application) => {
    const events = Array.from({ length: count }, () => newEvent(newEndUser(of)))
    await replica.storage.write(async (tables) => {
      for (const event of events) await tables.events.append(event)
    })
    return events.map(({ id }) => id)
  }
  const readAfter = async (cursor: string | null) => {
    const context = { ...replica, now: () => NOW, wait: async () => undefined }
    const follower = await createFeed(context, () => true).follow(application, { ...WISH, after: cursor })
    try {
      return await follower.next(0)
    } finally {
      follower.close()
    }
  }
  const idsAfter = async (cursor: string | null) => (await readAfter(cursor)).data.map(({ id }) => id)
  const isExpired = (cursor: string) => assert.rejects(readAfter(cursor), isError('cursor_expired'))

  let kept: string[]
  let written: string[]
  before(async () => {
    await open()
    kept = await append(5)
    await replica.storage.close()
    copyFileSync(file, backup)
    await open()
    await append(5)
    cursors.push(...(await readAfter(null)).data.map(({ cursor }) => cursor))
    await replica.storage.close()
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    copyFileSync(backup, file)
    await open()
  })
  after(async () => {
    await replica.storage.close()
    rmSync(folder, { recursive: true })
  })
  const cursor = (place: number) => cursors[place - 1] ?? assert.fail()

  it('tells a reader from after the backup that its place is gone, while nothing new has happened yet', async () => {
    for (const place of [6, 8, 10]) await isExpired(cursor(place))
  })

  it('tells the same once the numbers were drawn again, by the same application or by another', async () => {
    written = await append(3)
    await append(1, newApplication())
    written.push(...(await append(3)))
    for (const place of [6, 8, 9, 10]) await isExpired(cursor(place))
  })

  it('goes on for a reader from before the backup, and misses nothing', async () => {
    assert.deepEqual(await idsAfter(cursor(3)), [...kept.slice(3), ...written])
    assert.deepEqual(await idsAfter(cursor(5)), written)
    assert.deepEqual(await idsAfter(null), [...kept, ...written])
  })

  it('goes on behind an event that was erased with its person', async () => {
    const person = newEndUser(application)
    const event = newEvent(person)
    await replica.storage.write(async (tables) => {
      await tables.endUsers.createOrGet(person)
      await tables.events.append(event)
    })
    const [place] = (await readAfter(null)).data.filter(({ id }) => id === event.id)
    const end = await replica.storage.write(async (tables) => {
      await tables.endUsers.erase(application, person.id)
      const last = newEvent(person, { type: 'user.deleted' })
      await tables.events.append(last)
      return last.id
    })
    assert.deepEqual(await idsAfter(place?.cursor ?? ''), [end])
  })

  it('takes no cursor whose event was exchanged', async () => {
    const [number = '', mark = '', ...rest] = cursor(3).split('-')
    const other = mark.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    await assert.rejects(readAfter([number, other, ...rest].join('-')), isError('invalid_request'))
  })
})
