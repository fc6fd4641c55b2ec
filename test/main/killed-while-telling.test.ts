// Goal: whatever moment the whole service is killed at, every committed event arrives, by webhook and through the feed, in the
// order of its account, and nothing that was not committed; and what was answered was committed. Method: a real service
// with a database, its API, its deliverer and its feed; backends and phones that use it over HTTP; SIGKILL at arrivals
// and answers that a seed chooses. Each further process has a clock that is ahead by more than a dead one's leases.
import assert from 'node:assert/strict'
import path from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { createSpringbarClient } from '@springbar/sdk'
import { asApplicationId, asConnectionId } from '../../src/model/ids.ts'
import { openStorage } from '../../src/storage/open.ts'
import { isLong } from '../support/long.ts'
import { codeIn } from '../support/phones.ts'
import { createDatabase } from '../support/postgres.ts'
import { type Received, startReceiver } from '../support/receiver.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { allEvents } from '../webhooks/delivery.ts'
import { newKey } from './serving.ts'
import { freePorts, type Running, start, temporaryFolder } from './support.ts'

const PROGRAM = path.join(import.meta.dirname, 'serve-at-vendors.ts')
const API_KEY = 'Ha6-nBz4_qSd7-kMw2_tCf9'
const SECRET = 'Ys3_pJc8-fTg5_wRk1-bXv0'
const WEBHOOK_SECRET = 'whsec_x0BqU8u3nZrT5hKfYw2LmVdJ7cGeP1As'
const HEALTH_CONNECT = 44
const KILLS = 4
const AHEAD_MS = 120_000
const BACKENDS = 4
const REPORTS = 4
const BACKEND = {
  username: 'account',
  password: 'Wt7-vKx2_mQz9-rLb4_hNd6',
  applicationId: 'app',
  applicationSecret: SECRET,
  apiKey: API_KEY,
} as const
const SEEDS = {
  sqlite: isLong ? 8 : 2,
  postgres: isLong ? 8 : 1,
} as const

async function openPlace(database: 'sqlite' | 'postgres') {
  if (database === 'postgres') return createDatabase('telling')
  return { url: `sqlite:${path.join(temporaryFolder(), 'springbar.db')}`, drop: async () => undefined }
}

/** The service at one port, of which one process after the other is started. */
async function newService(databaseUrl: string, receiverUrl: string) {
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const config = {
    publicUrl: `http://localhost:${port}`,
    listen: { host: '127.0.0.1', port },
    database: databaseUrl,
    keys: [newKey()],
    trustedProxies: ['127.0.0.0/8'],
    webhooks: { networks: ['127.0.0.0/8'] },
    accounts: [
      {
        username: 'account',
        passwords: [BACKEND.password],
        applications: [
          {
            id: 'app',
            name: 'App',
            secrets: [SECRET],
            apiKeys: [API_KEY],
            apiRequestsPerSecond: 10_000,
            phoneApp: { sources: ['health-connect'] },
            webhooks: [{ url: receiverUrl, secrets: [WEBHOOK_SECRET] }],
          },
        ],
      },
    ],
  }
  return {
    url,
    run: async (turn: number): Promise<Running> => {
      const env = {
        CONFIG: JSON.stringify(config),
        VENDORS: 'http://127.0.0.1:9',
        AHEAD_MS: String(turn * AHEAD_MS),
      }
      const running = start([], { program: PROGRAM, env })
      await running.says(/springbar is serving/)
      return running
    },
  }
}

/** What was answered, so that it must have been committed: connections that were made, and that were ended. */
interface Answered {
  readonly connected: Set<string>
  readonly disconnected: Set<string>
}

/** One person after the other connects on a phone, changes permissions, and disconnects; or the backend does that. */
async function work(
  url: string,
  number: number,
  { answered, isOver, count }: { answered: Answered; isOver: () => boolean; count: () => void },
): Promise<void> {
  let persons = 0
  /** Null where the service died on the way: whether it did what was asked is not known then. */
  const ask = async (target: string, init: RequestInit = {}): Promise<Response | null> => {
    const headers = { 'x-forwarded-for': `10.${number}.${persons >> 8}.${persons & 255}`, ...init.headers }
    try {
      const response = await fetch(`${url}${target}`, { redirect: 'manual', ...init, headers })
      // An answer that was cut counts as none.
      const whole = new Response(response.body === null ? null : await response.text(), response)
      count()
      return whole
    } catch {
      return null
    }
  }
  const key = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }
  const post = (target: string, body: unknown, headers: Record<string, string> = key) =>
    ask(target, { method: 'POST', body: JSON.stringify(body), headers })
  /** The field of a good answer; null for anything else. */
  const read = async (response: Response | null, name: string): Promise<string | null> => {
    if (response === null || !response.ok) return null
    const value: unknown = Object(await response.json())[name]
    return typeof value === 'string' ? value : null
  }

  while (!isOver()) {
    persons += 1
    const endUserId = await read(await post('/v1/users', {}), 'id')
    if (endUserId === null) continue
    const token = await read(await post('/v1/sessions', { endUserId }), 'token')
    if (token === null) continue
    const code = await pairingCode(ask, token)
    if (code === null) continue
    const redeemed = await post(
      '/v1/pairings/redeem',
      { applicationId: 'app', code, permissions: { granted: ['A'], missing: ['B'] } },
      { 'content-type': 'application/json' },
    )
    if (redeemed === null || !redeemed.ok) continue
    // our own API's answer
    const { deviceToken, connection } = (await redeemed.json()) as {
      deviceToken: string
      connection: { id: string }
    }
    answered.connected.add(connection.id)
    const device = { authorization: `Bearer ${deviceToken}`, 'content-type': 'application/json' }
    for (let i = 0; i < REPORTS; i++) {
      const permissions =
        i % 2 === 0 ? { granted: ['A', 'B'], missing: [] } : { granted: ['A'], missing: ['B'] }
      await post('/v1/device/report', { status: 'connected', permissions }, device)
    }
    const ended =
      persons % 2 === 0
        ? await ask(`/v1/connections/${connection.id}`, { method: 'DELETE', headers: key })
        : await post('/v1/device/report', { status: 'disconnected' }, device)
    if (ended?.ok) answered.disconnected.add(connection.id)
  }
}

