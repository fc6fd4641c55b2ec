import type { Attempt } from '../model/attempt.ts'
import { formatReference, referenceOf } from '../model/attempt.ts'
import type { Connection } from '../model/connection.ts'
import type { Event, EventDetail, EventType } from '../model/event.ts'
import { newHexId } from '../model/ids.ts'
import type { Tables } from '../storage/storage.ts'
import type { Context } from './context.ts'

/** An event about a connection, to be appended in the transaction of the change. */
export async function connectionEvent(
  context: Context,
  tables: Tables,
  type: EventType,
  connection: Connection,
  detail: EventDetail = {},
): Promise<Event> {
  const endUser = await tables.endUsers.find(connection.applicationId, connection.endUserId)
  return {
    id: newHexId(context.random),
    applicationId: connection.applicationId,
    type,
    endUserId: connection.endUserId,
    endUserAlias: endUser?.alias ?? null,
    sourceId: connection.sourceId,
    connectionId: connection.id,
    detail,
    createdAt: context.now(),
  }
}

/** The event about an attempt that failed. */
export async function failureEvent(context: Context, tables: Tables, attempt: Attempt): Promise<Event> {
  const endUser = await tables.endUsers.find(attempt.applicationId, attempt.endUserId)
  return {
    id: newHexId(context.random),
    applicationId: attempt.applicationId,
    type: 'attempt.failed',
    endUserId: attempt.endUserId,
    endUserAlias: endUser?.alias ?? null,
    sourceId: attempt.sourceId,
    connectionId: null,
    detail: {
      error: attempt.error ?? 'server_error',
      reference: formatReference(referenceOf(attempt.id)),
    },
    createdAt: context.now(),
  }
}
