/**
 * From a file and the environment to one frozen configuration, once, with all errors at once.
 *
 * @module config — owns what an operator may say and what is refused as unsafe. It does not own defaults and ranges of
 * numbers (`limits.ts`), nor anything that an application stores over the API.
 */
import { z } from 'zod'
import { limits } from '../limits.ts'
import type { Application, Binding, Client } from '../model/application.ts'
import { type ApplicationId, asApplicationId } from '../model/ids.ts'
import { issueSentence } from '../model/issue-sentence.ts'
import { type Secret, secret } from '../model/secret.ts'
import { type Source, vendorsOf } from '../model/source.ts'
import type { ConfiguredWebhook } from '../model/webhook.ts'
import { type Network, parseNetwork } from '../model/webhook-target.ts'
import type { RingKey } from '../vault/index.ts'
import { toAccountPolicies } from './account-policies.ts'
import { type LogoFiles, readLogoFiles } from './logo-files.ts'
import { ConfigError, type Environment, type InputProblem, readConfigInput } from './read.ts'
import {
  type AccountConfig,
  type ApplicationConfig,
  type ConfigFile,
  type ConfigRules,
  configSchema,
} from './schema.ts'
import { readSourceFiles } from './source-files.ts'
import { writtenNetworks } from './webhook-schema.ts'

export { ConfigError, sourceFilesOf } from './read.ts'
export type { ConfigRules } from './schema.ts'
export { readSourceFiles } from './source-files.ts'

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
  /** The operator's own, beside the built-in ones. */
  readonly sources: readonly Source[]
  /** The operator's own, by source key. */
  readonly logos: LogoFiles['logos']
  /** Where webhooks may lead beside the public Internet, and how long a receiver may take. */
  readonly webhooks: { readonly networks: readonly Network[]; readonly timeoutMs: number }
  readonly logLevel: ConfigFile['logLevel']
  readonly applications: readonly Application[]
  readonly credentials: readonly ApplicationCredentials[]
}

/** The configuration of a file and the environment. Throws a {@link ConfigError} that names every problem. */
export function readConfig(environment: Environment, rules: ConfigRules): Config {
  const { input, problems } = readConfigInput(environment)
  return parse(input, rules, problems)
}

/** Parses a configuration. Throws a {@link ConfigError} that names every problem, by its path. */
export const parseConfig = (input: unknown, rules: ConfigRules): Config => parse(input, rules, [])

function parse(input: unknown, rules: ConfigRules, before: readonly InputProblem[]): Config {
  const { sourceFiles, logosFolder } = writtenFiles.parse(input)
  const { logos, problems: logoProblems } = readLogoFiles(logosFolder ?? null)
  const files = readSourceFiles(sourceFiles)
  const vendors = new Set([...rules.vendors, ...files.sources.flatMap(vendorsOf)])
  const sourceKeys = new Set([...(rules.sourceKeys ?? []), ...files.sources.map(({ key }) => key)])
  const schema = configSchema({ ...rules, vendors, sourceKeys }, ownOrigins(input), writtenNetworks(input))
  const parsed = schema.safeParse(input, {
    error: (issue) => (issue.input === undefined ? 'is missing' : undefined),
  })
  // What could not be read has been said; that it is not right either would only repeat it.
  const spoilt = new Set(before.map(({ path }) => path))
  const issues = (parsed.error?.issues ?? [])
    .map((issue) => ({ path: pathOf(issue.path), message: messageOf(issue) }))
    .filter(({ path }) => !spoilt.has(path))
  const sentences = [
    ...before.map(({ sentence }) => sentence),
    ...files.problems,
    ...logoProblems,
    ...issues.map(({ path, message }) => `${path === '' ? 'configuration' : path}: ${message}.`),
  ]
  if (sentences.length > 0 || !parsed.success) throw new ConfigError(sentences)
  return freeze(parsed.data, files.sources, logos)
}

/** The public origins as far as they can be told from what was written. No redirect URI may lead to one of them. */
function ownOrigins(input: unknown): readonly string[] {
  const { publicUrl, publicUrls } = writtenUrls.parse(input)
  return [publicUrl, ...Object.values(publicUrls)].flatMap((url) => URL.parse(String(url))?.origin ?? [])
}

