import type { HistoryEntry } from '../../model/history.ts'
import type { ApplicationId, ConnectionId } from '../../model/ids.ts'
import type { History } from '../storage.ts'
import { historyColumns } from './columns.ts'
import type { Executor } from './executor.ts'
import { pick, prepare } from './prepared.ts'
import type { Queries } from './queries.ts'

type Of = { readonly applicationId: ApplicationId; readonly connectionId: ConnectionId }

function prepareAll({ build }: Queries) {
  return {
    append: prepare('history.append', (entry: HistoryEntry) =>
      build.insertInto('history').values(pick(entry, historyColumns)),
    ),
    /** The newest ones stay, as many as are kept. */
    trim: prepare('history.trim', (of: Of & { kept: number }) =>
      build
        .deleteFrom('history')
        .where('connectionId', '=', of.connectionId)
        .where('sequence', '<=', (newest) =>
          newest
            .selectFrom('history')
            .select('sequence')
            .where('connectionId', '=', of.connectionId)
            .orderBy('sequence', 'desc')
            .limit(1)
            .offset(of.kept),
        ),
    ),
    list: prepare('history.list', (of: Of) =>
      build
        .selectFrom('history')
        .select(historyColumns)
        .where('connectionId', '=', of.connectionId)
        .where('applicationId', '=', of.applicationId)
        .orderBy('sequence'),
    ),
  }
}

/** The history of {@link History}. */
export function createHistory(queries: Queries): (executor: Executor) => History {
  const statements = prepareAll(queries)
  return (executor) => ({
    async append(entry, kept) {
      await executor.change(statements.append, entry)
      await executor.change(statements.trim, { ...entry, kept })
    },
    list: (applicationId, connectionId) => executor.all(statements.list, { applicationId, connectionId }),
  })
}
