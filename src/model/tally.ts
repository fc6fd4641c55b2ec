/** What is counted within a time: tries on one form, of one session, for one account. */
export interface Tally {
  /** Names what is counted; a digest where that is a person's. */
  readonly key: string
  readonly count: number
  /** Epoch milliseconds; after it, counting begins anew. */
  readonly endsAt: number
}
