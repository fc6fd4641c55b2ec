// `npm run bench:webhooks`: events written and delivered per second on both databases, and a large backlog drained in order
// by one process, with its memory. Receiver and deliverer are processes of their own on this machine, so the figures are
// what three processes reach together on its cores; PostgreSQL is that of the tests, which does not wait for the disk.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Event } from '../src/model/event.ts'
import type { DeliveryContext } from '../src/webhooks/index.ts'
import { newEndUser, newEvent } from '../test/storage/rows.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { openDelivery, storeDeliveryEndpoint } from '../test/webhooks/delivery.ts'
import { start, stop } from './process.ts'

const RECEIVER_PORT = 18_093
const BACKLOG = Number(process.env['BENCH_EVENTS'] ?? 100_000)
const SHORT = 10_000
const LANES = 500
const WRITERS = 50
const EVENTS_PER_UNIT = 500
/** The first seconds are the start of the process. */
const WARM_UP_SAMPLES = 5

const script = (name: string) => fileURLToPath(new URL(`./servers/${name}`, import.meta.url))
const receiverUrl = `http://127.0.0.1:${RECEIVER_PORT}/`
type ApplicationId = Event['applicationId']

async function openPlace(database: 'sqlite' | 'postgres') {
  if (database === 'postgres') return createDatabase('bench')
  const folder = mkdtempSync(join(tmpdir(), 'springbar-bench-'))
  return {
    url: `sqlite:${join(folder, 'bench.db')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function measure(database: string, url: string, context: DeliveryContext): Promise<void> {
  const written = await storeDeliveryEndpoint(context, receiverUrl)
  const writeMs = await writeSingly(context, written.applicationId, SHORT)
  const delivered = await drain(url, written)
  await remove(context, written.applicationId, written.id)
  const behind = await storeDeliveryEndpoint(context, receiverUrl)
  await writeTogether(context, behind.applicationId, BACKLOG)
  const backlog = await drain(url, behind)
  console.log(
    [
      line(`${database}: events written per second`, (SHORT / writeMs) * 1000),
      line(`${database}: of ${SHORT}, delivered per second`, (SHORT / delivered.ms) * 1000, delivered.told),
      line(`${database}: of ${BACKLOG}, delivered per second`, (BACKLOG / backlog.ms) * 1000, backlog.told),
      `${`${database}: resident memory meanwhile`.padEnd(46)} ${backlog.memory}`,
      '',
    ].join('\n'),
  )
}

/** The n-th event in turn over all lanes, numbered within its lane. */
const eventOf = (applicationId: ApplicationId, n: number): Event =>
  newEvent(newEndUser(applicationId), {
    lane: `lane ${n % LANES}`,
    sourceId: n % LANES,
    createdAt: Math.floor(n / LANES),
  })

/** Each event in a unit of its own, as they happen. Each lane has one writer, which keeps its order. */
async function writeSingly({ storage }: DeliveryContext, applicationId: ApplicationId, count: number) {
  const began = performance.now()
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = writer; n < count; n += WRITERS)
        await storage.write((tables) => tables.events.append(eventOf(applicationId, n)))
    }),
  )
  return performance.now() - began
}

async function writeTogether({ storage }: DeliveryContext, applicationId: ApplicationId, count: number) {
  for (let first = 0; first < count; first += EVENTS_PER_UNIT)
    await storage.write(async (tables) => {
      for (let n = first; n < Math.min(count, first + EVENTS_PER_UNIT); n++)
        await tables.events.append(eventOf(applicationId, n))
    })
}

const remove = ({ storage }: DeliveryContext, applicationId: ApplicationId, id: string) =>
  storage.write((tables) => tables.webhookEndpoints.remove(applicationId, id))

/** Delivers everything in a process of its own; tells how long that took, what arrived, and how its memory went. */
async function drain(url: string, endpoint: { readonly id: string; readonly applicationId: ApplicationId }) {
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [...process.execArgv, script('deliver.ts'), url, endpoint.applicationId, endpoint.id],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  await once(child, 'close')
  const ms = performance.now() - began
  const counts = (await (await fetch(receiverUrl)).json()) as Record<string, number> // the receiver's own answer
  const samples = out.split('\n').filter(Boolean).map(Number).slice(WARM_UP_SAMPLES)
  const megabytes = (bytes: number | undefined) => `${Math.round((bytes ?? 0) / 1e6)} MB`
  const memory =
    samples.length < 2
      ? 'too quick to tell'
      : `${megabytes(samples[0])} after ${WARM_UP_SAMPLES} s, ${megabytes(Math.max(...samples))} at most, ${megabytes(samples.at(-1))} at the end`
  const told = `${counts['arrived']} arrived, ${counts['outOfOrder']} out of order, ${counts['again']} twice`
  return { ms, told, memory }
}

function line(what: string, figure: number, note = ''): string {
  return `${what.padEnd(46)} ${figure.toFixed(0).padStart(7)}   ${note}`
}

const receiver = await start(script('receiver.ts'), [], { PORT: String(RECEIVER_PORT) }, receiverUrl)
console.log(`node ${process.version}, ${LANES} vendor accounts, ${WRITERS} writers\n`)
for (const database of ['sqlite', 'postgres'] as const) {
  const place = await openPlace(database)
  const context = await openDelivery(place.url, () => Date.now())
  try {
    await measure(database, place.url, context)
  } finally {
    await context.storage.close()
    await place.drop()
  }
}
await stop(receiver)
