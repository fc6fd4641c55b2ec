// Starting and measuring a program as a whole, from outside.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

export interface Started {
  readonly child: ChildProcess
  /** From the start of the process to its first answer. */
  readonly answeredAfterMs: number
}

/** Starts a program and waits until `url` answers. The time limit is generous: it guards, it does not measure. */
export async function start(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  url: string,
): Promise<Started> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (;;) {
    const answered = await fetch(url, { redirect: 'manual' }).then(
      () => true,
      () => false,
    )
    if (answered) return { child, answeredAfterMs: performance.now() - startedAt }
    if (child.exitCode !== null) throw new Error(`${script} ended with ${child.exitCode}`)
    if (performance.now() - startedAt > 60_000) throw new Error(`${script} does not answer`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Ends it and waits for that. */
export async function stop({ child }: Started): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Resident memory in megabytes (10^6 bytes); Linux only, null elsewhere. */
export function residentMegabytes({ child }: Started): number | null {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6
  } catch {
    return null
  }
}
