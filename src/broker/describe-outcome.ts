import type { Attempt } from '../model/attempt.ts'
import type { Connection } from '../model/connection.ts'
import type { Context, SourceMap } from './context.ts'

/** What becomes of the grant at the vendor after a disconnect. */
export type VendorSide = 'asked' | 'by-hand' | 'nothing'

/** What a page tells about a finished attempt beyond success or failure. */
export interface OutcomeFacts {
  /** Whether some of what was asked for was not granted. */
  readonly permissionsMissing: boolean
  /** Whether the vendor wants the person's consent to something of its own before it lets anybody connect. */
  readonly consentMissing: boolean
  /** Whether the source is connected now, by this attempt or an earlier one. */
  readonly stillConnected: boolean
  readonly vendorSide: VendorSide
}

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
    consentMissing: attempt.cause?.startsWith('consent_missing') === true,
    stillConnected: living.length > 0,
    vendorSide: own === null ? 'nothing' : vendorSideOf(context.sources, own),
  }
}

/** Whether the vendor of a connection can be asked to end its grant. */
export function vendorSideOf(sources: SourceMap, connection: Connection): VendorSide {
  const source = sources.get(connection.sourceId)
  // No vendor of these lets another program end what its own app may do.
  if (source?.kind === 'credentials') return 'by-hand'
  if (source?.kind !== 'oauth2') return 'nothing'
  const authorization = source.authorizations.find(({ vendor }) => vendor === connection.vendor)
  return authorization?.revocation.kind === 'unsupported' ? 'by-hand' : 'asked'
}
