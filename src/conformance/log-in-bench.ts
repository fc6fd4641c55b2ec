import { secret } from '../model/secret.ts'
import type { CredentialsSource } from '../model/source.ts'
import {
  createGuardedFetch,
  type Grant,
  type GuardedFetchOptions,
  type LogInAnswer,
  type VendorContext,
} from '../oauth/index.ts'
import { LIBRE_PASSWORD, type SandboxControl, serveSandbox } from '../sandbox/index.ts'
import { logInHooks, pointAt } from '../sources/index.ts'
import { type CheckEffects, PATIENCE_MS, START } from './effects.ts'
import type { Patience } from './oauth1-bench.ts'
import { createWaiting } from './waiting.ts'

/** What is typed; the right password of somebody who just logs in, where nothing is said. */
export interface Typed extends Patience {
  readonly loginName?: string
  readonly password?: string
}

/** A vendor without consent page, and a person who types into our form. */
export interface LogInBench {
  readonly source: CredentialsSource
  readonly control: SandboxControl
  readonly logIn: (typed?: Typed) => Promise<LogInAnswer>
  /** A log-in that goes well. */
  readonly connect: (typed?: Typed) => Promise<Grant>
  readonly close: () => Promise<void>
}

/** The password that opens the sandbox's accounts. */
export const PASSWORD = LIBRE_PASSWORD

/** Opens a sandbox on a port of its own, and points the source at it. */
export async function openLogInBench(
  { fetch, random }: CheckEffects,
  original: CredentialsSource,
): Promise<LogInBench> {
  const hook = logInHooks.get(original.vendor)
  if (hook === undefined) throw new Error('there is no code for this log-in')
  const waiting = createWaiting()
  const sandbox = await serveSandbox({
    port: 0,
    delay: waiting.delay,
    now: () => START,
    random,
    vendors: [],
    oauth1Vendors: [],
    clients: [],
  })
  const source = pointAt(original, sandbox.url)
  if (source.kind !== 'credentials') throw new TypeError('a moved source is of its own kind')
  const contextFor = (patience: Pick<GuardedFetchOptions, 'after' | 'timeoutMs'>): VendorContext => ({
    fetch: createGuardedFetch({ fetch, ...patience }),
    now: sandbox.control.nowMs,
    wait: async (ms) => sandbox.control.advance(ms),
  })
  const contexts = {
    patient: contextFor({ timeoutMs: PATIENCE_MS }),
    impatient: contextFor({ after: waiting.after }),
  }
  const logIn = ({ loginName = 'ada@example.com', password = PASSWORD, isImpatient = false }: Typed = {}) =>
    hook(contexts[isImpatient ? 'impatient' : 'patient'], source, { loginName, password: secret(password) })
  return Object.freeze({
    source,
    control: sandbox.control,
    logIn,
    connect: async (typed?: Typed) => {
      const answer = await logIn(typed)
      if (answer.kind === 'refused') throw new Error(`the log-in was refused: ${answer.reason}`)
      return answer.grant
    },
    close: sandbox.close,
  })
}
