// Several processes of the service on one PostgreSQL, vendors over real HTTP whose answers can be held, and a way to the
// database that can be held too: a process that is killed then dies at a known point.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Client } from 'pg'
import { createDatabase } from '../support/postgres.ts'
import { accountKey, createVendors } from '../support/vendors.ts'
import { freePorts, type Running, start } from './support.ts'

const PROGRAM = path.join(import.meta.dirname, 'serve-at-vendors.ts')
const PUBLIC_URL = 'http://localhost:8080'
const SECRET = 'Ys3_pJc8-fTg5_wRk1-bXv0'
const API_KEY = 'Ha6-nBz4_qSd7-kMw2_tCf9'
const KEY = randomBytes(32).toString('base64')

/** How a vendor rotates, and which source and application it is connected by. */
const KINDS = {
  /** The old refresh token dies, and one that is used twice ends the whole grant. */
  strict: { vendor: 'fitbit', dataSource: 1, application: 'legacy' },
  /** The old refresh token works until the new access token is used. */
  overlapping: { vendor: 'withings', dataSource: 8, application: 'app' },
  /** The refresh token stays. */
  stable: { vendor: 'google-health', dataSource: 1, application: 'app' },
} as const
export type Kind = keyof typeof KINDS

/** A point on the way of a refresh at which everything is held. */
export interface Hold {
  /** Resolves when the point is reached. */
  readonly reached: Promise<void>
  /** Lets go on. */
  readonly release: () => void
}

/** What a gate does with something that comes by: nothing, or holds it. */
interface Gate {
  readonly pass: (text: string) => Promise<void>
  readonly holdNext: (pattern: RegExp) => Hold
}

function createGate(): Gate {
  const holds: { pattern: RegExp; reach: () => void; released: Promise<void> }[] = []
  return {
    pass: async (text) => {
      const at = holds.findIndex(({ pattern }) => pattern.test(text))
      const [hold] = at === -1 ? [] : holds.splice(at, 1)
      hold?.reach()
      await hold?.released
    },
    holdNext: (pattern) => {
      const reached = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      holds.push({ pattern, reach: reached.resolve, released: released.promise })
      return { reached: reached.promise, release: released.resolve }
    },
  }
}

/** Where a statement is held on its way to the database: itself, its transaction's commit, or the answer to that. */
export type DatabasePoint = 'statement' | 'commit' | 'committed'

/** A way to a PostgreSQL that can be held. */
interface DatabaseWay {
  readonly url: string
  readonly hold: (statement: RegExp, at: DatabasePoint) => Hold
  readonly close: () => void
}

