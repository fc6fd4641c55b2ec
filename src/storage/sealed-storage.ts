import type { SealedKind, SealedValue } from '../model/sealed-value.ts'

/** Every sealed value of the database, for a rotation of the vault's keys. */
export interface SealedValues {
  /** Up to `limit` values of a kind whose keys come after `after`, in the order of their keys; '' for the first page. */
  page(kind: SealedKind, after: string, limit: number): Promise<readonly SealedValue[]>
  /**
   * Puts the same value, wrapped anew, in the place of the one that was read. False when that has changed or gone
   * meanwhile. It changes nothing else: who compares versions does not notice.
   */
  replace(value: SealedValue, sealed: string): Promise<boolean>
}
