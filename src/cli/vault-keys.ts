import type { Context } from '../broker/context.ts'
import { rewrapValues, takeVaultCensus, type VaultCensus } from '../broker/rewrap-values.ts'

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
  for (const [kind, count] of rewrapped) if (count > 0) print(`${kind}: ${count} wrapped anew`)
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
  for (const [key, count] of byKey) print(`${key}: ${count} sealed values`)
  if (passing > 0) print(`${passing} of them are gone within the hour by themselves`)
  for (const [kind, count] of unreadable)
    print(`${kind}: ${count} cannot be opened. Their key is not configured, or they were altered.`)
}
