import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { parseConfig } from '../config/index.ts'
import type { PairingService } from '../conformance/index.ts'
import type { NativeSource } from '../model/source.ts'
import { sources } from '../sources/index.ts'
import { configRulesOf } from './config-rules.ts'
import { createLog } from './log.ts'
import { startService } from './service.ts'

const APPLICATION = 'check'
const API_KEY = 'sbk_check'
const DONE = 'http://localhost:3000/done'
/** What the configuration says; the service listens on another port, and every address is followed there. */
const PUBLIC_URL = 'http://localhost:8080'

const user = z.object({ id: z.string() })
const session = z.object({ token: z.string() })
const connections = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      grantedScopes: z.array(z.string()),
      missingScopes: z.array(z.string()),
      disconnectedBy: z.string().nullable(),
    }),
  ),
})

/**
 * A whole service on a database of its own, for the check of a source on the phone: its backend and its person are played
 * over HTTP. Rejects when it cannot be started or answers what it should not.
 */
export async function openPairingService({ key, id }: NativeSource): Promise<PairingService> {
  const folder = mkdtempSync(join(tmpdir(), 'springbar-check-'))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  let advancedMs = 0
  const config = parseConfig(
    {
      publicUrl: PUBLIC_URL,
      listen: { host: '127.0.0.1', port: 0 },
      database: `sqlite:${join(folder, 'check.db')}`,
      keys: [{ id: 'check', key: randomBytes(32).toString('base64') }],
      accounts: [
        {
          username: 'check',
          passwords: [randomBytes(16).toString('hex')],
          applications: [
            {
              id: APPLICATION,
              name: 'Check',
              secrets: [randomBytes(16).toString('hex')],
              apiKeys: [API_KEY],
              redirectUris: [DONE],
              phoneApp: { sources: [key], pairingLink: 'https://app.example.com/pair?code={code}' },
              clients: {},
            },
          ],
        },
      ],
    },
    { ...configRulesOf(sources), tryOut: true },
  )
  const service = await startService(config, {
    log: createLog('error'),
    sandboxOrigin: null,
    now: () => Date.now() + advancedMs,
  }).catch((error: unknown) => {
    removeFolder()
    throw error
  })
  const url = `http://localhost:${service.port}`
  const api = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`the service answered ${response.status} to ${method} ${path}`)
    return response.status === 204 ? null : response.json()
  }
  return Object.freeze({
    url,
    applicationId: APPLICATION,
    showCode: async () => {
      const endUserId = user.parse(await api('POST', '/users', {})).id
      const { token } = session.parse(await api('POST', '/sessions', { endUserId }))
      const query = new URLSearchParams({ token, dataSource: String(id), redirect_uri: DONE })
      const code = await codeOnPage(url, `/dataSourceDirectConnection.html?${query}`)
      return { code, endUserId }
    },
    connectionsOf: async (endUserId: string) =>
      connections.parse(await api('GET', `/users/${endUserId}/connections`)).data,
    disconnect: async (connectionId: string) => void (await api('DELETE', `/connections/${connectionId}`)),
    advance: (byMs: number) => {
      advancedMs += byMs
    },
    close: async () => {
      await service.stop()
      removeFolder()
    },
  })
}

/** The pairing code of the page to which a person's browser is sent. */
async function codeOnPage(url: string, path: string): Promise<string> {
  const departure = await fetch(url + path, { redirect: 'manual' })
  const cookie = departure.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const { pathname, search } = new URL(departure.headers.get('location') ?? '', PUBLIC_URL)
  const page = await (await fetch(`${url}${pathname}${search}`, { headers: { cookie } })).text()
  const code = /<code class="pairing-code"[^>]*>([^<]+)</.exec(page)?.[1]
  if (code === undefined) throw new Error(`no code was shown: ${departure.status}`)
  return code
}
