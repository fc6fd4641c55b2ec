import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Config, ConfigError, parseConfig, sourceFilesOf } from '../config/index.ts'
import type { Source } from '../model/source.ts'
import { serveSandbox } from '../sandbox/index.ts'
import { sourcesWith } from './all-sources.ts'
import { configRulesOf } from './config-rules.ts'
import { enterAddresses } from './enter-addresses.ts'
import { createLog } from './log.ts'
import { sandboxClients, sandboxVendors } from './sandbox-vendors.ts'
import { startService } from './service.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Something that runs until it is told to stop. */
export interface Running {
  readonly stop: () => Promise<void>
  /** Resolves when it ended by itself, which is always too early. */
  readonly ended: Promise<void>
}

const DEMO = fileURLToPath(new URL('../../examples/custom-screen/server.ts', import.meta.url))

/**
 * The try-out: service, sandbox vendors and the demo screen, on an embedded database, with the documented
 * credentials, with the sources of SPRINGBAR_SOURCE_FILES beside the built-in ones. Rejects with a {@link ConfigError} or the system's error when something cannot be had.
 */
export async function startTryOut(environment: Environment, print: (line: string) => void): Promise<Running> {
  const ports = {
    service: readPort(environment, 'PORT', 8080),
    sandbox: readPort(environment, 'SANDBOX_PORT', 8081),
    demo: readPort(environment, 'DEMO_PORT', 8082),
  }
  const urls = {
    service: `http://localhost:${ports.service}`,
    sandbox: `http://localhost:${ports.sandbox}`,
    demo: `http://localhost:${ports.demo}`,
  }
  const sources = sourcesWith(sourceFilesOf(environment) ?? [])
  const config = tryOutConfig(environment, ports.service, urls, sources)
  const sandbox = await serveSandbox({
    port: ports.sandbox,
    now: Date.now,
    random: randomBytes,
    ...sandboxVendors(sources),
    clients: sandboxClients(sources, urls.service),
    publicOrigin: urls.sandbox,
    phone: { serviceUrl: urls.service, applicationId: 'demo-app' },
  })
  const service = await startService(config, { log: createLog('warn'), sandboxOrigin: urls.sandbox }).catch(
    async (error: unknown) => {
      await sandbox.close()
      throw error
    },
  )
  await enterAddresses(sources, sandbox, sandboxClients(sources, urls.service), {
    url: urls.service,
    key: 'sbk_demo',
  }).catch(async (error: unknown) => {
    await service.stop()
    await sandbox.close()
    throw error
  })
  const demo = await startDemo(environment, ports.demo, urls.service).catch(async (error: unknown) => {
    await service.stop()
    await sandbox.close()
    throw error
  })
  for (const line of welcome(urls)) print(line)
  return {
    ended: demo.ended,
    stop: async () => {
      await demo.stop()
      await service.stop()
      await sandbox.close()
    },
  }
}

function readPort(environment: Environment, name: string, fallback: number): number {
  const port = Number(environment[name] || fallback)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new ConfigError([`${name} must be a port number from 1 to 65535.`])
}

/** Fixed and documented, as the other credentials of the try-out. */
const WEBHOOK_SECRET = 'whsec_dGlkZXdlbGwtdHJ5LW91dC13ZWJob29rLXNlY3JldA=='
/** Where people come back to in the examples of `examples/`, which are started by themselves beside this. */
const EXAMPLES = [3000, 8083, 8085].map((port) => `http://localhost:${port}/connected`)
const CONFIRMING = {
  applicationId: 'demo-confirm',
  applicationSecret: 'demo-confirm-secret',
  apiKey: 'sbk_demo_confirm',
  webhookSecret: 'whsec_dGlkZXdlbGwtY29uZmlybS13ZWJob29rLXNlY3JldA==',
} as const
/** Left without a client, so that the example of docs/api.md can give it one. */
const WITHOUT_CLIENT = 'hammerhead'

interface Urls {
  readonly service: string
  readonly sandbox: string
  readonly demo: string
}

