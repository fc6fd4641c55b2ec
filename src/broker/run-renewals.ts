import { errorName } from '../errors.ts'
import { limits } from '../limits.ts'
import { newHexId } from '../model/ids.ts'
import type { Renewal } from '../model/renewal.ts'
import type { Context } from './context.ts'
import { renewTokens } from './renew-tokens.ts'
import type { VendorCircuits } from './vendor-circuits.ts'

/** Renews tokens in the background. One for each process. */
export interface Renewer {
  /** Takes what is due and begins with it; resolves when nothing more can be taken now. */
  readonly look: () => Promise<void>
  /** Resolves when nothing is under way and nothing waits. */
  readonly idle: () => Promise<void>
  /** Begins nothing any more, gives back the turns that wait, and resolves when those under way have ended. */
  readonly stop: () => Promise<void>
}

/** The turns of one vendor: those that wait for a place, and how many have one. */
interface Lane {
  readonly waiting: Renewal[]
  underWay: number
}

/**
 * A renewer. Each vendor has places of its own, so that a slow one holds up nobody else. A vendor whose turns still wait,
 * or that does not answer, is left out when more are taken; those whose turn it would have been stay due.
 */
export function createRenewer(context: Context, circuits: VendorCircuits): Renewer {
  const lanes = new Map<string, Lane>()
  const running = new Set<Promise<void>>()
  let isStopping = false

  const placesOf = (vendor: string): number =>
    // One request tells whether a vendor is back; the rest wait for its answer.
    circuits.isOnTrial(vendor) ? 1 : limits.renewalConcurrency

  const take = async (): Promise<readonly Renewal[]> => {
    const now = context.now()
    const owner = newHexId(context.random)
    const busy = [...lanes].filter(([, { waiting }]) => waiting.length > 0).map(([vendor]) => vendor)
    const except = [...new Set([...circuits.resting(), ...busy])]
    return context.storage.write((tables) =>
      tables.renewals.takeDue(owner, now, now + limits.renewalLeaseMs, limits.renewalBatch, except),
    )
  }

  const fill = async (): Promise<void> => {
    for (let taken: number = limits.renewalBatch; taken === limits.renewalBatch && !isStopping; ) {
      const turns = await take()
      taken = turns.length
      for (const turn of turns) {
        const lane = lanes.get(turn.vendor) ?? { waiting: [], underWay: 0 }
        lanes.set(turn.vendor, lane)
        lane.waiting.push(turn)
      }
      await begin()
    }
  }
  const look = sharedRun(fill)

  /** Gives places to those who wait; the turns of a vendor that has to rest by now go back. */
  const begin = async (): Promise<void> => {
    const resting = circuits.resting()
    const back: Renewal[] = []
    for (const [vendor, lane] of lanes) {
      if (isStopping || resting.includes(vendor)) back.push(...lane.waiting.splice(0))
      while (lane.waiting.length > 0 && lane.underWay < placesOf(vendor)) start(lane)
      if (lane.waiting.length === 0 && lane.underWay === 0) lanes.delete(vendor)
    }
    if (back.length > 0) await giveBack(context, back)
  }

  const start = (lane: Lane): void => {
    const turn = lane.waiting.shift()
    if (turn === undefined) return
    lane.underWay++
    const run = renew(context, circuits, turn)
      .then(async () => {
        lane.underWay--
        await begin()
        // There may be more of this vendor, which was left out until now.
        if (lane.waiting.length === 0 && !isStopping) await look()
      })
      .catch((error: unknown) => context.log.error('renewals were held up', { error: errorName(error) }))
      .finally(() => running.delete(run))
    running.add(run)
  }

  const idle = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running)
  }
  return Object.freeze({
    look,
    idle,
    stop: async () => {
      isStopping = true
      await look()
      await begin()
      await idle()
    },
  })
}

/** Renews all that is due now, and waits for it. */
export async function runRenewals(context: Context, circuits: VendorCircuits): Promise<void> {
  const { look, idle } = createRenewer(context, circuits)
  await look()
  await idle()
}

/** One run at a time; whoever asks meanwhile gets another one after it. */
function sharedRun(run: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | null = null
  let isAskedAgain = false
  const runAll = async () => {
    try {
      do {
        isAskedAgain = false
        await run()
      } while (isAskedAgain)
    } finally {
      current = null
    }
  }
  return () => {
    if (current === null) current = runAll()
    else isAskedAgain = true
    return current
  }
}

async function renew(context: Context, circuits: VendorCircuits, turn: Renewal): Promise<void> {
  try {
    const outcome = await renewTokens(context, turn)
    if (outcome.kind === 'failed' && outcome.isOutage) circuits.noteOutage(turn.vendor, outcome.retryAfterMs)
    else if (outcome.kind !== 'not-needed') circuits.noteAnswer(turn.vendor)
  } catch (error) {
    // The lease runs out and another turn is taken.
    context.log.error('a renewal failed', { connection: turn.connectionId, error: errorName(error) })
  }
}

const giveBack = (context: Context, turns: readonly Renewal[]): Promise<void> =>
  context.storage.write(async (tables) => {
    for (const { connectionId, leaseOwner } of turns)
      await tables.renewals.settle(connectionId, leaseOwner ?? '', {})
  })