async function openDatabaseWay(databaseUrl: string): Promise<DatabaseWay> {
  const { hostname, port } = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let order: { statement: RegExp; at: DatabasePoint; reach: () => void; released: Promise<void> } | null =
    null
  const server: Server = createServer((near) => {
    const far = connect(Number(port), hostname)
    let isMarked = false
    let isHeld = false
    let isCommitting = false
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    const holdHere = (then: () => void) => {
      isHeld = true
      order?.reach()
      void order?.released.then(then)
    }
    near.on('data', (data: Buffer) => {
      const text = data.toString('latin1')
      if (order?.statement.test(text)) isMarked = true
      const isCommit = isMarked && /commit/i.test(text)
      const isPoint = order?.at === 'statement' ? isMarked : order?.at === 'commit' && isCommit
      if (isPoint) return holdHere(() => far.write(data))
      isCommitting ||= isCommit
      far.write(data)
    })
    far.on('data', (data: Buffer) => {
      if (isCommitting && order?.at === 'committed') return holdHere(() => near.write(data))
      if (!isHeld) near.write(data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port) // it listens on a port
  return {
    url: url.href,
    hold: (statement, at) => {
      const reached = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      order = { statement, at, reach: reached.resolve, released: released.promise }
      return { reached: reached.promise, release: released.resolve }
    },
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** One process of the service. */
export interface Replica {
  readonly running: Running
  readonly url: string
  readonly database: DatabaseWay
  readonly read: (connection: Connected) => Promise<Response>
}

/** A connection, and how its vendor rotates. */
export interface Connected {
  readonly id: string
  readonly kind: Kind
}

/** Vendors, a database and everything that is needed to start processes on them. */
export async function openPlace() {
  const database = await createDatabase('renewing')
  const sandbox = createVendors({
    now: Date.now,
    random: (byteLength) => new Uint8Array(randomBytes(byteLength)),
    publicUrl: PUBLIC_URL,
    origin: 'http://localhost:8081',
    tell: (url, init) => fetch(url, init),
  })
  sandbox.control.setSwitches('fitbit', { endGrantOnRefreshReuse: true })
  const [asked, answered] = [createGate(), createGate()]
  /** Refresh tokens in the order in which they reached a vendor, and what was answered. */
  const refreshes: { readonly token: string; readonly status: number }[] = []
  const vendors = createAdaptorServer({
    fetch: async (request: Request) => {
      const body = await request.clone().text()
      const token = new URLSearchParams(body).get('refresh_token')
      if (token === null) return sandbox.app.fetch(request)
      await asked.pass(request.url)
      const response = await sandbox.app.fetch(request)
      refreshes.push({ token, status: response.status })
      await answered.pass(request.url)
      return response
    },
  })
  vendors.listen(0, '127.0.0.1')
  await once(vendors, 'listening')
  const { port } = vendors.address() as AddressInfo // it listens on a port
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const ways: DatabaseWay[] = []

  const startReplica = async (aheadMs = 0): Promise<Replica> => {
    const [at = 0] = await freePorts(1)
    const way = await openDatabaseWay(database.url)
    ways.push(way)
    const running = start([], {
      program: PROGRAM,
      env: {
        CONFIG: JSON.stringify(configOf(at, way.url)),
        VENDORS: `http://localhost:${port}`,
        AHEAD_MS: String(aheadMs),
      },
    })
    await running.says(/springbar is serving/)
    const url = `http://127.0.0.1:${at}`
    return {
      running,
      url,
      database: way,
      read: ({ id, kind }) =>
        fetch(`${url}/v1/connections/${id}/token`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${API_KEY}-${KINDS[kind].application}` },
        }),
    }
  }

  return {
    sandbox,
    refreshes,
    /** Before a refresh reaches its vendor, and after its vendor has answered; by its address. */
    asked,
    answered,
    startReplica,
    query: async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows,
    /** The state of a connection as it is stored. */
    stateOf: async ({ id }: Connected) => {
      const { rows } = await client.query('select status, reauth_reason from connections where id = $1', [id])
      return [rows[0]?.status, rows[0]?.reauth_reason]
    },
    connect: (replica: Replica, kind: Kind, person: number) => connectPerson(sandbox, replica, kind, person),
    close: async () => {
      for (const way of ways) way.close()
      await client.end()
      vendors.close()
      if ('closeAllConnections' in vendors) vendors.closeAllConnections()
      sandbox.close()
      await database.drop()
    },
  }
}

const configOf = (port: number, database: string) => ({
  publicUrl: PUBLIC_URL,
  listen: { host: '127.0.0.1', port },
  database,
  keys: [{ id: 'k1', key: KEY }],
  accounts: [
    {
      username: 'account',
      passwords: [SECRET],
      applications: ['app', 'legacy'].map((id) => ({
        id,
        name: id,
        secrets: [SECRET],
        apiKeys: [`${API_KEY}-${id}`],
        redirectUris: ['https://app.example.com/done'],
        apiRequestsPerSecond: 100_000,
        clients: Object.fromEntries(
          Object.values(KINDS)
            .filter(({ application }) => application === id)
            .map(({ vendor }) => [
              vendor,
              { clientId: `${vendor}-client`, clientSecret: `${vendor}-client-secret` },
            ]),
        ),
      })),
    },
  ],
})

/** Somebody goes all the way: end user, session, consent, callback. */
async function connectPerson(
  { control }: ReturnType<typeof createVendors>,
  { url }: Replica,
  kind: Kind,
  person: number,
): Promise<Connected> {
  const { application, dataSource } = KINDS[kind]
  const basic = (name: string) => `Basic ${Buffer.from(`${name}:${SECRET}`).toString('base64')}`
  const headers = { Authorization: basic('account'), AppAuthorization: basic(application) }
  const post = async (at: string, body: BodyInit, type: string) =>
    (
      await fetch(`${url}${at}`, { method: 'POST', headers: { ...headers, 'content-type': type }, body })
    ).text()
  const endUserId = await post('/v5/accessToken', '', 'application/x-www-form-urlencoded')
  const minted = await post('/widget/v6/connection', JSON.stringify({ endUserId }), 'application/json')
  const token = minted.split('connectionSessionToken=')[1]?.split('&')[0] ?? ''
  const query = new URLSearchParams({ token, dataSource: String(dataSource) })
  const left = await fetch(`${url}/dataSourceDirectConnection.html?${query}`, { redirect: 'manual' })
  const cookie = left.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const account = accountKey(person)
  const { location } = await control.consent(left.headers.get('location') ?? '', { account })
  assert.ok(location, 'the vendor kept the person')
  const callback = `${url}${location.slice(new URL(location).origin.length)}`
  assert.equal((await fetch(callback, { redirect: 'manual', headers: { cookie } })).status, 303)
  const own = { Authorization: `Bearer ${API_KEY}-${application}` }
  const listed = await fetch(`${url}/v1/users/${endUserId}/connections`, { headers: own })
  const { data } = (await listed.json()) as { data: { id: string }[] } // the documented answer
  assert.equal(data.length, 1)
  return { id: data[0]?.id ?? '', kind }
}
