// `springbar serve` on a database of the test's own.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePorts, type Running, start, temporaryFolder } from './support.ts'

const PASSWORD = 'Wt7-vKx2_mQz9-rLb4_hNd6'
const SECRET = 'Ys3_pJc8-fTg5_wRk1-bXv0'
export const API_KEY = 'Ha6-nBz4_qSd7-kMw2_tCf9'

/** A new vault key, as it stands in the configuration. */
export const newKey = () => ({ id: 'k1', key: randomBytes(32).toString('base64') })

/** What a test may change before a start. */
export interface ServeSettings {
  readonly key?: { readonly id: string; readonly key: string }
  /** A ring of several keys, the primary one first, in place of `key`. */
  readonly keys?: readonly { readonly id: string; readonly key: string }[]
  readonly redirectUris?: readonly string[]
  readonly database?: string
  readonly logLevel?: string
}

/** A place to serve from: a folder, a port, and the environment of `springbar serve`. */
export interface Place {
  readonly folder: string
  readonly port: number
  readonly databaseFile: string
  readonly environment: (settings?: ServeSettings) => Readonly<Record<string, string>>
  /** Starts and resolves when it serves. */
  readonly serve: (settings?: ServeSettings) => Promise<Running>
}

export async function newPlace(): Promise<Place> {
  const folder = temporaryFolder()
  const [port = 0] = await freePorts(1)
  const ownKey = newKey()
  const databaseFile = path.join(folder, 'springbar.db')
  const environment: Place['environment'] = ({
    key = ownKey,
    keys = [key],
    redirectUris = [],
    database,
    logLevel = 'info',
  } = {}) => {
    const file = path.join(folder, 'springbar.json')
    const application = { id: 'app', name: 'App', secrets: [SECRET], apiKeys: [API_KEY], redirectUris }
    const others = [
      { id: 'asking', name: 'Asking', secrets: [SECRET], bind: 'page' },
      {
        id: 'confirming',
        name: 'Confirming',
        secrets: [SECRET],
        verifyUrl: 'https://app.example.com/verify',
      },
    ]
    const config = {
      publicUrl: `http://localhost:${port}`,
      listen: { port },
      database: database ?? `sqlite:${databaseFile}`,
      keys,
      logLevel,
      accounts: [{ username: 'account', passwords: [PASSWORD], applications: [application, ...others] }],
    }
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
    return { SPRINGBAR_CONFIG: file }
  }
  return {
    folder,
    port,
    databaseFile,
    environment,
    serve: async (settings) => {
      const running = start(['serve'], { env: environment(settings) })
      await running.says(/springbar is serving/)
      return running
    },
  }
}
