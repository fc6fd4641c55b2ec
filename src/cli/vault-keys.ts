import type { Context } from '../broker/context.ts'
import {
  type CountedKind,
  rewrapValues,
  takeVaultCensus,
  totalOf,
  type VaultCensus,
} from '../broker/sealing/rewrap-values.ts'

/** What an operator reads of each kind. */
const NAMES: Readonly<Record<CountedKind, string>> = {
  connection: 'tokens of connections',
  revocation: 'tokens that are being ended at vendors',
  client: 'secrets of clients',
  'webhook-secret': 'secrets of webhook endpoints',
  'notification-secret': 'secrets of vendors’ notifications',
  'notification-body': 'notifications of vendors',
  'event-body': 'events with a vendor’s own words',
  'held-grant': 'grants that wait for a confirmation',
  'request-token': 'trips to vendors that are under way',
  pepper: 'the pepper of the digests, wrapped last',
}

/**
 * `springbar keys verify`: opens every sealed value and prints which keys they need. Resolves to the exit code: 0 when all
 * open, 1 when some do not.
 */
export async function verifyKeys(context: Context, print: (line: string) => void): Promise<number> {
  const census = await takeVaultCensus(context)
  printCensus(census, print)
  return census.unreadable.size === 0 ? 0 : 1
}

/**
 * `springbar keys rewrap`: wraps everything by the first key of the configuration, and prints what it did and whether the
 * other keys can go. Resolves to the exit code: 0 when they can, 1 when something still needs them.
 */
export async function rewrapKeys(context: Context, print: (line: string) => void): Promise<number> {
  const { rewrapped, isFinished, census } = await rewrapValues(context)
  for (const [kind, count] of rewrapped) if (count > 0) print(`wrapped anew: ${NAMES[kind]}: ${count}`)
  printCensus(census, print)
  if (isFinished) {
    print('Everything is under the first key. The other keys can leave the configuration.')
    return 0
  }
  if (census.unreadable.size === 0)
    print(
      'Something still needs another key: what waits for a vendor or a confirmation is gone within the hour. Run this again then.',
    )
  return 1
}

function printCensus({ byKey, unreadable, passing }: VaultCensus, print: (line: string) => void): void {
  for (const [key, kinds] of byKey) {
    print(`${key} wraps ${totalOf(kinds)} in all`)
    for (const [kind, count] of kinds) print(`  ${NAMES[kind]}: ${count}`)
  }
  if (passing > 0) print(`${passing} of those not under the first key are gone within the hour by themselves`)
  for (const [kind, count] of unreadable)
    print(`cannot be opened: ${NAMES[kind]}: ${count}. Their key is not configured, or they were altered.`)
}
