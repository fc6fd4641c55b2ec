import { randomBytes } from 'node:crypto'
import { ConfigError, sourceFilesOf } from '../config/index.ts'
import { serveSandbox } from '../sandbox/index.ts'
import { sourcesWith } from './all-sources.ts'
import { sandboxClients, sandboxVendors } from './sandbox-vendors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A list of origins, with commas between. */
function readOrigins(name: string, value: string): readonly string[] {
  const origins = value
    .split(',')
    .map((origin) => origin.trim())
    .filter(Boolean)
  for (const origin of origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new ConfigError([`${name} must be origins such as http://localhost:8080, with commas between.`])
  return origins
}

function readPort(environment: Environment): number {
  const port = Number(environment['SANDBOX_PORT'] || 8081)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new ConfigError(['SANDBOX_PORT must be a port number from 1 to 65535.'])
}

/**
 * The sandbox vendors alone, for tests of whatever connects to vendors. Each vendor knows one client, whose redirect URIs
 * are `<origin>/callback/<vendor>` at each origin of SANDBOX_APPLICATIONS; more are registered by the control API.
 * Sources of SPRINGBAR_SOURCE_FILES are played as the built-in ones are.
 * Rejects with a {@link ConfigError} or the system's error when something cannot be had.
 */
export async function startSandboxAlone(
  environment: Environment,
  print: (line: string) => void,
): Promise<{ readonly stop: () => Promise<void> }> {
  const sources = sourcesWith(sourceFilesOf(environment) ?? [])
  const applications = readOrigins(
    'SANDBOX_APPLICATIONS',
    environment['SANDBOX_APPLICATIONS'] || 'http://localhost:8080',
  )
  const clients = applications.map((origin) => sandboxClients(sources, origin))
  const [first = []] = clients
  const sandbox = await serveSandbox({
    port: readPort(environment),
    hostname: environment['SANDBOX_HOST'] || '127.0.0.1',
    now: Date.now,
    random: randomBytes,
    ...sandboxVendors(sources),
    clients: first.map((client, at) => ({
      ...client,
      redirectUris: clients.flatMap((others) => others[at]?.redirectUris ?? []),
    })),
    notificationOrigins: readOrigins(
      'SANDBOX_NOTIFICATION_ORIGINS',
      environment['SANDBOX_NOTIFICATION_ORIGINS'] ?? '',
    ),
  })
  print(`Sandbox vendors at ${sandbox.url}. Stop with Ctrl-C.`)
  return { stop: sandbox.close }
}
