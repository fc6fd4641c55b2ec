// A configuration in order, to spoil one part of, and what reading it says.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { type Config, ConfigError, parseConfig, readConfig } from '../../src/config/index.ts'
import { hasLanguage } from '../../src/pages/index.ts'

export const RULES = { vendors: new Set(['strava', 'withings']), hasLanguage, tryOut: false }

/** Long and varied enough to be a secret, and nothing that a message could hold by chance. */
export const secretText = (n: number): string => `Zq${n}-wLk4RtYb7VmXs2HdJc9GfPe`

const keyFrom = (text: string): string => createHash('sha256').update(text).digest('base64')
export const KEY = keyFrom('sealing wax')
export const OTHER_KEY = keyFrom('second-key')

type Json = Readonly<Record<string, unknown>>

export const applicationOf = (more: Json = {}): Json => ({
  id: 'app',
  name: 'App',
  secrets: [secretText(1)],
  ...more,
})

export const accountOf = (application: Json = {}, more: Json = {}): Json => ({
  username: 'account',
  passwords: [secretText(2)],
  applications: [applicationOf(application)],
  ...more,
})

/** A whole configuration that is in order, with other values laid over it. */
export const configOf = (more: Json = {}): Json => ({
  publicUrl: 'https://connect.example.org',
  database: 'sqlite:/var/lib/springbar/springbar.db',
  keys: [{ id: 'k1', key: KEY }],
  accounts: [accountOf()],
  ...more,
})

/** What is said about a configuration; nothing for one in order. Anything but a ConfigError is thrown on. */
export function problemsOf(read: () => Config): readonly string[] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

export const problemsIn = (input: unknown): readonly string[] => problemsOf(() => parseConfig(input, RULES))

/** Writes a configuration file for the length of the tests and returns its path. */
export function configFile(content: unknown, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'springbar-config-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'springbar.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode })
  return path
}

/** Reads a configuration file with an environment, as `springbar serve` does. */
export const readFileWith = (content: unknown, environment: Readonly<Record<string, string>> = {}): Config =>
  readConfig({ SPRINGBAR_CONFIG: configFile(content), ...environment }, RULES)

/** How a value of the file refers to a variable of the environment. */
export const fromVariable = (name: string): string => `\${${name}}`