const writtenUrls = z
  .object({
    publicUrl: z.string().catch(''),
    publicUrls: z.record(z.string(), z.string().catch('')).catch({}),
  })
  .catch({ publicUrl: '', publicUrls: {} })

/** The files are read before the rest is checked: their vendors are among those that a client can be given for. */
const writtenFiles = z
  .object({
    sourceFiles: z.array(z.string()).max(limits.sourceFiles).catch([]),
    logosFolder: z.string().min(1).optional().catch(undefined),
  })
  .catch({ sourceFiles: [], logosFolder: undefined })

/** For an unknown key of a record the reason lies one level further down. Whoever reads it has nothing else: all choices are named. */
function messageOf(issue: z.core.$ZodIssue): string {
  const inner = issue.code === 'invalid_key' ? issue.issues[0] : undefined
  return issueSentence(inner ?? issue, Number.POSITIVE_INFINITY)
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`))
    .join('')

function freeze(file: ConfigFile, sources: readonly Source[], logos: LogoFiles['logos']): Config {
  const origin = (value: string | undefined) => new URL(value ?? file.publicUrl).origin
  const { api, widget, direct } = file.publicUrls
  return Object.freeze({
    urls: Object.freeze({ api: origin(api), widget: origin(widget), direct: origin(direct) }),
    listen: Object.freeze(file.listen),
    database: file.database,
    keys: file.keys.map(({ id, key }) => ({ id, key: Buffer.from(key, 'base64') })),
    trustedProxies: file.trustedProxies,
    logos,
    sources,
    webhooks: Object.freeze({
      networks: file.webhooks.networks.map(parseNetwork),
      timeoutMs: file.webhooks.timeoutMs,
    }),
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
    binding: toBinding(application),
    ...toAccountPolicies(application),
    embedOrigins: application.embedOrigins,
    clients: new Map(
      Object.entries(application.clients).map(([vendor, client]) => [vendor, toClient(vendor, client)]),
    ),
    unofficialLogIns: new Set(application.unofficialLogIns),
    phoneApp:
      application.phoneApp === undefined
        ? null
        : Object.freeze({
            sources: new Set(application.phoneApp.sources),
            pairingLink: application.phoneApp.pairingLink ?? null,
          }),
    appearance: application.appearance ?? null,
    webhooks: application.webhooks.map(toWebhook),
    feedTypes: application.feed.types ?? null,
    sessionLifetimeSeconds: application.sessionLifetimeSeconds,
    language: application.language ?? null,
    apiRequestsPerSecond: application.apiRequestsPerSecond,
  })

const toWebhook = (webhook: ApplicationConfig['webhooks'][number]): ConfiguredWebhook =>
  Object.freeze({ ...webhook, types: webhook.types ?? null, secrets: webhook.secrets.map(secret) })

/** Who registers a `verifyUrl` wants confirmation, unless it says otherwise. */
function toBinding({ bind, verifyUrl, exchange }: ApplicationConfig): Binding {
  if (verifyUrl === undefined) return Object.freeze({ kind: bind === 'page' ? 'page' : 'auto' })
  if (bind === 'auto' || bind === 'page') return Object.freeze({ kind: bind })
  return Object.freeze({ kind: 'confirm', verifyUrl, exchange: exchange ?? null })
}

const toClient = (vendor: string, client: ApplicationConfig['clients'][string]): Client =>
  Object.freeze({
    vendor,
    clientId: client.clientId,
    clientSecret: secret(client.clientSecret),
    scopes: client.scopes ?? null,
    extras: new Map(Object.entries(client.extras).map(([name, value]) => [name, secret(value)])),
    managedBy: 'configuration',
  })

const toCredentials = (account: AccountConfig, application: ApplicationConfig): ApplicationCredentials =>
  Object.freeze({
    applicationId: asApplicationId(application.id),
    username: account.username,
    passwords: account.passwords.map(secret),
    secrets: application.secrets.map(secret),
    apiKeys: application.apiKeys.map(secret),
  })
