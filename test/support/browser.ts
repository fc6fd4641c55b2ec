/**
 * @module test/support/browser
 * A real Chromium for the tests: the machine's own when it has one, else the one out of an npm package, which needs
 * nothing on the machine. It starts with the arguments of this file alone, so that site boundaries, cookies and
 * pop-up rules are a person's. `localhost`, `vendor.localhost` and `app.localhost` are loopback, on three sites.
 * It owns the browser's process and profile; it knows no page of ours.
 */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** How a page is opened. Everything not given is a desktop of a person who reads English and likes it light. */
export type PageOptions = Readonly<{
  colorScheme?: 'light' | 'dark'
  viewport?: { width: number; height: number }
  /** BCP 47, sent as `Accept-Language`. */
  locale?: string
  /** What the browser says it is; by default what it is. */
  userAgent?: string
  /** False for a browser with scripts switched off. */
  javaScriptEnabled?: boolean
  /** With a test's context the page is closed, and its errors fail that test, when the test ends. */
  test?: TestContext
  /** Errors that the test expects: the browser itself reports a 403 as a console error, for instance. */
  expectedErrors?: RegExp
}>

/**
 * A page with a context (cookies, storage) of its own. `errors` has every uncaught exception and every console
 * error of the page and its pop-ups so far; `close` ends the context and throws when there was an unexpected one.
 */
export type TestPage = Readonly<{
  page: Page
  context: BrowserContext
  errors: readonly string[]
  close: () => Promise<void>
}>

const ROOT = path.resolve(import.meta.dirname, '../..')
const PACKAGE = path.join(ROOT, 'node_modules/@sparticuz/chromium')
/** Patience for what must come, so generous: on a machine that is slow and busy it takes many times what it takes alone. */
const UNPACK_WITHIN_MS = 600_000
const START_WITHIN_MS = 180_000
const ACTION_TIMEOUT_MS = 60_000

/** Never among them: --disable-web-security, --single-process, or anything that weakens site isolation or cookies. */
const ARGUMENTS = [
  '--headless',
  '--remote-debugging-pipe',
  // The sandbox shuts out hostile pages, refuses to run as root and is missing in many containers. Ours are our own.
  '--no-sandbox',
  '--site-per-process',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-extensions',
  '--disable-component-update',
  '--disable-background-networking',
  '--disable-domain-reliability',
  '--disable-field-trial-config',
  '--disable-search-engine-choice-screen',
  '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints,Translate',
  // A page that comes back out of this cache sends no events, so the driver would wait for ever.
  '--disable-back-forward-cache',
  // A background tab must not run slower: the tests open pop-ups and new tabs.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  // Containers have a small /dev/shm.
  '--disable-dev-shm-usage',
  '--metrics-recording-only',
  '--mute-audio',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
  '--password-store=basic',
  '--use-mock-keychain',
]

/**
 * Only the fonts that came with the browser, so that a page measures the same on every machine. The folder is named from
 * where this stands: a project may be moved with what was unpacked, and without fonts the browser crashes.
 */
const FONT_CONFIGURATION = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
</fontconfig>
`

const machineFonts = (own: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${own}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
</fontconfig>
`

const SYSTEM_BROWSERS: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/** A program to start, and what its environment needs beside ours. */
export type BrowserProgram = Readonly<{ file: string; env: Readonly<Record<string, string>> }>

/**
 * Finds or unpacks a browser: `SPRINGBAR_BROWSER` (a path), then the machine's own, then the npm package's. Throws
 * one plain sentence when there is none, so that a run without a browser fails and never passes by skipping.
 */
export async function findBrowser(): Promise<BrowserProgram> {
  const chosen = process.env['SPRINGBAR_BROWSER']
  if (chosen) {
    if (existsSync(chosen)) return { file: chosen, env: {} }
    throw new Error(
      `SPRINGBAR_BROWSER names ${chosen}, and there is no such file. Correct it, or leave it out.`,
    )
  }
  const installed = SYSTEM_BROWSERS[process.platform]?.find((file) => existsSync(file))
  if (installed) return { file: installed, env: {} }
  if (process.platform === 'linux' && process.arch === 'x64') return unpackBrowser()
  throw new Error(
    'The tests need a browser, and no Chromium or Chrome was found. Install one, or name its program in SPRINGBAR_BROWSER.',
  )
}

/**
 * Starts a browser with an empty profile, which is deleted when it closes. `withMachineFonts` lets one that has fonts of its own
 * use those of the machine beside them, for pictures in scripts that its own lack. `blocksThirdPartyCookies` keeps cookies and
 * storage from frames of other sites; `blocksWindows` lets pages open none.
 */
