import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { TestContext } from 'node:test'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** What a package-lock.json says of one package. */
export type LockedPackage = Readonly<{
  version: string
  optional?: boolean
  os?: readonly string[]
  cpu?: readonly string[]
}>

/** A finished run of the launcher. */
export type Ended = Readonly<{
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}>

/** A small project with our launcher in it, and an npm that notes each call. Deleted after the test. */
export type LauncherProject = Readonly<{
  folder: string
  /** Writes package-lock.json. */
  lock: (packages: Readonly<Record<string, LockedPackage>>) => void
  /** How npm was called, one list of arguments for each call. */
  npmCalls: () => readonly (readonly string[])[]
  /** Starts `node bin/launch.js` or the like, with `npm_execpath` as npm sets it. */
  start: (args: readonly string[], environment?: Readonly<Record<string, string>>) => ChildProcess
  /** The same by a line of shell, as npm does it. */
  startShell: (line: string, environment?: Readonly<Record<string, string>>) => ChildProcess
  run: (args: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<Ended>
}>

/** Stands in for npm: notes its arguments, then installs what the lock file lists, or fails when told to. */
const NPM = `
const fs = require('node:fs')
fs.appendFileSync('npm-calls.jsonl', JSON.stringify(process.argv.slice(2)) + '\\n')
if (process.env.NPM_FAILS) {
  console.log('npm error the registry is on holiday')
  process.exit(9)
}
fs.rmSync('node_modules', { recursive: true, force: true })
const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
const leftOut = (process.env.NPM_LEAVES_OUT ?? '').split(',')
const installed = Object.entries(packages).filter(([key]) => key !== '' && !leftOut.includes(key))
fs.mkdirSync('node_modules')
for (const [key] of installed) {
  fs.mkdirSync(key, { recursive: true })
  fs.writeFileSync(key + '/package.json', '{}')
}
fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: Object.fromEntries(installed) }))
`

/** Creates the project: `program` is the text of its main.ts. */
export function createLauncherProject(test: TestContext, program = ''): LauncherProject {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-launcher-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(path.join(ROOT, 'bin'), path.join(folder, 'bin'), { recursive: true })
  mkdirSync(path.join(folder, 'src'))
  writeFileSync(path.join(folder, 'src/main.ts'), program)
  writeFileSync(path.join(folder, 'npm-cli.cjs'), NPM)
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ type: 'module', dependencies: { hono: '^4.0.0' } }),
  )
  const lock: LauncherProject['lock'] = (packages) =>
    writeFileSync(
      path.join(folder, 'package-lock.json'),
      JSON.stringify({ packages: { '': {}, ...packages } }),
    )
  lock({ 'node_modules/hono': { version: '4.0.0' } })
  // Neither the cache that our own launcher chose for this run nor the npm that started it are meant here.
  const { NODE_COMPILE_CACHE: _, npm_lifecycle_event: __, ...inherited } = process.env
  const options = (environment: Readonly<Record<string, string>> = {}) => ({
    cwd: folder,
    env: { ...inherited, npm_execpath: path.join(folder, 'npm-cli.cjs'), ...environment },
  })
  const start: LauncherProject['start'] = (args, environment) =>
    spawn(process.execPath, args, options(environment))
  const startShell: LauncherProject['startShell'] = (line, environment) =>
    spawn('/bin/sh', ['-c', line], options(environment))
  const run: LauncherProject['run'] = async (args, environment) => {
    const child = start(args, environment)
    const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)]
    child.stdin?.end()
    const [code, signal] = await once(child, 'close')
    return { code, signal, stdout: stdout(), stderr: stderr() }
  }
  const npmCalls = () => {
    const notes = path.join(folder, 'npm-calls.jsonl')
    if (!existsSync(notes)) return []
    // Written by the npm above, one list of strings a line.
    return readFileSync(notes, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as string[])
  }
  return { folder, lock, npmCalls, start, startShell, run }
}

/** Resolves when the child has printed `word`; rejects when it ends without. */
export async function printed(child: ChildProcess, word: string): Promise<void> {
  const stdout = textOf(child.stdout)
  const ended = once(child, 'close').then(() => {
    throw new Error(`It ended without "${word}", after: ${stdout()}`)
  })
  while (!stdout().includes(word)) await Promise.race([child.stdout && once(child.stdout, 'data'), ended])
  ended.catch(() => undefined)
}

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}
