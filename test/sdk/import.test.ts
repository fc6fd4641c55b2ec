// Goal: every entry of the SDK can be imported where there is no page, as a server or a worker does, and nothing happens.
// Method: a fresh thread of Node imports each one, without a DOM and with the names that a worker has; what is new on the global
// object, what was called, and what keeps the thread alive is counted.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'

const manifest: { exports: Record<string, unknown> } = JSON.parse(
  readFileSync(new URL('../../sdk/package.json', import.meta.url), 'utf8'),
)

const PROGRAM = `
import { parentPort, workerData } from 'node:worker_threads'
if (workerData.isWorkerLike) Object.assign(globalThis, { self: globalThis, importScripts() {}, location: { href: 'https://app.example/w.js' } })
const effects = []
for (const name of ['fetch', 'setTimeout', 'setInterval', 'BroadcastChannel', 'addEventListener'])
  globalThis[name] = function () { effects.push(name) }
const before = Reflect.ownKeys(globalThis).length
const entry = await import(workerData.specifier)
entry.defineSpringbarConnect?.()
const returned = entry.finishReturn?.({ action: 'connect' }) ?? null
parentPort.postMessage({ effects, added: Reflect.ownKeys(globalThis).length - before, names: Object.keys(entry).length > 0, returned })`

describe('importing the SDK', () => {
  for (const entry of Object.keys(manifest.exports))
    for (const isWorkerLike of [false, true])
      it(`has no effect: ${entry} ${isWorkerLike ? 'in a worker' : 'on a server'}`, async () => {
        const specifier = import.meta.resolve(`@springbar/sdk${entry.slice(1)}`)
        const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`), {
          workerData: { specifier, isWorkerLike },
        })
        const [[told], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
        assert.deepEqual([told, code], [{ effects: [], added: 0, names: true, returned: null }, 0])
      })
})
