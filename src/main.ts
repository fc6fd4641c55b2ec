/**
 * The `springbar` command: reads the command line, builds what it asks for, and ends it cleanly.
 *
 * @module main — owns the verbs and the signals. What a running service is made of stands in `main/service.ts`, what the
 * try-out adds in `main/try-out.ts`.
 */
import type { Context } from './broker/context.ts'
import { type Config, ConfigError, readConfig } from './config/index.ts'
import { SpringbarError } from './errors.ts'
import { allSources } from './main/all-sources.ts'
import { configRulesOf } from './main/config-rules.ts'
import { createLog } from './main/log.ts'
import { openContext, startService } from './main/service.ts'
import { sources } from './sources/index.ts'
import { VaultError } from './vault/index.ts'

const USAGE = `springbar serve          run the service with the configuration of SPRINGBAR_CONFIG [--drill: answer, and send nothing]
springbar check-config   say everything that is wrong with it
springbar try            run the service, sandbox vendors and the demo, to try it out
springbar sandbox        run the sandbox vendors alone, for tests of your own
springbar keys new       print a new vault key
springbar keys verify    open everything that is sealed, and say which keys it needs
springbar keys rewrap    put everything under the first key, so that older ones can go
springbar secret new     print a new secret
springbar audit list     print the last audit lines: [--application ID] [--end-user ID] [--since TIME] [--limit N]
springbar audit verify   check that no audit line was altered or removed
springbar sessions end   end all connection sessions of an application: APPLICATION
springbar source check   play a data source in the sandbox: FILE | KEY
springbar connections exchange  exchange connections of a vendor's older generation: VENDOR [--dry-run]`

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const complain = (line: string): void => void process.stderr.write(`${line}\n`)

const configured = (): Config => readConfig(process.env, { ...configRulesOf(sources), tryOut: false })

async function exchange(words: readonly string[]): Promise<void> {
  const { readExchangeArguments, runExchange } = await import('./cli/exchange-connections.ts')
  const given = readExchangeArguments(words)
  if (given === null) return misused('springbar connections exchange VENDOR [--dry-run]')
  await withContext((context) => runExchange(context, given, print))
}

/** Does something with the service's own database, beside a running service or without one. */
async function withContext(act: (context: Context) => Promise<number>): Promise<void> {
  const config = configured()
  const context = await openContext(config, { log: createLog(config.logLevel), sandboxOrigin: null })
  try {
    process.exitCode = await act(context)
  } finally {
    await context.storage.close()
  }
}

async function checkSource(words: readonly string[]): Promise<void> {
  const [named] = words
  if (named === undefined || words.length > 1) return misused('springbar source check FILE | KEY')
  const { checkSourceNamed } = await import('./cli/check-source.ts')
  const { openPairingService } = await import('./main/check-service.ts')
  if (!(await checkSourceNamed(named, print, openPairingService))) process.exitCode = 1
}

async function serve(words: readonly string[]): Promise<void> {
  const isDrill = words[0] === '--drill'
  if (words.length > (isDrill ? 1 : 0)) return misused(USAGE)
  const config = configured()
  const log = createLog(config.logLevel)
  const onDiskLost = () => {
    log.error(
      'the disk of the database failed: nothing that is said from now on could be relied on, so the service ends',
    )
    process.exit(1)
  }
  const service = startService(config, { log, sandboxOrigin: null, onDiskLost, isDrill })
  stopOnSignal(async () => (await service).stop())
  await service
}

async function tryIt(): Promise<void> {
  const { startTryOut } = await import('./main/try-out.ts')
  const tryOut = startTryOut(process.env, print)
  const stop = stopOnce(async () => (await tryOut).stop())
  stopOnSignal(stop)
  void (await tryOut).ended.then(() => stop()).then(() => process.exit(1))
}

async function sandbox(): Promise<void> {
  const { startSandboxAlone } = await import('./main/sandbox-alone.ts')
  const alone = startSandboxAlone(process.env, print)
  stopOnSignal(async () => (await alone).stop())
  await alone
}

async function verify(): Promise<void> {
  const { verifyKeys } = await import('./cli/vault-keys.ts')
  await withContext((context) => verifyKeys(context, print))
}

async function rewrap(): Promise<void> {
  const { rewrapKeys } = await import('./cli/vault-keys.ts')
  await withContext((context) => rewrapKeys(context, print))
}

