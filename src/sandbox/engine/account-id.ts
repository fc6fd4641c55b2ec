import type { JsonValue } from '../template.ts'
import type { AnyVendor, DemoAccount, Switches } from '../vendor.ts'

/** The first whole number that a JavaScript number cannot tell from its neighbour. */
const BEYOND = 2n ** 53n + 1n

/** The account's id in letters: as a caller sends it back. */
export function accountIdText(vendor: AnyVendor, { userIdAs }: Switches, account: DemoAccount): string {
  // Odd steps, so that each id is one that a double would round.
  if (userIdAs === 'beyond-2^53') return String(BEYOND + 2n * BigInt(vendor.accounts.indexOf(account)))
  return account.subject
}

/** The account's id in the type in which the vendor gives it; undefined where it is left out. */
export function accountId(
  vendor: AnyVendor,
  switches: Switches,
  account: DemoAccount,
): JsonValue | undefined {
  const text = accountIdText(vendor, switches, account)
  if (switches.userIdAs === 'absent') return undefined
  if (switches.userIdAs === 'string' || !/^\d+$/.test(text)) return text
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text)
}
