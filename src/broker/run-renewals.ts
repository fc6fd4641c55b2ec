import { errorName } from '../errors.ts'
import { limits } from '../limits.ts'
import { newHexId } from '../model/ids.ts'
import type { Renewal } from '../model/renewal.ts'
import type { Context } from './context.ts'
import { renewTokens } from './renew-tokens.ts'
import type { VendorCircuits } from './vendor-circuits.ts'

/**
 * Renews the tokens that are due, in the background, batch by batch until none is left or it is time to look up. Vendors
 * that do not answer rest; those whose turn it would have been stay due.
 */
export async function runRenewals(context: Context, circuits: VendorCircuits): Promise<void> {
  for (let round = 0; round < limits.renewalRounds; round++)
    if ((await renewBatch(context, circuits)) < limits.renewalBatch) return
}

/** Returns how many turns were taken. */
async function renewBatch(context: Context, circuits: VendorCircuits): Promise<number> {
  const now = context.now()
  const owner = newHexId(context.random)
  const turns = await context.storage.write((tables) =>
    tables.renewals.takeDue(owner, now, now + limits.renewalLeaseMs, limits.renewalBatch, circuits.resting()),
  )
  const tried = new Set<string>()
  await Promise.all(
    turns.map((turn) => {
      // One request tells whether a vendor is back; the rest wait for its answer.
      const waits = circuits.isOnTrial(turn.vendor) && tried.has(turn.vendor)
      tried.add(turn.vendor)
      return waits ? giveBack(context, turn) : renew(context, circuits, turn)
    }),
  )
  return turns.length
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

const giveBack = (context: Context, { connectionId, leaseOwner }: Renewal): Promise<boolean> =>
  context.storage.write((tables) => tables.renewals.settle(connectionId, leaseOwner ?? '', {}))
