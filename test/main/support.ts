// Real processes of `springbar`: started with an environment of the test's own, watched line by line, never left behind.
import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { Readable } from 'node:stream'
import { after } from 'node:test'

const ROOT = path.resolve(import.meta.dirname, '../..')
const MAIN = path.join(ROOT, 'src/main.ts')
const FIRST_PORT = 16_384
/** Linux gives ports from here on; others begin later. */
const FIRST_PORT_OF_THE_SYSTEM = 32_768

/** What the tests of a file leave behind, undone when all of them are over: a hook made inside one would end with it. */
const cleanUps: (() => unknown)[] = []
after(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp()
})

/** How the process of a verb ended. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process that runs. */
export interface Running {
  /** What it wrote so far. */
  readonly out: () => string
  readonly err: () => string
  /** Resolves once its output has this; rejects with all of it when it ends before. */
  readonly says: (pattern: RegExp) => Promise<void>
  /** To the process and, when it leads a group, to all that it started. */
  readonly signal: (signal: NodeJS.Signals) => void
  readonly ended: Promise<End>
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Leads a process group, as a program in a terminal does, which Ctrl-C reaches as a whole. */
  readonly group?: boolean
  /** A program of the tests' own instead of `springbar`. */
  readonly program?: string
}

/** A folder for the length of the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-main-'))
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * Ports that nothing listens on, all different. None of those that the system gives to whoever asks for any port: until the
 * program that it is for has started, a test file beside this one would be given it.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(FIRST_PORT, FIRST_PORT_OF_THE_SYSTEM)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (listening) {
    server.close()
    await once(server, 'close')
  }
  return listening
}

/** Starts `springbar` with these words and settings; nothing of this process's own settings reaches it. */
export function start(
  words: readonly string[],
  { env = {}, group = false, program = MAIN }: StartOptions = {},
): Running {
  const args = ['--conditions=springbar-source', '--disable-warning=ExperimentalWarning', program]
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [...args, ...words], {
    cwd: tmpdir(),
    detached: group,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules', '.cache', 'springbar'),
      ...env,
    },
  })
  const written = { out: '', err: '' }
  const listeners = new Set<() => void>()
  const hear = (stream: Readable, name: keyof typeof written) =>
    stream.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
      for (const listener of listeners) listener()
    })
  hear(child.stdout, 'out')
  hear(child.stderr, 'err')
  const ended = once(child, 'close').then(([code, signal]): End => ({ code, signal }))
  const signal = (name: NodeJS.Signals) => {
    const { pid } = child
    if (pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(group ? -pid : pid, name)
  }
  cleanUps.push(() => {
    signal('SIGKILL')
    return ended
  })
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!pattern.test(written.out + written.err)) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
    })
  return {
    out: () => written.out,
    err: () => written.err,
    says: (pattern) =>
      Promise.race([
        said(pattern),
        ended.then((end) =>
          assert.fail(`ended ${JSON.stringify(end)} without ${pattern}: ${written.out}${written.err}`),
        ),
      ]),
    signal,
    ended,
  }
}

/** Runs a verb to its end. */
export async function run(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const running = start(words, { env })
  const { code } = await running.ended
  return { code, out: running.out(), err: running.err() }
}

/** A raw connection that keeps what it hears. */
export interface Raw {
  readonly socket: Socket
  readonly heard: () => string
  /** Resolves once it has heard this; rejects when it closes before. */
  readonly hears: (pattern: RegExp) => Promise<void>
  readonly closed: Promise<void>
}

/** Connects to a port of this machine; rejects with the system's error. */
export async function connectTo(port: number): Promise<Raw> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let heard = ''
  const listeners = new Set<() => void>()
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text
    for (const listener of listeners) listener()
  })
  // A reset ends it like a close; what was heard until then is what the tests look at.
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  cleanUps.push(() => socket.destroy())
  return {
    socket,
    heard: () => heard,
    closed,
    hears: (pattern) =>
      Promise.race([
        new Promise<void>((resolve) => {
          const look = () => pattern.test(heard) && resolve()
          listeners.add(look)
          look()
        }),
        closed.then(() => assert.match(heard, pattern)),
      ]),
  }
}

/** Resolves when nothing accepts connections on a port any more. */
export async function refuses(port: number): Promise<void> {
  for (;;) {
    try {
      const { socket } = await connectTo(port)
      socket.destroy()
    } catch {
      return
    }
  }
}
