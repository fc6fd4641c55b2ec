// `npm run bench:tokens`: what reading tokens and renewing them costs. (a) Reads of fresh tokens beside bare authenticated
// calls of the same server, (b) a call through the proxy beside the same call made directly, (c) refreshes per second and per
// second of processor time on both databases. The vendor is a process of its own that answers at once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context } from '../src/broker/context.ts'
import { sealTokens } from '../src/broker/sealing/sealed-tokens.ts'
import { newRenewal } from '../src/broker/tokens/renewal-schedule.ts'
import { createRenewer } from '../src/broker/tokens/run-renewals.ts'
import { createVendorCircuits } from '../src/broker/tokens/vendor-circuits.ts'
import { parseConfig } from '../src/config/index.ts'
import { configRulesOf } from '../src/main/config-rules.ts'
import { createLog } from '../src/main/log.ts'
import { openContext } from '../src/main/service.ts'
import { asApplicationId, type ConnectionId, type EndUserId } from '../src/model/ids.ts'
import { secret } from '../src/model/secret.ts'
import { sources } from '../src/sources/index.ts'
import { newConnection, newEndUser } from '../test/storage/rows.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { API_KEY, APP, configAtVendors } from './at-vendor.ts'
import { measure, median, ratio, type Target } from './load.ts'
import { start, stop } from './process.ts'

const [VENDOR_PORT, SERVICE_PORT] = [18_094, 18_095]
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4)
const CONNECTIONS = Number(process.env['BENCH_CONNECTIONS'] ?? 3_000)
const PROXY_CALLS = 1_000
const HOUR_MS = 3_600_000
const LIVES = { connections: 1_000_000, hours: 8 } as const

/** Vendors whose access tokens all live eight hours here, so that no vendor's places alone are the limit. */
const VENDORS = [
  { vendor: 'strava', sourceId: 11 },
  { vendor: 'whoop', sourceId: 42 },
] as const
const script = (name: string) => fileURLToPath(new URL(`./servers/${name}`, import.meta.url))
const vendorUrl = `http://127.0.0.1:${VENDOR_PORT}`

const configOf = (database: string) =>
  configAtVendors(
    SERVICE_PORT,
    database,
    VENDORS.map(({ vendor }) => vendor),
  )

const open = (database: string): Promise<Context> =>
  openContext(parseConfig(configOf(database), { ...configRulesOf(sources), tryOut: true }), {
    log: createLog('error'),
    sandboxOrigin: vendorUrl,
  })

/** Connections whose tokens live an hour more, to be renewed at `dueAt`. */
async function fill(context: Context, count: number, dueAt: number) {
  const ids: ConnectionId[] = []
  let endUserId: EndUserId | null = null
  for (let i = 0; i < count; i++) {
    const endUser = { ...newEndUser(asApplicationId(APP)), createdAt: context.now() }
    const { vendor, sourceId } = VENDORS[i % VENDORS.length] ?? VENDORS[0]
    const bare = newConnection(endUser, {
      vendor,
      sourceId,
      accountId: String(i),
      accessExpiresAt: context.now() + HOUR_MS,
      refreshExpiresAt: null,
    })
    const sealedTokens = sealTokens(context, bare, {
      accessToken: secret(`first-${i}`),
      refreshToken: secret(`first-refresh-${i}`),
      tokenType: 'bearer',
    })
    await context.storage.write(async (tables) => {
      await tables.endUsers.createOrGet(endUser)
      await tables.connections.insert({ ...bare, sealedTokens })
      await tables.renewals.put(newRenewal(bare, dueAt))
    })
    ids.push(bare.id)
    endUserId = endUser.id
  }
  return { ids, endUserId }
}

const line = (what: string, figure: string, goal = ''): void =>
  console.log(`${what.padEnd(52)} ${figure.padStart(12)}   ${goal}`)

