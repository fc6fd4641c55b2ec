import type { Connection } from '../../model/connection.ts'
import { newHexId } from '../../model/ids.ts'
import type { Revocation } from '../../model/revocation.ts'
import type { Context } from '../context.ts'

/** What the end of a grant takes. */
export type RevocableRow = Pick<
  Connection,
  'id' | 'applicationId' | 'sourceId' | 'vendor' | 'accountId' | 'sealedTokens' | 'accessExpiresAt'
>

/** The wish to end a connection's grant at its vendor, due at once. It keeps the sealed tokens for that alone. */
export function newRevocation(context: Context, connection: RevocableRow): Revocation {
  const now = context.now()
  return {
    id: newHexId(context.random),
    applicationId: connection.applicationId,
    connectionId: connection.id,
    sourceId: connection.sourceId,
    vendor: connection.vendor,
    accountId: connection.accountId,
    sealedTokens: connection.sealedTokens,
    accessExpiresAt: connection.accessExpiresAt,
    status: 'pending',
    tries: 0,
    nextTryAt: now,
    leaseOwner: null,
    leaseUntil: null,
    sendingUntil: null,
    accountDigest: null,
    cause: null,
    createdAt: now,
    finishedAt: null,
  }
}
