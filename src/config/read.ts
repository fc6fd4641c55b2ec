import { readFileSync, statSync } from 'node:fs'
import { placeOfFault } from './json-fault.ts'

/** What an operator must correct, one sentence each. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Something that is wrong before the settings themselves are looked at. */
export interface InputProblem {
  /** The setting that it spoils, such as `accounts[0].passwords[0]`; null when it is none of them. */
  readonly path: string | null
  readonly sentence: string
}

/** The settings as they were written, and what was wrong with reading them. */
export interface ConfigInput {
  readonly input: unknown
  readonly problems: readonly InputProblem[]
}

type Report = (path: string | null, sentence: string) => void

/** Deeper than any setting lies. */
const DEPTH = 20

/**
 * Reads the configuration file named by `SPRINGBAR_CONFIG`, fills `${NAME}` in its strings from the environment, and
 * lays the variables of {@link fromEnvironment} over it. Throws a {@link ConfigError} when there is no file to read.
 */
export function readConfigInput(environment: Environment): ConfigInput {
  const path = environment['SPRINGBAR_CONFIG'] || undefined
  const problems: InputProblem[] = []
  const report: Report = (where, sentence) => void problems.push({ path: where, sentence })
  const file = path === undefined ? {} : readFile(path, report)
  const filled = fill(file, environment, { path: '', depth: 0, report })
  if (!isRecord(filled)) throw new ConfigError(['The configuration file must hold one JSON object.'])
  return { input: layOver(filled, fromEnvironment(environment, report)), problems }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A setting that is an object keeps those of its fields that no variable names. */
function layOver(
  file: Readonly<Record<string, unknown>>,
  overrides: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = Object.entries(overrides).map(([name, value]) => {
    const written = file[name]
    return [name, isRecord(value) && isRecord(written) ? { ...written, ...value } : value]
  })
  return { ...file, ...Object.fromEntries(merged) }
}

function readFile(path: string, report: Report): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new ConfigError([`The configuration file ${path} cannot be read.`])
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new ConfigError([`The configuration file ${path} is not valid JSON: ${placeOfFault(text)}.`])
  }
  if (process.platform !== 'win32' && holdsLiteralKey(content) && (statSync(path).mode & 0o077) !== 0)
    report(
      null,
      `The configuration file ${path} holds a vault key and can be read by others: chmod 600 it, or write "\${NAME}".`,
    )
  return content
}

/** Whether a vault key stands in the file itself, not as a reference to the environment. */
function holdsLiteralKey(content: unknown): boolean {
  const keys = isRecord(content) ? content['keys'] : undefined
  return (
    Array.isArray(keys) &&
    keys.some((entry: unknown) => {
      const key = isRecord(entry) ? entry['key'] : undefined
      return typeof key === 'string' && key !== '' && !/^\$\{\w+\}$/.test(key)
    })
  )
}

interface Place {
  readonly path: string
  readonly depth: number
  readonly report: Report
}

function fill(value: unknown, environment: Environment, { path, depth, report }: Place): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = Object.hasOwn(environment, name) ? environment[name] : undefined
      if (found === undefined) report(path, `${path}: the environment variable ${name} is not set.`)
      return found ?? ''
    })
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEPTH) {
    report(path, `${path}: is nested too deeply.`)
    return null
  }
  const inside = (item: unknown, where: string) =>
    fill(item, environment, { path: where, depth: depth + 1, report })
  if (Array.isArray(value)) return value.map((item, i) => inside(item, `${path}[${i}]`))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, inside(item, path === '' ? key : `${path}.${key}`)]),
  )
}

/** The paths of SPRINGBAR_SOURCE_FILES, which the try-out and the sandbox read too; undefined when it is not set. */
export const sourceFilesOf = (environment: Environment): readonly string[] | undefined =>
  (environment['SPRINGBAR_SOURCE_FILES'] || undefined)?.split(',').map((entry) => entry.trim())

/** The settings that have an environment variable of their own; each wins over the file. */
function fromEnvironment(environment: Environment, report: Report): Record<string, unknown> {
  const text = (name: string) => environment[name] || undefined
  const json = (name: string) => {
    const value = text(name)
    if (value === undefined) return undefined
    try {
      return JSON.parse(value) as unknown
    } catch {
      report('accounts', `${name} is not valid JSON: ${placeOfFault(value)}.`)
      return undefined
    }
  }
  const urls = {
    api: text('SPRINGBAR_API_PUBLIC_URL'),
    widget: text('SPRINGBAR_WIDGET_PUBLIC_URL'),
    direct: text('SPRINGBAR_DIRECT_PUBLIC_URL'),
  }
  const webhooks = {
    networks: text('SPRINGBAR_WEBHOOK_NETWORKS')
      ?.split(',')
      .map((entry) => entry.trim()),
    timeoutMs: text('SPRINGBAR_WEBHOOK_TIMEOUT_MS'),
  }
  const listen = { host: text('SPRINGBAR_HOST'), port: text('PORT') }
  return defined({
    publicUrl: text('SPRINGBAR_PUBLIC_URL'),
    publicUrls: Object.values(urls).some(Boolean) ? defined(urls) : undefined,
    listen: Object.values(listen).some(Boolean) ? defined(listen) : undefined,
    database: text('DATABASE_URL'),
    keys: readKeys(text('SPRINGBAR_KEYS'), report),
    trustedProxies: text('SPRINGBAR_TRUSTED_PROXIES')
      ?.split(',')
      .map((entry) => entry.trim()),
    sourceFiles: sourceFilesOf(environment),
    webhooks: Object.values(webhooks).some(Boolean) ? defined(webhooks) : undefined,
    logLevel: text('SPRINGBAR_LOG_LEVEL'),
    accounts: json('SPRINGBAR_ACCOUNTS'),
  })
}

/** `id:key` pairs, separated by commas. What is no pair may be a bare key, so it is neither kept nor shown. */
function readKeys(value: string | undefined, report: Report): unknown {
  const pairs = value?.split(',').map((pair) => /^([^:]+):(.+)$/.exec(pair.trim()))
  if (pairs?.includes(null)) report('keys', 'SPRINGBAR_KEYS must be id:key pairs, separated by commas.')
  return pairs?.flatMap((pair) => (pair === null ? [] : [{ id: pair[1], key: pair[2] }]))
}

const defined = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
