'use strict'

// Compares what is installed with what package-lock.json asks for, and calls npm when they differ.

const { spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

/** How long one start waits for another one's installation of the same folder, and how often it looks. */
const WAIT_MS = 10 * 60 * 1000
const LOOK_EVERY_MS = 200

/** Packages for development and for the platform belong to every start, whatever NODE_ENV or npm's settings say. */
const NPM_ARGUMENTS = [
  'ci',
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
]

/** Installs when something is missing or other than the lock file says. Gives '' or the sentence for the person. */
exports.installMissing = function installMissing(root) {
  if (!fs.existsSync(path.join(root, 'package-lock.json'))) {
    return 'package-lock.json is missing, so nothing can be installed. Get a fresh copy of the project, then try again.'
  }
  if (isInstalled(root)) return ''
  const folder = path.join(root, 'node_modules')
  if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return `${folder} is a link, and other packages are needed than it leads to. Delete the link, then try again: they are installed here.`
  }
  return withLock(root, () => (isInstalled(root) ? '' : install(root)))
}

/** What `springbar` says when its own packages are not there, or ''. */
exports.missingAtRun = function missingAtRun(root) {
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const { resolve } = require
  const missing = Object.keys(dependencies ?? {}).filter(
    (name) => !resolve.paths(name).some((folder) => fs.existsSync(path.join(folder, name, 'package.json'))),
  )
  if (missing.length === 0) return ''
  return `Springbar's packages are not installed (${missing[0]} is missing). Run "npm ci --omit=dev" in ${root}, then try again.`
}

/**
 * npm writes node_modules/.package-lock.json last, so an installation that was broken off has none or an old one.
 * The stamp remembers an installation that npm itself called good although an optional package is absent.
 */
function isInstalled(root) {
  const installedText = readIfThere(path.join(root, 'node_modules', '.package-lock.json'))
  if (installedText === undefined) return false
  const installed = JSON.parse(installedText).packages
  const folders = Object.keys(installed).filter((key) => key.startsWith('node_modules/'))
  if (!folders.every((key) => fs.existsSync(path.join(root, key, 'package.json')))) return false
  if (readIfThere(stampFile(root)) === stamp(root)) return true
  const wanted = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages
  return Object.keys(wanted).every((key) => {
    if (key === '') return true
    const there = installed[key]
    return there === undefined ? mayBeAbsent(wanted[key]) : isSame(wanted[key], there)
  })
}

function isSame(wanted, there) {
  return ['version', 'integrity', 'resolved', 'link'].every((field) => wanted[field] === there[field])
}

/** An optional package for another platform. Which C library a Linux has is left to npm. */
function mayBeAbsent(wanted) {
  const isElsewhere = (list, here) => list !== undefined && ![].concat(list).includes(here)
  return (
    wanted.optional === true &&
    (isElsewhere(wanted.os, process.platform) ||
      isElsewhere(wanted.cpu, process.arch) ||
      wanted.libc !== undefined)
  )
}

function install(root) {
  console.error('Installing what Springbar needs (at the first start, and when its packages have changed) …')
  const { command, args, options } = npm()
  const done = spawnSync(command, args.concat(NPM_ARGUMENTS), {
    ...options,
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (done.error) {
    return `Springbar could not start npm to install its packages (${done.error.message}). Run "npm ci" in ${root}, then try again.`
  }
  if (done.status !== 0) {
    const how = done.signal ? `it was ended by ${done.signal}` : `exit code ${done.status}`
    return `npm could not install what Springbar needs (${how}). This is what it said:\n${done.stdout}${done.stderr}`.trimEnd()
  }
  fs.writeFileSync(stampFile(root), stamp(root))
  return ''
}

/** The npm that called us when there is one, so that its version and settings stay the person's own. */
function npm() {
  const caller = process.env.npm_execpath
  if (caller && /^npm-cli\.c?js$/.test(path.basename(caller))) {
    return { command: process.execPath, args: [caller], options: {} }
  }
  // npm is a .cmd file on Windows, which only a shell can start.
  return { command: 'npm', args: [], options: { shell: process.platform === 'win32' } }
}

function stampFile(root) {
  return path.join(root, 'node_modules', '.springbar-installed')
}

function stamp(root) {
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', 'node_modules/.package-lock.json']) {
    hash.update(readIfThere(path.join(root, file)) ?? '')
  }
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`
}

/**
 * Two starts in one fresh clone, `npm start` and `npm test` for instance, must not install over each other: the
 * second one waits, then finds everything there. The lock of a process that has died is taken over.
 */
function withLock(root, work) {
  const lockFile = path.join(
    os.tmpdir(),
    `springbar-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
  )
  const until = Date.now() + WAIT_MS
  while (!take(lockFile)) {
    if (Date.now() > until)
      return `Another installation in ${root} does not end. Stop it, delete ${lockFile}, then try again.`
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY_MS)
  }
  try {
    return work()
  } finally {
    fs.rmSync(lockFile, { force: true })
  }
}

function take(lockFile) {
  try {
    fs.writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const owner = Number(readIfThere(lockFile))
  if (owner > 0 && !isAlive(owner)) fs.rmSync(lockFile, { force: true })
  return false
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
