/**
 * Runs an example as its user would: `npm run example express-backend`. It installs the packages of the example's own lock
 * file, puts the SDK in as npm would publish it, builds, and starts. Settings are the environment variables that the
 * example reads. Only what is missing is installed; the SDK is always that of this moment.
 */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'

const ROOT = path.resolve(import.meta.dirname, '..')
/** Its launcher installs the project in the same way: nothing when everything is there, else what the lock file says. */
const { installMissing, npm } = createRequire(import.meta.url)('../bin/installation.js') as {
  installMissing: (root: string) => string // a sentence when it failed
  npm: () => { command: string; args: readonly string[]; options: { shell?: boolean } }
}

/** The examples with packages of their own. */
const NAMES: readonly string[] = globSync('examples/*/package.json', { cwd: ROOT })
  .map((file) => path.basename(path.dirname(file)))
  .sort()

/** The SDK out of its sources, with the files that `npm pack` takes. */
function putSdkInto(folder: string): void {
  const place = path.join(folder, 'node_modules/@springbar/sdk')
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  for (const name of ['package.json', 'README.md', 'LICENSE'])
    cpSync(path.join(ROOT, 'sdk', name), path.join(place, name))
  run(process.execPath, [
    path.join(ROOT, 'node_modules/typescript/bin/tsc'),
    ...['-p', path.join(ROOT, 'sdk/tsconfig.build.json'), '--outDir', path.join(place, 'dist')],
  ])
}

/** Scripts of an example find the Node.js that runs this. */
const env = {
  ...process.env,
  PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
}

function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; shell?: boolean } = {},
): void {
  const { status, error } = spawnSync(command, args, { ...options, env, stdio: 'inherit' })
  if (status !== 0)
    throw new Error(error?.message ?? `${path.basename(args[0] ?? command)} failed, see above.`)
}

/** Starts an example and ends with it. */
function start(name: string): void {
  const folder = path.join(ROOT, 'examples', name)
  const problem = installMissing(folder)
  if (problem) throw new Error(problem)
  putSdkInto(folder)
  const { command, args, options } = npm()
  const { scripts } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>> // the project's own file
  }
  if (scripts['build'] !== undefined)
    run(command, [...args, 'run', '--silent', 'build'], { ...options, cwd: folder })
  const child = spawn(command, [...args, '--silent', 'start'], {
    ...options,
    cwd: folder,
    env,
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  })
  child.once('close', (code) => {
    process.exitCode = code ?? 1
  })
}

const [name = ''] = process.argv.slice(2)
try {
  if (!NAMES.includes(name)) throw new Error(`Name one of ${NAMES.join(', ')}: npm run example ${NAMES[0]}.`)
  start(name)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
