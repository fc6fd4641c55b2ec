import { readFileSync, statSync } from 'node:fs'

/** What an operator must correct, one sentence each. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the configuration file named by `SPRINGBAR_CONFIG`, fills `${NAME}` in its strings from the environment, and
 * lays the variables of {@link fromEnvironment} over it. Throws a {@link ConfigError}.
 */
export function readConfigInput(environment: Environment): unknown {
  const path = environment['SPRINGBAR_CONFIG']
  const problems: string[] = []
  const file = path === undefined ? {} : readFile(path)
  const filled = fill(file, environment, '', problems)
  const overrides = fromEnvironment(environment, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  if (typeof filled !== 'object' || filled === null || Array.isArray(filled))
    throw new ConfigError(['The configuration file must hold one JSON object.'])
  return { ...filled, ...overrides }
}

function readFile(path: string): unknown {
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
    // The parser's own message quotes the text around the fault, which may be a secret.
    throw new ConfigError([`The configuration file ${path} is not valid JSON.`])
  }
  if (process.platform !== 'win32' && holdsLiteralKey(content) && (statSync(path).mode & 0o077) !== 0)
    throw new ConfigError([
      `The configuration file ${path} holds a vault key and can be read by others: chmod 600 it, or write "\${NAME}".`,
    ])
  return content
}

/** Whether a vault key stands in the file itself, not as a reference to the environment. */
function holdsLiteralKey(content: unknown): boolean {
  const keys = (content as { keys?: unknown } | null)?.keys // an unchecked file; the next line looks before it trusts
  return (
    Array.isArray(keys) && keys.some((entry) => entry?.key && !/^\$\{\w+\}$/.test(String(entry?.key ?? '')))
  )
}

function fill(value: unknown, environment: Environment, path: string, problems: string[]): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = environment[name]
      if (found === undefined) problems.push(`${path}: the environment variable ${name} is not set.`)
      return found ?? ''
    })
  if (Array.isArray(value)) return value.map((item, i) => fill(item, environment, `${path}[${i}]`, problems))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        fill(item, environment, path === '' ? key : `${path}.${key}`, problems),
      ]),
    )
  return value
}

/** The settings that have an environment variable of their own; each wins over the file. */
function fromEnvironment(environment: Environment, problems: string[]): Record<string, unknown> {
  const text = (name: string) => environment[name] || undefined
  const json = (name: string) => {
    const value = text(name)
    if (value === undefined) return undefined
    try {
      return JSON.parse(value) as unknown
    } catch {
      problems.push(`${name} is not valid JSON.`)
      return undefined
    }
  }
  const urls = {
    api: text('SPRINGBAR_API_PUBLIC_URL'),
    widget: text('SPRINGBAR_WIDGET_PUBLIC_URL'),
    direct: text('SPRINGBAR_DIRECT_PUBLIC_URL'),
  }
  const listen = { host: text('SPRINGBAR_HOST'), port: text('PORT') }
  return defined({
    publicUrl: text('SPRINGBAR_PUBLIC_URL'),
    publicUrls: Object.values(urls).some(Boolean) ? defined(urls) : undefined,
    listen: Object.values(listen).some(Boolean) ? defined(listen) : undefined,
    database: text('DATABASE_URL'),
    keys: text('SPRINGBAR_KEYS')
      ?.split(',')
      .map((pair) => ({ id: pair.slice(0, pair.indexOf(':')), key: pair.slice(pair.indexOf(':') + 1) })),
    trustedProxies: text('SPRINGBAR_TRUSTED_PROXIES')
      ?.split(',')
      .map((entry) => entry.trim()),
    logLevel: text('SPRINGBAR_LOG_LEVEL'),
    accounts: json('SPRINGBAR_ACCOUNTS'),
  })
}

const defined = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
