import { sql } from 'kysely'
import type { ApplicationId } from '../../model/ids.ts'
import type { Device, Pairing } from '../../model/pairing.ts'
import type { Devices, Pairings } from '../storage.ts'
import { deviceColumns, pairingColumns } from './columns.ts'
import { conflict, type Executor } from './executor.ts'
import { pick, prepare } from './prepared.ts'
import type { Queries } from './queries.ts'

type Code = Pick<Pairing, 'applicationId' | 'handle' | 'codeHash'>
type Try = Code & { readonly now: number; readonly maxTries: number }

const preparePairings = ({ build }: Queries) => ({
  insert: prepare('pairings.insert', (row: Pairing) =>
    build
      .insertInto('pairings')
      .values(pick(row, pairingColumns))
      .onConflict((on) =>
        on
          .columns(['applicationId', 'handle'])
          .doUpdateSet(pick(row, ['codeHash', 'attemptId', 'tries', 'createdAt', 'expiresAt']))
          .where('pairings.expiresAt', '<=', row.createdAt),
      ),
  ),
  take: prepare('pairings.take', ({ applicationId, handle, codeHash, now, maxTries }: Try) =>
    build
      .deleteFrom('pairings')
      .where('applicationId', '=', applicationId)
      .where('handle', '=', handle)
      .where('codeHash', '=', codeHash)
      .where('expiresAt', '>', now)
      .where('tries', '<', maxTries)
      .returning(pairingColumns),
  ),
  countTry: prepare('pairings.count_try', ({ applicationId, handle }: Code) =>
    build
      .updateTable('pairings')
      .set({ tries: sql<number>`tries + 1` })
      .where('applicationId', '=', applicationId)
      .where('handle', '=', handle),
  ),
  deleteExpired: prepare('pairings.delete_expired', (old: { before: number; limit: number }) =>
    build
      .deleteFrom('pairings')
      .where('attemptId', 'in', (select) =>
        select
          .selectFrom('pairings')
          .select('attemptId')
          .where('expiresAt', '<', old.before)
          .orderBy('expiresAt')
          .limit(old.limit),
      ),
  ),
})

/** The open pairings of {@link Pairings}. */
export function createPairings(queries: Queries): (executor: Executor) => Pairings {
  const statements = preparePairings(queries)
  return (executor) => ({
    async insert(pairing) {
      if ((await executor.change(statements.insert, pairing)) === 0) throw conflict()
    },
    async take(code, now, maxTries) {
      const taken = await executor.first(statements.take, { ...code, now, maxTries })
      if (taken === null) await executor.change(statements.countTry, code)
      return taken
    },
    deleteExpired: (before, limit) => executor.change(statements.deleteExpired, { before, limit }),
  })
}

const prepareDevices = ({ build, dialect }: Queries) => ({
  /** A device without its connection would be a right to nothing. */
  insert: prepare('devices.insert', (row: Device) =>
    build
      .insertInto('devices')
      .columns(deviceColumns)
      .expression((from) => {
        const owner = from
          .selectFrom('connections')
          .select((value) => deviceColumns.map((column) => value.val(row[column]).as(column)))
          .where('id', '=', row.connectionId)
          .where('applicationId', '=', row.applicationId)
        return dialect === 'postgres' ? owner.forKeyShare() : owner
      }),
  ),
  find: prepare('devices.find', ({ tokenHash }: { tokenHash: string }) =>
    build.selectFrom('devices').select(deviceColumns).where('tokenHash', '=', tokenHash),
  ),
  reported: prepare(
    'devices.reported',
    ({ applicationId, tokenHash, now }: { applicationId: ApplicationId; tokenHash: string; now: number }) =>
      build
        .updateTable('devices')
        .set({ reportedAt: now })
        .where('tokenHash', '=', tokenHash)
        .where('applicationId', '=', applicationId),
  ),
})

/** The phones of {@link Devices}. */
export function createDevices(queries: Queries): (executor: Executor) => Devices {
  const statements = prepareDevices(queries)
  return (executor) => ({
    async insert(device) {
      if ((await executor.change(statements.insert, device)) === 0) throw conflict()
    },
    find: (tokenHash) => executor.first(statements.find, { tokenHash }),
    reported: async (applicationId, tokenHash, now) =>
      (await executor.change(statements.reported, { applicationId, tokenHash, now })) === 1,
  })
}
