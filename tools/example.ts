/**
 * Runs an example as its user would: `npm run example express-backend`. It installs the packages of the example's own lock
 * file, puts the SDK in as npm would publish it, builds, and starts. Settings are the environment variables that the
 * example reads. Only what is missing is installed; the SDK is always that of this moment.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'

const ROOT = path.resolve(import.meta.dirname, '..')
/** Its launcher installs the project in the same way: nothing when everything is there, else what the lock file says. */
const { installMissing } = createRequire(import.meta.url)('../bin/installation.js') as {
  installMissing: (root: string) => string // a sentence when it failed
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
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc')
  const project = path.join(ROOT, 'sdk/tsconfig.build.json')
  execFileSync(process.execPath, [tsc, '-p', project, '--outDir', path.join(place, 'dist')], {
    stdio: 'inherit',
  })
}

/** A script of an example's package.json sees what npm would show it, and the Node.js that runs this. */
function surroundings(folder: string) {
  const places = [path.join(folder, 'node_modules/.bin'), path.dirname(process.execPath), process.env['PATH']]
  return {
    cwd: folder,
    // Nothing is told to anybody.
    env: { ...process.env, PATH: places.join(path.delimiter), NEXT_TELEMETRY_DISABLED: '1' },
    stdio: 'inherit',
    shell: true,
  } as const
}

/** Starts an example and ends with it. */
function start(name: string): void {
  const folder = path.join(ROOT, 'examples', name)
  const problem = installMissing(folder)
  if (problem) throw new Error(problem)
  putSdkInto(folder)
  const { scripts } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<'build' | 'start', string>> // the project's own file
  }
  if (spawnSync(scripts.build, surroundings(folder)).status !== 0)
    throw new Error('The build failed, see above.')
  // In the place of the shell, which would pass no signal on.
  const child = spawn(
    process.platform === 'win32' ? scripts.start : `exec ${scripts.start}`,
    surroundings(folder),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
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