async function printAuditLines(words: readonly string[]): Promise<void> {
  const { AUDIT_LIST_USAGE, printAudit, readAuditArguments } = await import('./cli/audit.ts')
  const wish = readAuditArguments(words)
  if (wish === null) return misused(AUDIT_LIST_USAGE)
  await withContext((context) => printAudit(context, wish, print))
}

async function verifyAudit(): Promise<void> {
  const { printAuditCheck } = await import('./cli/audit.ts')
  await withContext((context) => printAuditCheck(context, print))
}

async function endSessions(words: readonly string[]): Promise<void> {
  const { endSessionsOf } = await import('./cli/end-sessions.ts')
  const [application] = words
  if (application === undefined || words.length > 1) return misused('springbar sessions end APPLICATION')
  await withContext((context) => endSessionsOf(context, application, print))
}

async function printNew(kind: 'key' | 'secret'): Promise<void> {
  const { newKey, newSecret } = await import('./cli/new-secret.ts')
  print(kind === 'key' ? newKey(new Date()) : newSecret())
}

/**
 * What can be said, and what it does with the words behind it. What a service that serves has no use for, the sandbox
 * above all, is loaded when its verb is said.
 */
const VERBS: Readonly<Record<string, (words: readonly string[]) => Promise<void> | void>> = {
  serve,
  'check-config': alone(() => {
    allSources(configured())
    print('The configuration is in order.')
  }),
  try: alone(tryIt),
  sandbox: alone(sandbox),
  'source check': checkSource,
  'connections exchange': exchange,
  'keys verify': alone(verify),
  'keys rewrap': alone(rewrap),
  'keys new': alone(() => printNew('key')),
  'audit list': printAuditLines,
  'audit verify': alone(verifyAudit),
  'sessions end': endSessions,
  'secret new': alone(() => printNew('secret')),
  help: alone(() => print(USAGE)),
  '--help': alone(() => print(USAGE)),
}

/** A verb that takes no further words. */
function alone(act: () => Promise<void> | void): (words: readonly string[]) => Promise<void> | void {
  return (words) => (words.length > 0 ? misused(USAGE) : act())
}

async function run(words: readonly string[]): Promise<void> {
  for (const length of [2, 1]) {
    const verb = VERBS[words.slice(0, length).join(' ')]
    if (verb !== undefined && words.length >= length) return verb(words.slice(length))
  }
  if (words.length === 0) return print(USAGE)
  misused(USAGE)
}

function misused(usage: string): void {
  complain(usage)
  process.exitCode = 2
}

const stopOnce = (stop: () => Promise<void>): (() => Promise<void>) => {
  let stopping: Promise<void> | null = null
  return () => {
    stopping ??= stop()
    return stopping
  }
}

/** A signal to a whole group arrives twice: directly, and passed on by the launcher. People are slower. */
const SAME_SIGNAL_MS = 300

/** The first signal ends everything in good order, also what is only starting; a second one at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let firstAt: number | null = null
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (firstAt !== null && performance.now() - firstAt < SAME_SIGNAL_MS) return
      if (firstAt !== null) process.exit(1)
      firstAt = performance.now()
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
}

/** What chooses the port, by verb. */
const PORTS_OF: Readonly<Record<string, string>> = {
  try: 'PORT, SANDBOX_PORT or DEMO_PORT',
  sandbox: 'SANDBOX_PORT',
}

/** What went wrong, for whoever started it: sentences, no stack. */
function sentences(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems
  if (error instanceof SpringbarError) return [error.detail]
  if (error instanceof VaultError)
    return [
      'The vault keys do not open this database. Configure the key that it was started with; nothing was changed.',
    ]
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number } // read with care below
  if (code === 'EADDRINUSE')
    return [
      `Port ${port} is taken. Stop what uses it, or choose another: ${PORTS_OF[process.argv[2] ?? ''] ?? 'listen.port or PORT'}.`,
    ]
  if (code === 'EACCES' && port !== undefined)
    return [`Port ${port} may not be used by this user. Choose one above 1023.`]
  return [message ?? 'Something unexpected happened.']
}

run(process.argv.slice(2)).catch((error: unknown) => {
  for (const line of sentences(error)) complain(line)
  process.exitCode = 1
})
