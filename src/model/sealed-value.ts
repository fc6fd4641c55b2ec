import type { ApplicationId } from './ids.ts'

/**
 * The kinds of sealed values that stay for longer than a rotation of keys takes: vendors' tokens, of living connections
 * and of grants that are still to be ended; secrets of clients, of webhook endpoints and of vendors' notifications; and
 * what vendors said, until it is told.
 */
export const LASTING_KINDS = [
  'connection',
  'revocation',
  'client',
  'webhook-secret',
  'notification-secret',
  'notification-body',
  'event-body',
] as const

/** Kinds that are gone within the hour by themselves: trips that wait for a vendor or for a confirmation. */
const PASSING_KINDS = ['held-grant', 'request-token'] as const

/** Every kind of sealed value; `keys rewrap` goes through all of them. */
export const SEALED_KINDS = [...LASTING_KINDS, ...PASSING_KINDS] as const

/** One of {@link SEALED_KINDS}. */
export type SealedKind = (typeof SEALED_KINDS)[number]

/** One sealed value as it is stored. */
export interface SealedValue {
  readonly kind: SealedKind
  /** Unique within the kind; pages are in its order. */
  readonly key: string
  readonly applicationId: ApplicationId
  /** What the value belongs to: the id, or the vendor key. */
  readonly object: string
  /** Tells values of one object apart; empty where it has one. */
  readonly part: string
  readonly sealed: string
}