async function pairingCode(
  ask: (target: string, init?: RequestInit) => Promise<Response | null>,
  token: string,
): Promise<string | null> {
  const query = new URLSearchParams({ token, dataSource: String(HEALTH_CONNECT) })
  const started = await ask(`/dataSourceDirectConnection.html?${query}`)
  const location = started?.headers.get('location')
  if (started === null || location === null || location === undefined) return null
  const cookie = started.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const { pathname, search } = new URL(location)
  const page = await ask(pathname + search, { headers: { cookie } })
  return page === null ? null : codeIn(await page.text()) || null
}

/** Resolves when `look` is true; it is asked after each call of `tell`. */
function until() {
  const watchers = new Set<() => void>()
  return {
    tell: () => {
      for (const look of watchers) look()
    },
    holds: (isSo: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!isSo()) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
      }),
  }
}

/** Plays the whole: what was committed, and what each way told of it. */
async function play(test: TestContext, database: 'sqlite' | 'postgres', seed: number) {
  const random = seededRandom(`telling ${seed}`)
  const upTo = (max: number) => 1 + (((random(1)[0] ?? 0) * 256 + (random(1)[0] ?? 0)) % max)
  const place = await openPlace(database)
  const progress = until()
  const receiver = await startReceiver(() => {
    progress.tell()
    return 204
  })
  const service = await newService(place.url, receiver.url)
  let running = await service.run(0)
  const ending = new AbortController()
  let [answers, isOver] = [0, false]
  test.after(async () => {
    ending.abort()
    isOver = true
    running.signal('SIGKILL')
    await running.ended
    await receiver.close()
    await place.drop()
  })

  const read: string[] = []
  const client = createSpringbarClient({ apiUrl: service.url, ...BACKEND, random: () => 0.01 })
  const following = (async () => {
    for await (const { id } of client.events({ signal: ending.signal })) {
      read.push(id)
      progress.tell()
    }
  })()
  const answered: Answered = { connected: new Set(), disconnected: new Set() }
  const count = () => {
    answers += 1
    progress.tell()
  }
  const working = Array.from({ length: BACKENDS }, (_, number) =>
    work(service.url, number, { answered, isOver: () => isOver, count }),
  )
  for (let turn = 1; turn <= KILLS; turn++) {
    const [fromAnswers, fromArrivals] = [answers, receiver.received.length]
    const [moreAnswers, moreArrivals] = [upTo(250), upTo(60)]
    await progress.holds(() =>
      turn % 2 === 0
        ? answers >= fromAnswers + moreAnswers
        : receiver.received.length >= fromArrivals + moreArrivals,
    )
    running.signal('SIGKILL')
    assert.equal((await running.ended).signal, 'SIGKILL')
    running = await service.run(turn)
  }
  isOver = true
  await Promise.all(working)

  const storage = await openStorage({ url: place.url })
  const committed = await allEvents(storage, asApplicationId('app'))
  await storage.close()
  await progress.holds(() => {
    const seen = new Set(receiver.received.map(idOf))
    return read.length >= committed.length && committed.every(({ id }) => seen.has(id))
  })
  ending.abort()
  await following
  return { committed, read, received: receiver.received, answered }
}

const idOf = ({ headers }: Received): string => String(headers['webhook-id'])

for (const database of ['sqlite', 'postgres'] as const)
  for (let seed = 0; seed < SEEDS[database]; seed++)
    describe(`a service that is killed while it tells (${database}, seed ${seed})`, () => {
      it('every committed event arrives by webhook and through the feed, in order, and no other [T112]', async (t) => {
        const { committed, read, received, answered } = await play(t, database, seed)
        const ids = committed.map(({ id }) => id)
        assert.ok(ids.length > 50, `${ids.length} events`)
        assert.deepEqual(read, ids, 'each once through the feed, in one order')
        const arrivals = [...new Set(received.map(idOf))]
        assert.deepEqual(arrivals.toSorted(), ids.toSorted(), 'these by webhook, and no other')
        for (const lane of new Set(committed.map((event) => event.lane))) {
          const own = committed.filter((event) => event.lane === lane).map(({ id }) => id)
          assert.deepEqual(
            arrivals.filter((id) => own.includes(id)),
            own,
            lane,
          )
        }
        for (const [type, connections] of [
          ['notification.source.connect', answered.connected],
          ['notification.source.disconnect', answered.disconnected],
        ] as const) {
          assert.ok(connections.size > 0, type)
          const told = committed.filter((one) => one.type === type).map(({ connectionId }) => connectionId)
          for (const id of connections) assert.ok(told.includes(asConnectionId(id)), `${type} was answered`)
        }
        const bodies = new Map(received.map((one) => [idOf(one), one.body]))
        for (const one of received) assert.deepEqual(one.body, bodies.get(idOf(one)))
      })
    })
