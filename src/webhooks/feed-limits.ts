const SECOND_MS = 1_000

/** The bounds of the feed, beside `limits.ts`, which says how long events are kept. */
export const feedLimits = Object.freeze({
  /** Events of one page. */
  page: { default: 100, max: 500 },
  /** How long a call may wait for an event: less than load balancers let a silent connection live (60 s). */
  waitMaxSeconds: 30,
  /** How often waiting callers look by themselves, for what another replica committed. */
  readAgainMs: 250,
  /** Callers of one application that wait, or follow a stream, at the same time in one process. */
  followersPerApplication: 50,
  /** A comment is sent on a stream that is silent for so long, so that nobody between takes it for dead. */
  heartbeatMs: 15 * SECOND_MS,
  /** A reader of a stream that takes nothing for so long is cut off. */
  stalledMs: 60 * SECOND_MS,
  /** A stream ends after this time; its reader comes again, perhaps to another replica. */
  streamMs: 600 * SECOND_MS,
})
