// Goal: whatever moment a process dies at, every committed event arrives, with one id and one body, in the order of its
// vendor account; and nothing arrives that was not committed. Method: processes that write events and deliver them are
// killed with SIGKILL at arrivals that a fixed seed chooses; at the end the database and the receiver are compared.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createDatabase } from '../support/postgres.ts'
import { startReceiver } from '../support/receiver.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { allEvents, openDelivery, storeDeliveryEndpoint } from './delivery.ts'

const PROCESS = fileURLToPath(new URL('deliver-on.ts', import.meta.url))
const SEED = 'killed'
const KILLS = 6
const EVENTS_PER_PROCESS = 250
const EVENTS_IN_ALL = (KILLS + 1) * EVENTS_PER_PROCESS
/** Longer than a dead worker's leases. */
const RESTART_AFTER_MS = 120_000

async function openPlace(database: string) {
  if (database === 'postgres') return createDatabase('killed')
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-killed-'))
  const url = `sqlite:${path.join(folder, 'springbar.db')}`
  return { url, drop: async () => rmSync(folder, { recursive: true }) }
}

for (const database of ['sqlite', 'postgres'] as const)
  describe(`webhooks of a process that is killed (${database}, seed ${SEED})`, () => {
    it(`all arrive, of ${EVENTS_IN_ALL} that were tried to write, and no other [T112]`, async () => {
      const place = await openPlace(database)
      const receiver = await startReceiver()
      const context = await openDelivery(place.url, () => Date.now())
      try {
        const { applicationId } = await storeDeliveryEndpoint(context, receiver.url)
        const run = (turn: number) =>
          spawn(
            process.execPath,
            [
              ...process.execArgv.filter((one) => one.startsWith('--conditions')),
              '--disable-warning=ExperimentalWarning',
              PROCESS,
              place.url,
              applicationId,
              String(EVENTS_PER_PROCESS),
              String(turn * RESTART_AFTER_MS),
            ],
            { stdio: ['ignore', 'ignore', 'inherit'] },
          )
        const random = seededRandom(SEED)
        for (let turn = 0; turn < KILLS; turn++) {
          const victim = run(turn)
          const ended = once(victim, 'exit')
          await receiver.arrived(receiver.received.length + 1 + ((random(1)[0] ?? 0) % 100))
          victim.kill('SIGKILL')
          const [, signal] = await ended
          assert.equal(signal, 'SIGKILL')
        }
        const [code] = await once(run(KILLS), 'exit')
        assert.equal(code, 0)

        const committed = await allEvents(context.storage, applicationId)
        const arrivals = receiver.received.map(({ headers }) => String(headers['webhook-id']))
        assert.deepEqual([...new Set(arrivals)].toSorted(), committed.map(({ id }) => id).toSorted())
        assert.ok(committed.length > EVENTS_PER_PROCESS && committed.length < (EVENTS_IN_ALL * 2) / 3 + 1)
        const bodies = new Map(receiver.received.map(({ headers, body }) => [headers['webhook-id'], body]))
        for (const { headers, body } of receiver.received)
          assert.deepEqual(body, bodies.get(headers['webhook-id']))
        for (const lane of new Set(committed.map((event) => event.lane))) {
          const ids = committed.filter((event) => event.lane === lane).map(({ id }) => id)
          const firsts = [...new Set(arrivals.filter((id) => ids.includes(id)))]
          assert.deepEqual(firsts, ids, lane)
        }
        const { id } = (await context.storage.read.webhookEndpoints.list(applicationId))[0] ?? { id: '' }
        const pending = { status: 'pending', before: Number.MAX_SAFE_INTEGER, limit: 10 } as const
        assert.deepEqual(await context.storage.read.webhookDeliveries.list(applicationId, id, pending), [])
      } finally {
        await context.storage.close()
        await receiver.close()
        await place.drop()
      }
    })
  })
