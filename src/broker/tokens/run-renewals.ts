import { errorName } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { newHexId } from '../../model/ids.ts'
import type { Renewal } from '../../model/renewal.ts'
import type { Context } from '../context.ts'
import { renewTokens } from './renew-tokens.ts'
import { createRenewalPace, type RenewalPace } from './renewal-pace.ts'
import { renewalSpreadMs } from './renewal-schedule.ts'
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

/** A turn that is given back, and how long its client has to wait. */
interface Return {
  readonly turn: Renewal
  readonly waitMs: number
}

/**
 * A renewer. Each vendor has places of its own, so that a slow one holds up nobody else. A vendor whose turns still wait,
 * that does not answer, or whose limit is used up, is left out when more are taken; those whose turn it would have been
 * stay due.
 */
export function createRenewer(context: Context, circuits: VendorCircuits): Renewer {
  const pace = createRenewalPace(context)
  const lanes = new Map<string, Lane>()
  const running = new Set<Promise<void>>()
  let isStopping = false

  const placesOf = (vendor: string): number =>
    // One request tells whether a vendor is back; the rest wait for its answer.
    circuits.isOnTrial(vendor) ? 1 : limits.renewalConcurrency

  const take = (): Promise<readonly Renewal[]> => {
    const busy = [...lanes].filter(([, { waiting }]) => waiting.length > 0).map(([vendor]) => vendor)
    return takeDue(context, [...new Set([...circuits.resting(), ...pace.spent(), ...busy])])
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

  /** Gives places to those who wait; turns at vendors that have to rest by now, or that take no more, go back. */
  const begin = async (): Promise<void> => {
    const resting = circuits.resting()
    const back: Return[] = []
    for (const [vendor, lane] of lanes) {
      if (isStopping || resting.includes(vendor))
        back.push(...lane.waiting.splice(0).map((turn) => ({ turn, waitMs: 0 })))
      back.push(...fillPlaces(vendor, lane))
      if (lane.waiting.length === 0 && lane.underWay === 0) lanes.delete(vendor)
    }
    if (back.length > 0) await giveBack(context, back, pace.spent())
  }

  /** Starts what there are places for; gives the turns of clients that have to wait. */
  const fillPlaces = (vendor: string, lane: Lane): readonly Return[] => {
    const back: Return[] = []
    while (lane.underWay < placesOf(vendor)) {
      const turn = lane.waiting.shift()
      if (turn === undefined) break
      const waitMs = pace.waitOrTake(turn)
      if (waitMs === 0) start(lane, turn)
      else back.push({ turn, waitMs })
    }
    return back
  }

  const start = (lane: Lane, turn: Renewal): void => {
    lane.underWay++
    const run = renew(context, circuits, pace, turn)
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

function takeDue(context: Context, except: readonly string[]): Promise<readonly Renewal[]> {
  const now = context.now()
  const owner = newHexId(context.random)
  return context.storage.write((tables) =>
    tables.renewals.takeDue(owner, now, now + limits.renewalLeaseMs, limits.renewalBatch, except),
  )
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

async function renew(
  context: Context,
  circuits: VendorCircuits,
  pace: RenewalPace,
  turn: Renewal,
): Promise<void> {
  try {
    const outcome = await renewTokens(context, turn)
    if (outcome.kind === 'failed' && outcome.isBusy) pace.noteBusy(turn, outcome.retryAfterMs)
    if (outcome.kind === 'failed' && outcome.isOutage) circuits.noteOutage(turn.vendor, outcome.retryAfterMs)
    else if (outcome.kind !== 'not-needed') circuits.noteAnswer(turn.vendor)
  } catch (error) {
    // The lease runs out and another turn is taken.
    context.log.error('a renewal failed', { connection: turn.connectionId, error: errorName(error) })
  }
}

/**
 * Gives turns back that were not begun. They stay due; one of a client that takes no more, at a vendor where others still
 * take some, is put off, since the vendor is not left out.
 */
const giveBack = (context: Context, back: readonly Return[], spent: readonly string[]): Promise<void> =>
  context.storage.write(async (tables) => {
    for (const { turn, waitMs } of back)
      await tables.renewals.settle(
        turn.connectionId,
        turn.leaseOwner ?? '',
        waitMs === 0 || spent.includes(turn.vendor)
          ? {}
          : { dueAt: context.now() + renewalSpreadMs(context, waitMs) },
      )
  })
