import { limits } from '../../limits.ts'
import type { Connection } from '../../model/connection.ts'
import type { EventDetail, EventType } from '../../model/event.ts'
import type { HistoryStep } from '../../model/history.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Context } from '../context.ts'

/** Notes what happened to a connection, inside the unit in which it happens, for whoever must explain it later. */
export const noteHistory = (
  { now }: Pick<Context, 'now'>,
  tables: Tables,
  { applicationId, id }: Pick<Connection, 'applicationId' | 'id'>,
  step: HistoryStep,
  detail: string | null = null,
): Promise<void> =>
  tables.history.append({ applicationId, connectionId: id, step, detail, at: now() }, limits.historyEntries)

/** The step that an event is, and what it says of why; null for an event that is no step of the connection itself. */
export function stepOf(
  type: EventType,
  detail: EventDetail,
): { readonly step: HistoryStep; readonly detail: string | null } | null {
  switch (type) {
    case 'notification.source.connect':
      return { step: 'connected', detail: null }
    case 'notification.source.disconnect':
      return { step: 'disconnected', detail: detail.disconnectedBy ?? null }
    case 'connection.repaired':
      return { step: 'repaired', detail: null }
    case 'connection.needs_reauth':
      return { step: 'needs_reauth', detail: detail.reason ?? null }
    case 'connection.scopes_changed':
      return { step: 'scopes_changed', detail: null }
    case 'connection.revocation_finished':
      return { step: 'revocation_finished', detail: detail.revocation ?? null }
    default:
      return null
  }
}
