/**
 * Tidewell, a small application with a connect screen of its own, to show how one is built on Springbar.
 *
 * @module examples/custom-screen — owns its people, its pretended log-in and its screen. Towards Springbar it
 * uses `@springbar/sdk` alone. Without an API key those are only the documented calls, so it works with any service that has
 * them; with one it shows the whole catalogue and the event feed too.
 * This file starts it: settings from the environment, a server, a clean end.
 */
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { createDemo, type DemoOptions } from './demo.ts'
import type { ApplicationCredentials } from './side.ts'

/** What the environment may set; the defaults are the try-out's. */
export interface DemoSettings
  extends Pick<
    DemoOptions,
    | 'apiUrl'
    | 'widgetUrl'
    | 'directUrl'
    | 'username'
    | 'password'
    | 'applicationId'
    | 'applicationSecret'
    | 'webhookSecret'
  > {
  readonly apiKey: string | null
  readonly confirming: ApplicationCredentials | null
  /** This screen's address, as browsers see it; null for `http://localhost` with the port that it listens on. */
  readonly publicUrl: string | null
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
}

const TRY_OUT_WEBHOOK_SECRET = 'whsec_dGlkZXdlbGwtdHJ5LW91dC13ZWJob29rLXNlY3JldA=='

/**
 * Reads the settings.
 * @throws Error with one sentence about the first setting that cannot be used
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): DemoSettings {
  const read = (name: string, fallback: string) => env[name] || fallback
  const port = Number(read('DEMO_PORT', '8082'))
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('DEMO_PORT must be a number from 0 to 65535.')
  const publicUrl = env['DEMO_PUBLIC_URL'] || null
  if (publicUrl !== null && !(/^https?:\/\/[^/?#@\s]+\/?$/.test(publicUrl) && URL.canParse(publicUrl)))
    throw new Error('DEMO_PUBLIC_URL must be an http or https address without a path.')
  const isTryOut = !env['SPRINGBAR_API_URL'] && !env['SPRINGBAR_APPLICATION_ID']
  const apiUrl = read('SPRINGBAR_API_URL', 'http://localhost:8080')
  return Object.freeze({
    apiUrl,
    widgetUrl: read('SPRINGBAR_WIDGET_URL', apiUrl),
    directUrl: read('SPRINGBAR_DIRECT_URL', apiUrl),
    username: read('SPRINGBAR_USERNAME', 'demo'),
    password: read('SPRINGBAR_PASSWORD', 'demo'),
    applicationId: read('SPRINGBAR_APPLICATION_ID', 'demo-app'),
    applicationSecret: read('SPRINGBAR_APPLICATION_SECRET', 'demo-secret'),
    // A service of somebody else's gets no call that only Springbar knows, unless a key for it is given.
    apiKey: env['SPRINGBAR_API_KEY'] || (isTryOut ? 'sbk_demo' : null),
    webhookSecret: read('SPRINGBAR_WEBHOOK_SECRET', TRY_OUT_WEBHOOK_SECRET),
    confirming: readConfirming(env),
    publicUrl,
    // The log-in is pretended, so other machines are let in only by whoever says so.
    host: read('DEMO_HOST', '127.0.0.1'),
    port,
  })
}

/** The second application, when there is one. */
function readConfirming(env: Readonly<Record<string, string | undefined>>): DemoSettings['confirming'] {
  const applicationId = env['SPRINGBAR_CONFIRM_APPLICATION_ID']
  const applicationSecret = env['SPRINGBAR_CONFIRM_APPLICATION_SECRET']
  if (!applicationId || !applicationSecret) return null
  const apiKey = env['SPRINGBAR_CONFIRM_API_KEY'] || null
  const webhookSecret = env['SPRINGBAR_CONFIRM_WEBHOOK_SECRET'] || TRY_OUT_WEBHOOK_SECRET
  return { applicationId, applicationSecret, apiKey, webhookSecret }
}

/** How long open connections may take to end. */
const STOP_WITHIN_MS = 1_000

/**
 * Serves Tidewell. Resolves when it listens, with the way to end it.
 * @throws Error with one sentence when it cannot listen, or when a setting cannot be used
 */
export async function startDemo(
  settings: DemoSettings,
  log: (line: string) => void,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  let app: Hono | null = null
  const ending = new AbortController()
  // The adaptor makes a plain HTTP server unless it is told to make another kind.
  const server = createAdaptorServer({
    fetch: (request) => app?.fetch(request) ?? new Response(null, { status: 503 }),
  }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenProblem(error, settings)))
    server.listen(settings.port, settings.host, resolve)
  })
  // A listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo
  const publicUrl = settings.publicUrl ?? `http://localhost:${port}`
  try {
    app = createDemo({
      ...settings,
      publicUrl,
      ending: ending.signal,
      now: Date.now,
      random: randomBytes,
      log,
    })
  } catch (error) {
    server.close()
    throw error
  }
  return Object.freeze({
    url: publicUrl,
    stop: () =>
      new Promise<void>((resolve) => {
        ending.abort()
        server.close(() => resolve())
        // Pages here take milliseconds: what is still open then is a browser that keeps its connection for later.
        setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS).unref()
      }),
  })
}

function listenProblem(error: Error & { code?: string }, { host, port }: DemoSettings): Error {
  if (error.code === 'EADDRINUSE') return new Error(`Port ${port} is taken: set DEMO_PORT to another one.`)
  if (error.code === 'EACCES')
    return new Error(`Port ${port} is not allowed here: set DEMO_PORT to another one.`)
  return new Error(`The demo cannot listen on ${host}:${port} (${error.code ?? error.name}).`)
}

async function main(): Promise<void> {
  const complain = (line: string) => void process.stderr.write(`${line}\n`)
  try {
    const demo = await startDemo(readSettings(process.env), complain)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, demo.stop)
    process.stdout.write(`Tidewell, the custom-screen demo: ${demo.url}\n`)
  } catch (error) {
    complain(error instanceof Error ? error.message : 'The demo could not start.')
    process.exitCode = 1
  }
}

if (import.meta.main) await main()
