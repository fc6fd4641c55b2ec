import type { KeyObject } from 'node:crypto'
import { limits } from '../../limits.ts'
import { fetchPublishedKeys, type PublishedKeys } from '../../oauth/index.ts'
import type { Context } from '../context.ts'

/** The public keys of vendors that sign with one. One process' own view; it keeps nothing. */
export interface VendorKeys {
  /**
   * A key by its id; null for one that the vendor does not publish. Rejects with a `VendorError` while nothing is known and
   * the vendor cannot be asked.
   */
  readonly find: (vendor: string, keysUrl: string, keyId: number) => Promise<KeyObject | null>
}

interface Fetched {
  readonly keys: PublishedKeys
  readonly at: number
}

/** Keeps what was fetched for a day. A key that is not among them is looked for again, at most once a minute. */
export function createVendorKeys(context: Context): VendorKeys {
  const fetched = new Map<string, Fetched>()
  const running = new Map<string, Promise<Fetched>>()

  const fetchNow = (vendor: string, url: string): Promise<Fetched> => {
    const known = running.get(url)
    if (known !== undefined) return known
    const run = fetchPublishedKeys(context, vendor, url)
      .then((keys) => {
        const fresh = { keys, at: context.now() }
        fetched.set(url, fresh)
        return fresh
      })
      .finally(() => running.delete(url))
    running.set(url, run)
    return run
  }

  return Object.freeze({
    find: async (vendor: string, keysUrl: string, keyId: number) => {
      const known = fetched.get(keysUrl)
      const key = known?.keys.get(keyId)
      const age = known === undefined ? Number.POSITIVE_INFINITY : context.now() - known.at
      if (key !== undefined && age < limits.publishedKeysMs) return key
      if (key === undefined && age < limits.publishedKeysAgainMs) return null
      return (await fetchNow(vendor, keysUrl)).keys.get(keyId) ?? null
    },
  })
}
