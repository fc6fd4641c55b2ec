// A production service for the benchmark: `springbar serve` on SQLite, as an operator would start it.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Started, start } from './process.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const SECRET = 'bench-Kw4tZq9mVx2LrB7hYd3NcP'
const REDIRECT_URI = 'https://app.example.com/connected'

const basic = (name: string) => `Basic ${Buffer.from(`${name}:${SECRET}`).toString('base64')}`

export const credentials = { Authorization: basic('bench'), AppAuthorization: basic('bench-app') }

export interface BenchService {
  readonly url: string
  readonly start: () => Promise<Started>
  readonly remove: () => void
}

/** A service with a database folder of its own, which keeps it from one start to the next. */
export function benchService(port: number): BenchService {
  const folder = mkdtempSync(join(tmpdir(), 'springbar-bench-'))
  const url = `http://localhost:${port}`
  const env = {
    SPRINGBAR_PUBLIC_URL: url,
    PORT: String(port),
    DATABASE_URL: `sqlite:${join(folder, 'bench.db')}`,
    SPRINGBAR_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SPRINGBAR_LOG_LEVEL: 'warn',
    SPRINGBAR_ACCOUNTS: JSON.stringify([
      {
        username: 'bench',
        passwords: [SECRET],
        applications: [
          {
            id: 'bench-app',
            name: 'Bench',
            secrets: [SECRET],
            redirectUris: [REDIRECT_URI],
            // A vendor that knows PKCE, since the other side of the comparison makes a challenge too.
            clients: { wahoo: { clientId: '1', clientSecret: 'secret' } },
            apiRequestsPerSecond: 100_000,
          },
        ],
      },
    ]),
  }
  return {
    url,
    start: () => start(MAIN, ['serve'], env, `http://127.0.0.1:${port}/healthz`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Creates end users with a session each and returns their connect links. */
export async function connectPaths(origin: string, count: number): Promise<readonly string[]> {
  const paths: string[] = []
  for (let i = 0; i < count; i++) {
    const endUserId = await createEndUser(origin, `bench-${i}`)
    const minted = await fetch(`${origin}/widget/v6/connection`, {
      method: 'POST',
      headers: { ...credentials, 'Content-Type': 'application/json' },
      body: JSON.stringify({ endUserId }),
    })
    const token = (await minted.text()).split('connectionSessionToken=')[1]?.split('&')[0] ?? ''
    const query = new URLSearchParams({ token, dataSource: '1001', redirect_uri: REDIRECT_URI })
    paths.push(`/dataSourceDirectConnection.html?${query}`)
  }
  return paths
}

/** The id of an end user with this alias. */
export async function createEndUser(origin: string, alias: string): Promise<string> {
  const response = await fetch(`${origin}/v5/accessToken`, {
    method: 'POST',
    headers: credentials,
    body: new URLSearchParams({ partnerUserID: alias }),
  })
  return response.text()
}