export async function launchBrowser({
  withMachineFonts = false,
  blocksThirdPartyCookies = false,
  blocksWindows = false,
} = {}): Promise<Browser> {
  const program = await findBrowser()
  const profile = mkdtempSync(path.join(tmpdir(), 'springbar-browser-'))
  const ownFonts = program.env['FONTCONFIG_PATH']
  const fonts: Record<string, string> = {}
  if (withMachineFonts && ownFonts !== undefined) {
    fonts['FONTCONFIG_FILE'] = path.join(profile, 'fonts.conf')
    writeFileSync(fonts['FONTCONFIG_FILE'], machineFonts(path.join(ownFonts, 'fonts')))
  }
  try {
    const browser = await chromium.launch({
      executablePath: program.file,
      ignoreDefaultArgs: true,
      timeout: START_WITHIN_MS,
      args: [
        ...ARGUMENTS,
        ...(blocksThirdPartyCookies ? ['--test-third-party-cookie-phaseout'] : []),
        ...(blocksWindows ? ['--block-new-web-contents'] : []),
        `--user-data-dir=${profile}`,
      ],
      env: { ...process.env, ...program.env, ...fonts },
    })
    browser.on('disconnected', () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }))
    return browser
  } catch (error) {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    throw new Error(`The browser for the tests did not start (${program.file}). ${String(error)}`, {
      cause: error,
    })
  }
}

/** Opens an empty page, as if by another person on another machine: nothing is shared with other pages. */
export async function newPage(browser: Browser, options: PageOptions = {}): Promise<TestPage> {
  const { test, expectedErrors, ...contextOptions } = options
  const context = await browser.newContext({
    colorScheme: 'light',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...contextOptions,
  })
  context.setDefaultTimeout(ACTION_TIMEOUT_MS)
  const errors: string[] = []
  context.on('weberror', (event) => errors.push(`uncaught: ${String(event.error())}`))
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()} (${message.location().url})`)
  })
  let closed: Promise<void> | undefined
  const closeOnce = async () => {
    await context.close()
    const unexpected = errors.filter((error) => !expectedErrors?.test(error))
    assert.deepEqual(unexpected, [], 'the page reported errors')
  }
  const close = () => {
    closed ??= closeOnce()
    return closed
  }
  test?.after(close)
  return { page: await context.newPage(), context, errors, close }
}

/**
 * Does what makes a page close itself, and waits until it has. The driver may lose sight of the page before it has heard that
 * its own click arrived, so that alone is no error. Throws when the page stays: why `act` failed, if it did.
 */
export async function closesBy(page: Page, act: () => Promise<unknown>): Promise<void> {
  const [closed, acted] = await Promise.allSettled([page.waitForEvent('close'), act()])
  if (closed.status === 'rejected') throw acted.status === 'rejected' ? acted.reason : closed.reason
}

/**
 * The npm package holds Chromium, the libraries that a bare machine may lack, and one font family, compressed. They
 * are unpacked once for each version, beside the other packages, and put in place in one step: test files that
 * start at the same time, or a run that was broken off, never meet half a browser.
 */
async function unpackBrowser(): Promise<BrowserProgram> {
  const manifest = path.join(PACKAGE, 'package.json')
  if (!existsSync(manifest)) {
    throw new Error(
      'The tests need a browser, and the npm package @sparticuz/chromium is not installed. Run "npm ci", then try again.',
    )
  }
  // npm's own manifest of an installed package always has a version.
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const cache = path.join(ROOT, 'node_modules/.cache/springbar-browser')
  const folder = path.join(cache, version)
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true })
    const staging = mkdtempSync(path.join(cache, 'unpacking-'))
    try {
      await unpackInto(staging)
      writeFileSync(path.join(staging, 'fonts/fonts.conf'), FONT_CONFIGURATION)
      renameSync(staging, folder)
    } catch (error) {
      rmSync(staging, { recursive: true, force: true })
      // Another test file that unpacked at the same time was first.
      if (!existsSync(path.join(folder, 'chromium'))) throw error
    }
  }
  return {
    file: path.join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'), FONTCONFIG_PATH: path.join(folder, 'fonts') },
  }
}

/** The package unpacks into the temporary folder only, so a process runs it whose temporary folder is `staging`. */
async function unpackInto(staging: string): Promise<void> {
  const script = `
    import { inflate } from '@sparticuz/chromium'
    const archives = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']
    await Promise.all(archives.map((name) => inflate(process.argv[1] + '/bin/' + name)))
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, PACKAGE], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: staging, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: UNPACK_WITHIN_MS,
  })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`The browser for the tests could not be unpacked. ${words}`)
}
