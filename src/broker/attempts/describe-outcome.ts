import type { Attempt } from '../../model/attempt.ts'
import type { Connection } from '../../model/connection.ts'
import type { Context } from '../context.ts'
import { type VendorSide, vendorSideNow } from '../revocations/vendor-side.ts'

/** The causes of connects that a person ended on our own pages: before leaving, in place of the vendor, before a move. */
const CANCELLED_HERE = /^(?:declined|cancelled(?:_after_.+)?|not_moved)$/

/** What a page tells about a finished attempt beyond success or failure. */
export interface OutcomeFacts {
  /** Whether some of what was asked for was not granted. */
  readonly permissionsMissing: boolean
  /** Whether the vendor wants the person's consent to something of its own before it lets anybody connect. */
  readonly consentMissing: boolean
  /** Whether the person said no on a page of ours, not at the vendor. */
  readonly cancelledHere: boolean
  /** Whether the source is connected now, by this attempt or an earlier one. */
  readonly stillConnected: boolean
  /** Whether a connection that works lacks some of what was asked for, so that the rest can be asked for alone. */
  readonly lacksScopes: boolean
  readonly vendorSide: VendorSide
}

/** Whether a connection works without some of what was asked for. */
export const lacksScopes = ({ status, missingScopes }: Connection): boolean =>
  status === 'active' && missingScopes.length > 0

/** Whether the person ended a connect on a page of ours. */
export const wasCancelledHere = ({ cause }: Attempt): boolean => cause !== null && CANCELLED_HERE.test(cause)

/** Whether a vendor wants the person's consent to something of its own before it lets anybody connect. */
export const lacksConsent = ({ cause }: Attempt): boolean => cause?.startsWith('consent_missing') === true

/** Looks up what the result page needs to know about an attempt's connection. */
export async function describeOutcome(context: Context, attempt: Attempt): Promise<OutcomeFacts> {
  const { connections } = context.storage.read
  const { applicationId, endUserId, sourceId, connectionId } = attempt
  const [own, living] = await Promise.all([
    connectionId === null ? null : connections.find(applicationId, connectionId),
    sourceId === null ? [] : connections.livingOf(applicationId, endUserId, sourceId),
  ])
  return {
    permissionsMissing: own !== null && own.missingScopes.length > 0,
    consentMissing: lacksConsent(attempt),
    cancelledHere: wasCancelledHere(attempt),
    lacksScopes: living.some(lacksScopes),
    stillConnected: living.length > 0,
    vendorSide:
      own === null || attempt.action === 'connect'
        ? { kind: 'nothing' }
        : await vendorSideNow(context, attempt, own),
  }
}
