import { z } from 'zod'
import {
  ACCOUNT_TAKEN_POLICIES,
  ACCOUNTS_PER_SOURCE,
  type AccountPolicy,
  type Application,
} from '../model/application.ts'

const policy = {
  onAccountTaken: z.enum(ACCOUNT_TAKEN_POLICIES).optional(),
  accountsPerSource: z.enum(ACCOUNTS_PER_SOURCE).optional(),
}

/** What an application may say about vendor accounts, for all sources and for single ones, by their keys. */
export const accountPolicyFields = (sources: ReadonlySet<string>) => ({
  ...policy,
  accountPolicies: z
    .record(
      z.string().refine((key) => sources.has(key), { error: 'there is no source with this key' }),
      z.strictObject(policy),
    )
    .default({}),
})

type Written = { readonly [Name in keyof AccountPolicy]?: AccountPolicy[Name] | undefined }

/** What is not said is as the documented service does it: an account moves, and a second one replaces the first. */
const STANDARD: AccountPolicy = Object.freeze({ onAccountTaken: 'move', accountsPerSource: 'one' })

const laidOver = (below: AccountPolicy, written: Written): AccountPolicy =>
  Object.freeze({
    onAccountTaken: written.onAccountTaken ?? below.onAccountTaken,
    accountsPerSource: written.accountsPerSource ?? below.accountsPerSource,
  })

/** The policies as they hold: what one source leaves open is the application's. */
export function toAccountPolicies(
  written: Written & { readonly accountPolicies: Readonly<Record<string, Written>> },
): Pick<Application, 'accountPolicy' | 'accountPolicies'> {
  const accountPolicy = laidOver(STANDARD, written)
  return {
    accountPolicy,
    accountPolicies: new Map(
      Object.entries(written.accountPolicies).map(([source, one]) => [source, laidOver(accountPolicy, one)]),
    ),
  }
}