async function measureReads(database: string): Promise<void> {
  const context = await open(database)
  const { ids, endUserId } = await fill(context, 200, context.now() + HOUR_MS)
  await context.storage.close()
  const url = `http://127.0.0.1:${SERVICE_PORT}`
  const env = { CONFIG: JSON.stringify(configOf(database)), VENDORS: vendorUrl }
  const service = await start(script('service.ts'), [], env, `${url}/healthz`)
  const headers = { Authorization: `Bearer ${API_KEY}` }
  const targets: readonly Target[] = [
    { name: 'bare', url, requests: [{ path: `/v1/users/${endUserId}`, headers }], status: 200 },
    {
      name: 'token',
      url,
      // Without a length, as many clients send a POST that has no body.
      requests: ids.map((id) => ({
        method: 'POST',
        path: `/v1/connections/${id}/token`,
        headers,
      })),
      status: 200,
    },
  ]
  const rates = await measure(targets, { rounds: ROUNDS, seconds: SECONDS })
  line('reads of an end user, per second', median(rates.get('bare') ?? []).toFixed(0))
  line('reads of a fresh token, per second', median(rates.get('token') ?? []).toFixed(0))
  line('token / end user', ratio(rates, 'token', 'bare').toFixed(2), 'at least 0.5')

  const timed = async (to: string, init: RequestInit = {}) => {
    const startedAt = performance.now()
    const response = await fetch(to, init)
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`${to} answers ${response.status}`)
    return performance.now() - startedAt
  }
  const [direct, proxied]: [number[], number[]] = [[], []]
  for (let i = 0; i < PROXY_CALLS; i++) {
    direct.push(await timed(`${vendorUrl}/www.strava.com/api/v3/athlete`))
    proxied.push(await timed(`${url}/v1/connections/${ids[0]}/proxy/athlete`, { headers }))
  }
  line('a call to the vendor directly, median', `${median(direct).toFixed(2)} ms`)
  line('the same call through the proxy, median', `${median(proxied).toFixed(2)} ms`)
  await stop(service)
}

/** Sources whose vendors set no limit: what is measured is the service. */
const withoutLimits = (all: Context['sources']): Context['sources'] =>
  new Map(
    [...all].map(([id, source]) => [
      id,
      source.kind === 'oauth2'
        ? { ...source, authorizations: source.authorizations.map((one) => ({ ...one, rateLimits: [] })) }
        : source,
    ]),
  )

async function measureRefreshes(name: string, database: string): Promise<void> {
  const context = await open(database)
  const { ids } = await fill(context, CONNECTIONS, 0)
  const outcomes = new Map<string, number>()
  const counted: Context = {
    ...context,
    sources: withoutLimits(context.sources),
    noteRenewal: (_, outcome) => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1),
  }
  const renewer = createRenewer(counted, createVendorCircuits(counted))
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
  await renewer.look()
  await renewer.idle()
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const cpuSeconds = (user + system) / 1e6
  if (outcomes.get('renewed') !== ids.length) throw new Error(`${name}: ${JSON.stringify([...outcomes])}`)
  await context.storage.close()
  const needed = LIVES.connections / (LIVES.hours * 3_600 * 0.9)
  line(
    `${name}: refreshes per second`,
    (ids.length / seconds).toFixed(0),
    `${needed.toFixed(0)} needed for a million`,
  )
  line(`${name}: refreshes per second of processor time`, (ids.length / cpuSeconds).toFixed(0))
  line(
    `${name}: processor time of a million with ${LIVES.hours} h`,
    `${((100 * needed * cpuSeconds) / ids.length).toFixed(0)} %`,
    'of one core',
  )
}

console.log(`node ${process.version}, ${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} refreshes\n`)
const vendor = await start(script('vendor.ts'), [], { PORT: String(VENDOR_PORT) }, vendorUrl)
const folder = mkdtempSync(join(tmpdir(), 'springbar-bench-'))
await measureReads(`sqlite:${join(folder, 'reads.db')}`)
await measureRefreshes('SQLite', `sqlite:${join(folder, 'refreshes.db')}`)
const postgres = await createDatabase('bench')
await measureRefreshes('PostgreSQL', postgres.url)
await postgres.drop()
await stop(vendor)
rmSync(folder, { recursive: true, force: true })
