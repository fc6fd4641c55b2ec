/**
 * From a file and the environment to one frozen configuration, once, with all errors at once.
 *
 * @module config — owns what an operator may say and what is refused as unsafe. It does not own defaults and ranges of
 * numbers (`limits.ts`), nor anything that an application stores over the API.
 */
import { validateRedirectUriEntry } from '../broker/redirect-uri-entry.ts'
import type { Application, Client } from '../model/application.ts'
import { type ApplicationId, asApplicationId } from '../model/ids.ts'
import { type Secret, secret } from '../model/secret.ts'
import type { RingKey } from '../vault/index.ts'
import { ConfigError } from './read.ts'
import {
  type AccountConfig,
  type ApplicationConfig,
  type ConfigFile,
  type ConfigRules,
  configSchema,
} from './schema.ts'

export { ConfigError, readConfigInput } from './read.ts'
export type { ConfigRules } from './schema.ts'

/** Where the outside reaches us; no trailing slash. The direct pages, the result page and the callback share one. */
export interface PublicUrls {
  readonly api: string
  readonly widget: string
  readonly direct: string
}

/** What a program presents to act for an application. */
export interface ApplicationCredentials {
  readonly applicationId: ApplicationId
  readonly username: string
  readonly passwords: readonly Secret[]
  readonly secrets: readonly Secret[]
  readonly apiKeys: readonly Secret[]
}

/** Everything that an operator decided. */
export interface Config {
  readonly urls: PublicUrls
  readonly listen: { readonly host: string; readonly port: number }
  readonly database: string
  readonly keys: readonly RingKey[]
  readonly trustedProxies: readonly string[]
  readonly logLevel: ConfigFile['logLevel']
  readonly applications: readonly Application[]
  readonly credentials: readonly ApplicationCredentials[]
}

/** Parses a configuration. Throws a {@link ConfigError} that names every problem, by its path. */
export function parseConfig(input: unknown, rules: ConfigRules): Config {
  const parsed = configSchema(rules).safeParse(input)
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${pathOf(issue.path)}: ${issue.message}.`))
  const config = freeze(parsed.data)
  const problems = config.applications.flatMap((application) => ownHostProblems(application, config.urls))
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? 'configuration'
    : path
        .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`))
        .join('')

function ownHostProblems(application: Application, urls: PublicUrls): string[] {
  return [...application.redirectUris].flatMap((uri) => {
    const checked = validateRedirectUriEntry(uri, [urls.api, urls.widget, urls.direct])
    return checked.ok ? [] : [`redirectUris of ${application.id}: ${checked.detail}`]
  })
}

function freeze(file: ConfigFile): Config {
  const origin = (value: string | undefined) => new URL(value ?? file.publicUrl).origin
  const { api, widget, direct } = file.publicUrls
  return Object.freeze({
    urls: Object.freeze({ api: origin(api), widget: origin(widget), direct: origin(direct) }),
    listen: Object.freeze(file.listen),
    database: file.database,
    keys: file.keys.map(({ id, key }) => ({ id, key: Buffer.from(key, 'base64') })),
    trustedProxies: file.trustedProxies,
    logLevel: file.logLevel,
    applications: file.accounts.flatMap((account) =>
      account.applications.map((application) => toApplication(account, application)),
    ),
    credentials: file.accounts.flatMap((account) =>
      account.applications.map((application) => toCredentials(account, application)),
    ),
  })
}

const toApplication = (account: AccountConfig, application: ApplicationConfig): Application =>
  Object.freeze({
    id: asApplicationId(application.id),
    accountUsername: account.username,
    name: application.name,
    redirectUris: new Set(application.redirectUris),
    embedOrigins: application.embedOrigins,
    clients: new Map(
      Object.entries(application.clients).map(([vendor, client]) => [vendor, toClient(vendor, client)]),
    ),
    sessionLifetimeSeconds: application.sessionLifetimeSeconds,
    language: application.language ?? null,
    apiRequestsPerSecond: application.apiRequestsPerSecond,
  })

const toClient = (vendor: string, client: ApplicationConfig['clients'][string]): Client =>
  Object.freeze({
    vendor,
    clientId: client.clientId,
    clientSecret: secret(client.clientSecret),
    scopes: client.scopes ?? null,
  })

const toCredentials = (account: AccountConfig, application: ApplicationConfig): ApplicationCredentials =>
  Object.freeze({
    applicationId: asApplicationId(application.id),
    username: account.username,
    passwords: account.passwords.map(secret),
    secrets: application.secrets.map(secret),
    apiKeys: application.apiKeys.map(secret),
  })
