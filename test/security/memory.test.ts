// Goal: a token that was replaced is not in memory any more, so that a dump of it is worth one request. Method: a process
// that refreshes many times, whose heap is then searched for every token that it ever held.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { isLong } from '../support/long.ts'

const REFRESHES = isLong ? 10_000 : 300
const SEED = 'a seed that nobody knows'
const PROGRAM = path.join(import.meta.dirname, 'refreshing-program.ts')
const tokenOf = (kind: string, n: number) => createHmac('sha256', SEED).update(`${kind} ${n}`).digest('hex')

let folder: string
before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'springbar-memory-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

test(`after ${REFRESHES} refreshes the heap holds no token older than the last request [T105]`, async () => {
  const file = path.join(folder, 'refreshing.heapsnapshot')
  const database = `sqlite:${path.join(folder, 'refreshing.db')}`
  const args = ['--conditions=springbar-source', PROGRAM, database, file, SEED, String(REFRESHES)]
  await promisify(execFile)(process.execPath, args)
  const heap = readFileSync(file, 'latin1')
  assert.ok(heap.includes(SEED), 'a text that is in memory is found')
  const inHeap = new Set(heap.match(/[0-9a-f]{64}/g))
  const old = Array.from({ length: REFRESHES }, (_, n) => [tokenOf('access', n), tokenOf('refresh', n)])
  const found = old.flatMap((pair, n) => (pair.some((token) => inHeap.has(token)) ? [n] : []))
  assert.deepEqual(found, [])
})
