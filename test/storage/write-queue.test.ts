// Goal: units that arrive together share one commit, and none can hold up or spoil another. Method: the queue on a
// transaction that writes down its steps, then the real one on SQLite, where a unit waits for what it must not.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { limits } from '../../src/limits.ts'
import { isFailedSync } from '../../src/storage/sql/sqlite-executor.ts'
import { createWriteQueue, type Transaction } from '../../src/storage/sql/write-queue.ts'
import { newApplication, newEndUser } from './rows.ts'
import { isError, sqlite, useStorage } from './support.ts'

/** A transaction that only notes its steps; `failing` names one that throws. */
function notedTransaction(failing?: keyof Transaction) {
  const steps: string[] = []
  let isOpen = false
  const step = (name: keyof Transaction, opens: boolean) => () => {
    steps.push(name)
    if (name === failing) throw new Error(`${name} failed`)
    isOpen = opens
  }
  const transaction: Transaction = {
    begin: step('begin', true),
    commit: step('commit', false),
    rollback: step('rollback', false),
    savepoint: step('savepoint', true),
    releaseSavepoint: step('releaseSavepoint', true),
    rollbackToSavepoint: step('rollbackToSavepoint', true),
    isOpen: () => isOpen,
  }
  return { steps, transaction }
}

const noTables = () => ({ tables: null, close: () => null })

describe('the queue of writes', () => {
  test('units that arrive together share one transaction, each under a savepoint', async () => {
    const { steps, transaction } = notedTransaction()
    const { write } = createWriteQueue(transaction, noTables)
    const unit = (name: string, fails: boolean) =>
      write(async () => {
        steps.push(name)
        if (fails) throw new Error(name)
      })
    await Promise.allSettled([unit('a', false), unit('b', true), unit('c', false)])
    assert.deepEqual(steps, [
      ...['begin', 'savepoint', 'a', 'releaseSavepoint'],
      ...['savepoint', 'b', 'rollbackToSavepoint', 'releaseSavepoint'],
      ...['savepoint', 'c', 'releaseSavepoint', 'commit'],
    ])
  })

  test('a unit that is alone needs no savepoint', async () => {
    const { steps, transaction } = notedTransaction()
    const { write } = createWriteQueue(transaction, noTables)
    await write(async () => undefined)
    await assert.rejects(
      write(async () => {
        throw new Error('alone')
      }),
      /alone/,
    )
    assert.deepEqual(steps, ['begin', 'commit', 'begin', 'rollback'])
  })

  test('nobody is answered before the commit', async () => {
    const { steps, transaction } = notedTransaction()
    const { write } = createWriteQueue(transaction, noTables)
    const answered = (name: string, unit: () => Promise<unknown>) =>
      write(unit).then(
        () => steps.push(name),
        () => steps.push(name),
      )
    await Promise.all([
      answered('good', async () => 1),
      answered('bad', () => Promise.reject(new Error('bad'))),
    ])
    assert.ok(steps.indexOf('commit') < steps.indexOf('good'))
    assert.ok(steps.indexOf('commit') < steps.indexOf('bad'))
  })

  for (const failing of ['begin', 'savepoint', 'releaseSavepoint', 'commit'] as const)
    test(`when ${failing} fails, all that share the transaction fail, and the next ones are tried`, async () => {
      const { steps, transaction } = notedTransaction(failing)
      const { write } = createWriteQueue(transaction, noTables)
      const outcomes = await Promise.allSettled([1, 2, 3].map((n) => write(async () => n)))
      for (const outcome of outcomes)
        assert.ok(outcome.status === 'rejected' && isError('storage_unavailable')(outcome.reason))
      assert.equal(transaction.isOpen(), false)
      const begun = steps.length
      await Promise.allSettled([write(async () => 4), write(async () => 5)])
      assert.equal(steps[begun], 'begin')
    })

  test('when the engine gives the transaction up in a unit, those before are lost with it', async () => {
    const { transaction } = notedTransaction()
    const { write } = createWriteQueue(transaction, noTables)
    const full = new Error('the disk is full')
    const outcomes = await Promise.allSettled([
      write(async () => 'before'),
      write(async () => {
        transaction.rollback()
        throw full
      }),
      write(async () => 'after'),
    ])
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected' && isError('storage_unavailable')(outcome.reason))
      assert.equal(outcome.reason.cause, full)
    }
  })

  test('a disk that fails ends everything: those who wait are refused, nobody writes after it, one is told [S6]', async () => {
    const told: string[] = []
    let failure: Error | null = Object.assign(new Error('full'), { errcode: 13 })
    const { steps, transaction } = notedTransaction()
    const commit = () => {
      transaction.commit()
      if (failure !== null) throw failure
    }
    const disaster = { isOne: isFailedSync, tell: () => told.push('told') }
    const { write } = createWriteQueue({ ...transaction, commit }, noTables, disaster)
    const refused = isError('storage_unavailable')

    await assert.rejects(
      write(async () => 'on a full disk'),
      refused,
    )
    failure = null
    assert.equal(await write(async () => 'room again'), 'room again')

    // SQLITE_IOERR_FSYNC. The 600 units make two commits.
    failure = Object.assign(new Error('disk I/O error'), { errcode: 1034 })
    const units = Array.from({ length: 600 }, (_, n) => write(async () => n))
    for (const outcome of await Promise.allSettled(units))
      assert.ok(outcome.status === 'rejected' && refused(outcome.reason))
    failure = null
    const before = steps.length
    await assert.rejects(
      write(async () => 'after it'),
      refused,
    )
    assert.deepEqual([steps.length, told], [before, ['told']])
  })

  test('more units than may wait are refused, and those that wait are done', async () => {
    const { transaction } = notedTransaction()
    const { write } = createWriteQueue(transaction, noTables)
    const waiting = Array.from({ length: limits.writeQueue }, (_, n) => write(async () => n))
    await assert.rejects(
      write(async () => 'too many'),
      isError('storage_unavailable'),
    )
    assert.equal((await Promise.all(waiting)).at(-1), limits.writeQueue - 1)
    assert.equal(await write(async () => 'again'), 'again')
  })

  test('closing waits for what was written before', async () => {
    const { steps, transaction } = notedTransaction()
    const { close, write } = createWriteQueue(transaction, noTables)
    const waiting = Array.from({ length: 1_200 }, (_, n) => write(async () => n))
    await close()
    assert.equal(steps.filter((step) => step === 'commit').length, 3)
    assert.equal((await Promise.all(waiting)).length, 1_200)
    await assert.rejects(
      write(async () => 'late'),
      isError('storage_unavailable'),
    )
  })
})

