/**
 * What applications are told.
 *
 * @module broker/events — owns what an event and a history entry say. Both are written in the unit of the change;
 * telling them is the work of `webhooks/`.
 */

import type { Attempt } from '../../model/attempt.ts'
import { formatReference, referenceOf } from '../../model/attempt.ts'
import type { Connection } from '../../model/connection.ts'
import type { EndUser } from '../../model/end-user.ts'
import type { Event, EventDetail, EventType } from '../../model/event.ts'
import { type ApplicationId, newHexId } from '../../model/ids.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Context } from '../context.ts'
import { noteHistory, stepOf } from './note-history.ts'

/** What making an event takes of the context. */
type Maker = Pick<Context, 'now' | 'random' | 'vault'>

/** An event about a connection, to be appended in the transaction of the change; the connection's history has it then. */
export async function connectionEvent(
  context: Maker,
  tables: Tables,
  type: EventType,
  connection: Connection,
  detail: EventDetail = {},
): Promise<Event> {
  const endUser = await tables.endUsers.find(connection.applicationId, connection.endUserId)
  const noted = stepOf(type, detail)
  if (noted !== null) await noteHistory(context, tables, connection, noted.step, noted.detail)
  return eventOfConnection(context, type, connection, endUser?.alias ?? null, detail)
}

/** The same for an end user who is read already, or just erased. */
export const eventOfConnection = (
  context: Maker,
  type: EventType,
  connection: Connection,
  endUserAlias: string | null,
  detail: EventDetail,
): Event => ({
  id: newHexId(context.random),
  applicationId: connection.applicationId,
  type,
  endUserId: connection.endUserId,
  endUserAlias,
  sourceId: connection.sourceId,
  connectionId: connection.id,
  detail,
  lane: laneOf(context, connection),
  createdAt: context.now(),
})

/** The event about an attempt that failed, or that nobody came back from. */
export async function failureEvent(context: Maker, tables: Tables, attempt: Attempt): Promise<Event> {
  const endUser = await tables.endUsers.find(attempt.applicationId, attempt.endUserId)
  return {
    id: newHexId(context.random),
    applicationId: attempt.applicationId,
    type: attempt.cause === 'abandoned' ? 'attempt.abandoned' : 'attempt.failed',
    endUserId: attempt.endUserId,
    endUserAlias: endUser?.alias ?? null,
    sourceId: attempt.sourceId,
    connectionId: null,
    detail: {
      error: attempt.error ?? 'server_error',
      reference: formatReference(referenceOf(attempt.id)),
    },
    lane: attempt.endUserId,
    createdAt: context.now(),
  }
}

/** The event about an end user who was erased. */
export const erasureEvent = (context: Maker, { applicationId, id, alias }: EndUser): Event => ({
  id: newHexId(context.random),
  applicationId,
  type: 'user.deleted',
  endUserId: id,
  endUserAlias: alias,
  sourceId: null,
  connectionId: null,
  detail: {},
  lane: id,
  createdAt: context.now(),
})

/** The event about a webhook endpoint that is switched off without having been asked for it. */
export const endpointEvent = (
  context: Maker,
  applicationId: ApplicationId,
  endpointId: string,
  reason: string,
): Event => ({
  id: newHexId(context.random),
  applicationId,
  type: 'webhook.endpoint_disabled',
  endUserId: null,
  endUserAlias: null,
  sourceId: null,
  connectionId: null,
  detail: { endpointId, reason },
  lane: 'endpoints',
  createdAt: context.now(),
})

/**
 * The lane of a vendor account: whoever owns it, what happens to it is told in order. A displacement spans two
 * connections of one account. The account's id itself does not leave its own row.
 */
const laneOf = (
  { vault }: Maker,
  { applicationId, vendor, accountId }: Pick<Connection, 'applicationId' | 'vendor' | 'accountId'>,
): string => vault.ofAny('event-lane', `${applicationId}\n${vendor}\n${accountId}`)
