// `npm run bench:notifications`: how long a vendor waits for its answer, at a steady 500 notifications a second, each of them
// another one, stored before it is answered. Whoever is slow does not slow the others down: each leaves at its own time.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDatabase } from '../test/support/postgres.ts'
import { API_KEY, configAtVendors } from './at-vendor.ts'
import { type Started, start, stop } from './process.ts'

const [VENDOR_PORT, SERVICE_PORT] = [18_096, 18_097]
const PER_SECOND = 500
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 20)
const WARM_UP_SECONDS = 5
/** Vendors wait two to five seconds, and switch an address off that is slower. */
const GOAL_MS = 500

const script = (name: string) => fileURLToPath(new URL(`./servers/${name}`, import.meta.url))
const vendorUrl = `http://127.0.0.1:${VENDOR_PORT}`
const serviceUrl = `http://127.0.0.1:${SERVICE_PORT}`

/** The path where the vendor's notifications arrive. */
async function inboundPath(): Promise<string> {
  const headers = { Authorization: `Bearer ${API_KEY}` }
  const answer = await fetch(`${serviceUrl}/v1/data-sources/11`, { headers })
  return /\/inbound\/[^"]+/.exec(await answer.text())?.[0] ?? ''
}

/** How long each of them took, in milliseconds. */
async function send(url: string, first: number, count: number): Promise<readonly number[]> {
  const startedAt = performance.now()
  const one = async (index: number) => {
    const waitMs = startedAt + (index * 1_000) / PER_SECOND - performance.now()
    await new Promise((resolve) => setTimeout(resolve, Math.max(waitMs, 0)))
    const sentAt = performance.now()
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        object_type: 'activity',
        object_id: first + index,
        aspect_type: 'create',
        owner_id: index % 1_000,
        subscription_id: 1,
        event_time: 1_770_000_000 + index,
      }),
    })
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`${url} answers ${response.status}`)
    return performance.now() - sentAt
  }
  return Promise.all(Array.from({ length: count }, (_, index) => one(index)))
}

/** The times of a warm service, in order; it is stopped then. */
async function measureAt(service: Started): Promise<readonly number[]> {
  try {
    const url = serviceUrl + (await inboundPath())
    const warmUp = PER_SECOND * WARM_UP_SECONDS
    await send(url, 0, warmUp)
    return (await send(url, warmUp, PER_SECOND * SECONDS)).toSorted((a, b) => a - b)
  } finally {
    await stop(service)
  }
}

async function measureAnswers(name: string, database: string): Promise<void> {
  const env = {
    CONFIG: JSON.stringify(configAtVendors(SERVICE_PORT, database, ['strava'])),
    VENDORS: vendorUrl,
  }
  const service = await start(script('service.ts'), [], env, `${serviceUrl}/healthz`)
  const times = await measureAt(service)
  const at = (part: number) => `${(times[Math.floor((times.length - 1) * part)] ?? Number.NaN).toFixed(1)} ms`
  console.log(
    `${name.padEnd(12)} median ${at(0.5)}, 99 of 100 within ${at(0.99)}, slowest ${at(1)}   goal: 99 of 100 within ${GOAL_MS} ms`,
  )
}

console.log(`node ${process.version}, ${PER_SECOND} notifications a second for ${SECONDS} s\n`)
const vendor = await start(script('vendor.ts'), [], { PORT: String(VENDOR_PORT) }, vendorUrl)
const folder = mkdtempSync(join(tmpdir(), 'springbar-bench-'))
try {
  await measureAnswers('SQLite', `sqlite:${join(folder, 'notifications.db')}`)
  const postgres = await createDatabase('bench')
  await measureAnswers('PostgreSQL', postgres.url)
  await postgres.drop()
} finally {
  await stop(vendor)
  rmSync(folder, { recursive: true, force: true })
}
