// Goal: the file is private, whole after a crash, and honest about a disk that is full. Method: real files; a process
// that is killed among its writes, one that may not write any further, and the query plans of every statement.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { describe, type TestContext, test } from 'node:test'
import { asEndUserId } from '../../src/model/ids.ts'
import { openStorage } from '../../src/storage/open.ts'
import { newAttempt, newConnection, newSession, storeEndUser } from './rows.ts'
import { isError, newHex, type Raw, sqlite } from './support.ts'

const CHILD = new URL('write-on.ts', import.meta.url).pathname

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-file-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)

const refusedWith = (sentence: RegExp) => (error: Error) => {
  assert.ok(isError('storage_unavailable')(error))
  assert.match(error.message, sentence)
  return true
}

describe('the file', () => {
  test('is created with its folder, for its owner alone, its log as well', async (t) => {
    const folder = path.join(newFolder(t), 'a', 'b')
    const storage = await openStorage({ url: `sqlite:${folder}/springbar.db` })
    await storeEndUser(storage)
    assert.equal(mode(folder), '700')
    assert.deepEqual(
      readdirSync(folder)
        .toSorted()
        .map((file) => [file, mode(path.join(folder, file))]),
      [
        ['springbar.db', '600'],
        ['springbar.db-shm', '600'],
        ['springbar.db-wal', '600'],
      ],
    )
    await storage.close()
    assert.deepEqual(readdirSync(folder), ['springbar.db'])
  })

  test('that others could read is made private', async (t) => {
    const file = path.join(newFolder(t), 'springbar.db')
    writeFileSync(file, '')
    chmodSync(file, 0o644)
    await (await openStorage({ url: `sqlite:${file}` })).close()
    assert.equal(mode(file), '600')
  })

  test('is in write-ahead logging', async (t) => {
    const file = path.join(newFolder(t), 'springbar.db')
    const storage = await openStorage({ url: `sqlite:${file}` })
    const connection = new DatabaseSync(file)
    assert.equal(connection.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal')
    connection.close()
    await storage.close()
  })

  test('that cannot be one is one sentence', async (t) => {
    const folder = newFolder(t)
    const open = (file: string) => openStorage({ url: `sqlite:${path.join(folder, file)}` })
    writeFileSync(path.join(folder, 'file'), 'x')
    await assert.rejects(
      open('file/springbar.db'),
      refusedWith(/springbar\.db cannot be written: check its folder/),
    )
    mkdirSync(path.join(folder, 'folder'))
    await assert.rejects(open('folder'), refusedWith(/folder cannot be written/))
    writeFileSync(path.join(folder, 'text'), 'This is not a database.'.repeat(100))
    await assert.rejects(open('text'), refusedWith(/text cannot be used as a database/))
    assert.equal(readFileSync(path.join(folder, 'text'), 'utf8'), 'This is not a database.'.repeat(100))
  })

  test('has a path', async () => {
    for (const url of ['sqlite:', 'sqlite::memory:', '', 'mysql://localhost/x', '/var/lib/springbar.db'])
      await assert.rejects(
        openStorage({ url }),
        refusedWith(/The setting database \(or DATABASE_URL\) names none/),
      )
  })

  test('keeps no trace of an erased person', async (t) => {
    const place = await sqlite.createPlace()
    t.after(place.drop)
    const file = place.url.slice('sqlite:'.length)
    const alias = `person-${newHex(16)}`
    const first = await openStorage({ url: place.url })
    const person = await storeEndUser(first, { alias })
    await first.write(async (tables) => {
      await tables.sessions.insert(newSession(person, { label: alias }))
      await tables.attempts.insert(newAttempt(person))
      await tables.connections.insert(newConnection(person))
    })
    await first.close()
    assert.ok(readFileSync(file).includes(alias))
    const second = await openStorage({ url: place.url })
    await second.write((tables) => tables.endUsers.erase(person.applicationId, person.id))
    await second.close()
    assert.equal(readFileSync(file).includes(alias), false)
    assert.equal(readFileSync(file).includes(person.id), false)
  })
})

/** Starts the writing process on a new database; `ulimit` is a shell's limit on it. */
async function startWriter(t: TestContext, ulimit?: string) {
  const place = await sqlite.createPlace()
  t.after(place.drop)
  const answersFile = `${place.url.slice('sqlite:'.length)}.answers`
  const command = [process.execPath, ...process.execArgv, CHILD, place.url, answersFile]
  const [program = '', ...args] = ulimit
    ? ['/bin/sh', '-c', `ulimit ${ulimit}; exec "$@"`, 'sh', ...command]
    : command
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  return { place, child, readAnswers: () => readFileSync(answersFile, 'utf8').trimEnd().split('\n') }
}

/** What is stored, and what SQLite itself says of the file. */
async function lookAt(raw: Raw) {
  const [check] = await raw.query('pragma integrity_check')
  const stored = new Set((await raw.query('select id from end_users')).map(({ id }) => String(id)))
  return { check: check?.['integrity_check'], stored }
}

describe('a process that ends in the middle of its writes', () => {
  for (const wanted of [1, 500, 3_000])
    test(`killed after ${wanted} answers: every row that was answered for is there`, async (t) => {
      const { place, child, readAnswers } = await startWriter(t)
      let dots = 0
      child.stdout.on('data', (chunk: Buffer) => {
        dots += chunk.length
        if (dots >= wanted) child.kill('SIGKILL')
      })
      const [, signal] = await once(child, 'close')
      assert.equal(signal, 'SIGKILL')

      const answered = readAnswers()
      assert.ok(answered.length >= wanted)
      await (await openStorage({ url: place.url })).close()
      const { check, stored } = await lookAt(place.raw)
      assert.equal(check, 'ok')
      assert.deepEqual(
        answered.filter((id) => !stored.has(id)),
        [],
      )
    })

  test('refused by the disk: its callers are told, what was answered for is there, and it can go on', async (t) => {
    // In blocks of 512 bytes, by POSIX; a file may not grow over this.
    const { place, child, readAnswers } = await startWriter(t, '-f 1000')
    assert.match(await text(child.stdout), /^\.+storage_unavailable$/)

    const storage = await openStorage({ url: place.url })
    // An id that the other process, which draws the same ones, has not used.
    const next = await storeEndUser(storage, { id: asEndUserId('f'.repeat(32)) })
    await storage.close()
    const { check, stored } = await lookAt(place.raw)
    assert.equal(check, 'ok')
    assert.deepEqual(stored, new Set([...readAnswers(), next.id]))
  })
})
