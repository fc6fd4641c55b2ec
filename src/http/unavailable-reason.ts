import type { Unavailability } from '../broker/catalogue/find-source.ts'
import type { UnavailableReason } from '../pages/index.ts'

const REASONS: Readonly<Record<Unavailability, UnavailableReason>> = {
  planned: 'planned',
  ended: 'ended',
  closed: 'closed',
  native: 'native',
  no_client: 'not-set-up',
  credentials_off: 'log-in-off',
  not_in_session: 'not-offered',
}

const isUnavailability = (reason: string): reason is Unavailability => Object.hasOwn(REASONS, reason)

/** Why a source cannot be connected, in the words that pages have for it; null for a reason that is none. */
export const reasonForPerson = (reason: string | undefined): UnavailableReason | null =>
  reason !== undefined && isUnavailability(reason) ? REASONS[reason] : null
