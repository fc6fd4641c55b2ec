/** Every bound of the sandbox, with its unit in the name and the reason for its value. */
export const SANDBOX_LIMITS = Object.freeze({
  /** A token request is a handful of short fields. */
  bodyBytes: 64 * 1024,
  /** Longest query that the consent page takes; ten scopes and a redirect URI are well below. */
  queryCharacters: 8 * 1024,
  /** Calls that are remembered for tests; the oldest are forgotten. */
  recordedCalls: 1_000,
  /** Longest parameter value that a recorded call keeps. */
  recordedValueCharacters: 2_048,
  /** Parameters that a recorded call keeps. */
  recordedParameters: 50,
  clients: 500,
  codes: 1_000,
  grants: 1_000,
  tokens: 10_000,
  nonces: 1_000,
  marks: 10_000,
  /** Where notifications go, and what was sent there. */
  notificationTargets: 200,
  deliveries: 1_000,
  /** A vendor that is told nothing for so long gives up, as the strictest of them do. */
  notificationMs: 5_000,
  notificationAnswerBytes: 64 * 1024,
  /** Faults that wait at the same time, and how often one of them can strike. */
  faults: 100,
  faultTimes: 1_000,
  /** The too large answer, and the most that may be asked for. */
  largeBodyBytes: { default: 2 * 1024 * 1024, max: 4 * 1024 * 1024 },
  /** How long each answer of a slow vendor takes: longer than most clients wait without worrying. */
  slowVendorMs: 5_000,
  /** Longest delay of an answer; the fault that never answers gives up after it too. */
  delayMs: 60_000,
  /** Furthest step of the clock: ten years, longer than the longest-lived token. */
  clockStepMs: 10 * 366 * 24 * 60 * 60 * 1_000,
})
