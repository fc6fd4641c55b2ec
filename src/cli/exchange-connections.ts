import {
  countExchangeable,
  EXCHANGE_OUTCOMES,
  exchangeConnections,
  findExchange,
} from '../broker/connections/exchange-generation.ts'
import type { Context } from '../broker/context.ts'

/** What stands behind `springbar connections exchange`. */
export interface ExchangeArguments {
  readonly vendor: string
  readonly dryRun: boolean
}

/** Reads the arguments; null when they are not `VENDOR [--dry-run]`, in either order. */
export function readExchangeArguments(words: readonly string[]): ExchangeArguments | null {
  const [vendor, ...others] = words.filter((word) => word !== '--dry-run')
  if (vendor === undefined || others.length > 0 || !/^[a-z][a-z0-9-]*$/.test(vendor)) return null
  return { vendor, dryRun: words.includes('--dry-run') }
}

/**
 * `springbar connections exchange`: exchanges every living connection of a vendor's older generation, or counts them, and
 * prints counts. Resolves to the exit code: 0 when nothing is left to do, 1 when something is, 2 for a vendor that has
 * nothing to exchange.
 */
export async function runExchange(
  context: Context,
  { vendor, dryRun }: ExchangeArguments,
  print: (line: string) => void,
): Promise<number> {
  const plan = findExchange(context.sources, vendor)
  if (plan === null) {
    print(`${vendor} has no newer generation that its connections could be exchanged for.`)
    return 2
  }
  if (dryRun) {
    const counts = await countExchangeable(context, plan)
    for (const [application, count] of counts) print(`${application}: ${count} to exchange`)
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    print(`${total} of ${vendor} would become ${plan.to.vendor}. Nothing was changed.`)
    return 0
  }
  const { counts, withoutClient, stopped } = await exchangeConnections(context, plan)
  for (const outcome of EXCHANGE_OUTCOMES) print(`${outcome}: ${counts[outcome]}`)
  for (const application of withoutClient)
    print(`${application}: not exchanged. It needs a client for ${vendor} and one for ${plan.to.vendor}.`)
  if (stopped) print('Stopped early: the vendor is not available. Run the command again later.')
  const left = EXCHANGE_OUTCOMES.some((outcome) => outcome !== 'exchanged' && counts[outcome] > 0)
  return left || stopped || withoutClient.length > 0 ? 1 : 0
}