describe('a unit that waits for something other than its tables', () => {
  const opened = useStorage(sqlite)

  const foreign: Readonly<Record<string, () => Promise<unknown>>> = {
    'a timer': () => wait(0),
    'a promise that never settles': () => new Promise(() => undefined),
    'the next round of the event loop': () => new Promise((resolve) => setImmediate(resolve)),
    'another unit': () => opened().storage.write(async () => undefined),
  }

  for (const [name, waitForIt] of Object.entries(foreign))
    test(`${name}: it is undone and told, and its neighbours are committed`, async () => {
      const { storage } = opened()
      const applicationId = newApplication()
      const [first, stalled, last] = [1, 2, 3].map(() => newEndUser(applicationId))
      assert.ok(first && stalled && last)
      let afterwards: Promise<unknown> | undefined
      const outcomes = await Promise.allSettled([
        storage.write((tables) => tables.endUsers.createOrGet(first)),
        storage.write(async (tables) => {
          await tables.endUsers.createOrGet(stalled)
          await waitForIt()
          afterwards = tables.endUsers.createOrGet(stalled)
          await afterwards
        }),
        storage.write((tables) => tables.endUsers.createOrGet(last)),
      ])
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      assert.ok(outcomes[1]?.status === 'rejected' && isError('server_error')(outcomes[1].reason))
      const found = await storage.read.endUsers.findMany(applicationId, [first.id, stalled.id, last.id])
      assert.deepEqual(new Set(found.map(({ id }) => id)), new Set([first.id, last.id]))
      await afterwards?.catch(() => undefined)
    })

  test('awaiting many tables and plain values is no waiting', async () => {
    const { storage } = opened()
    const applicationId = newApplication()
    await storage.write(async (tables) => {
      for (let n = 0; n < 50; n++) {
        await Promise.resolve(n)
        await Promise.all([1, 2].map(() => tables.endUsers.createOrGet(newEndUser(applicationId))))
      }
    })
    const [row] = await opened().raw.query(
      `select count(*) as stored from end_users where application_id = '${applicationId}'`,
    )
    assert.equal(row?.['stored'], 100)
  })
})