function tryOutConfig(
  environment: Environment,
  port: number,
  urls: Urls,
  sources: ReadonlyMap<number, Source>,
): Config {
  const folder = resolve(environment['SPRINGBAR_DATA'] || 'data')
  const clients = Object.fromEntries(
    sandboxClients(sources, urls.service)
      .filter(({ vendor }) => vendor !== WITHOUT_CLIENT)
      .map(({ vendor, clientId, clientSecret, extras }) => [vendor, { clientId, clientSecret, extras }]),
  )
  return parseConfig(
    {
      publicUrl: urls.service,
      listen: { host: '127.0.0.1', port },
      database: `sqlite:${join(folder, 'try-out.db')}`,
      keys: [{ id: 'tryout', key: tryOutKey(folder) }],
      sourceFiles: sourceFilesOf(environment),
      // The demo receives webhooks on this machine.
      webhooks: { networks: ['127.0.0.0/8', '::1'] },
      accounts: [
        {
          username: 'demo',
          passwords: ['demo'],
          applications: [
            {
              id: 'demo-app',
              name: 'Tidewell',
              secrets: ['demo-secret'],
              apiKeys: ['sbk_demo'],
              redirectUris: [`${urls.demo}/connected`, `${urls.demo}/disconnected`, ...EXAMPLES],
              embedOrigins: [urls.demo],
              webhooks: [{ url: `${urls.demo}/webhooks`, secrets: [WEBHOOK_SECRET] }],
              unofficialLogIns: ['freestyle-libre'],
              phoneApp: {
                sources: ['apple-health', 'samsung-health', 'health-connect', 'shenai'],
                pairingLink: `${urls.sandbox}/phone?code={code}`,
              },
              clients,
            },
            // The demo's second one: the same screen, whose connects are confirmed. One application has one way to bind.
            {
              id: CONFIRMING.applicationId,
              name: 'Tidewell',
              secrets: [CONFIRMING.applicationSecret],
              apiKeys: [CONFIRMING.apiKey],
              verifyUrl: `${urls.demo}/verify`,
              redirectUris: [`${urls.demo}/connected`, `${urls.demo}/disconnected`],
              webhooks: [{ url: `${urls.demo}/webhooks/confirm`, secrets: [CONFIRMING.webhookSecret] }],
              unofficialLogIns: ['freestyle-libre'],
              clients,
            },
          ],
        },
      ],
    },
    { ...configRulesOf(sources), tryOut: true },
  )
}

/** The vault key of the try-out: made at the first start, readable by its owner alone. */
function tryOutKey(folder: string): string {
  const path = join(folder, 'try-out.key')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!existsSync(path))
      writeFileSync(path, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' })
    chmodSync(path, 0o600)
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new ConfigError([
      `The data folder ${folder} cannot be written. Set SPRINGBAR_DATA to one that can.`,
    ])
  }
}

/** The demo is a program of its own, as a customer's would be. Resolves when it says that it listens. */
async function startDemo(environment: Environment, port: number, serviceUrl: string): Promise<Running> {
  const child = spawn(process.execPath, [...process.execArgv, DEMO], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment,
      DEMO_PORT: String(port),
      SPRINGBAR_API_URL: serviceUrl,
      SPRINGBAR_API_KEY: 'sbk_demo',
      SPRINGBAR_CONFIRM_APPLICATION_ID: CONFIRMING.applicationId,
      SPRINGBAR_CONFIRM_APPLICATION_SECRET: CONFIRMING.applicationSecret,
      SPRINGBAR_CONFIRM_API_KEY: CONFIRMING.apiKey,
      SPRINGBAR_CONFIRM_WEBHOOK_SECRET: CONFIRMING.webhookSecret,
    },
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const listens = new Promise<'listens'>((resolve) => child.stdout.once('data', () => resolve('listens')))
  let complaint = ''
  const hear = (text: Buffer) => {
    complaint += text.toString()
  }
  child.stderr.on('data', hear)
  if ((await Promise.race([listens, ended])) !== 'listens')
    throw new ConfigError([complaint.trim() || 'The demo could not start.'])
  child.stderr.off('data', hear).pipe(process.stderr)
  return {
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

const welcome = (urls: Urls): readonly string[] => [
  '',
  '  Springbar is running. Open the demo and connect something:',
  '',
  `    Demo screen      ${urls.demo}`,
  `    Service          ${urls.service}`,
  `    Sandbox vendors  ${urls.sandbox}`,
  '',
  '  Credentials:  username demo · password demo · application demo-app · secret demo-secret · API key sbk_demo',
  '  Stop with Ctrl-C.',
  '',
]
