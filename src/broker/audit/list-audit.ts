import type { AuditLine } from '../../model/audit.ts'
import type { ApplicationId, EndUserId } from '../../model/ids.ts'
import type { AuditQuery } from '../../storage/audit-storage.ts'
import type { Context } from '../context.ts'
import { subjectHashOf } from './deletion-receipt.ts'

/** Which audit lines are wanted: the last `limit` that fit everything given. */
export interface AuditWish {
  readonly applicationId: ApplicationId | null
  readonly endUserId: EndUserId | null
  /** Epoch milliseconds. */
  readonly since: number | null
  readonly limit: number
}

/** The last audit lines that fit, oldest first. */
export async function listAudit(
  context: Pick<Context, 'storage' | 'vault'>,
  { applicationId, endUserId, since, limit }: AuditWish,
): Promise<readonly AuditLine[]> {
  const query: AuditQuery = {
    limit,
    ...(applicationId === null ? {} : { applicationId }),
    ...(since === null ? {} : { since }),
    // Lines from before there were chains have the id itself.
    ...(endUserId === null ? {} : { objects: [subjectHashOf(context, endUserId), endUserId] }),
  }
  return (await context.storage.read.audit.latest(query)).toReversed()
}
