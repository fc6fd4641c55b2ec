import { sql } from 'kysely'
import type { ApplicationId } from '../../model/ids.ts'
import type { Records } from '../storage.ts'
import { conflict, type Executor } from './executor.ts'
import { prepare } from './prepared.ts'
import type { Queries } from './queries.ts'

type Key = { readonly applicationId: ApplicationId; readonly key: string }
type Claim = Key & {
  readonly requestHash: string
  readonly now: number
  readonly staleBefore: number
  readonly expiredBefore: number
}
type Answer = Key & { readonly status: number; readonly body: string | null }

type Answers = Pick<Records, 'claimIdempotencyKey' | 'answerIdempotencyKey' | 'deleteIdempotencyKeys'>

function prepareAll({ build }: Queries) {
  return {
    /** One statement: of all callers with one key, it changes a row for one. */
    claim: prepare('idempotency_keys.claim', (claim: Claim) => {
      const fresh = {
        requestHash: claim.requestHash,
        status: sql.lit(null),
        body: sql.lit(null),
        createdAt: claim.now,
      }
      return build
        .insertInto('idempotencyKeys')
        .values({ applicationId: claim.applicationId, key: claim.key, ...fresh })
        .onConflict((on) =>
          on
            .columns(['applicationId', 'key'])
            .doUpdateSet(fresh)
            .where((old) =>
              old.or([
                old('idempotencyKeys.createdAt', '<', claim.expiredBefore),
                old.and([
                  old('idempotencyKeys.status', 'is', null),
                  old('idempotencyKeys.createdAt', '<', claim.staleBefore),
                ]),
              ]),
            ),
        )
    }),
    find: prepare('idempotency_keys.find', ({ applicationId, key }: Key) =>
      build
        .selectFrom('idempotencyKeys')
        .select(['requestHash', 'status', 'body', 'createdAt'])
        .where('applicationId', '=', applicationId)
        .where('key', '=', key),
    ),
    /** The first answer stays: a request that took too long and was overtaken does not replace it. */
    answer: prepare('idempotency_keys.answer', ({ applicationId, key, status, body }: Answer) =>
      build
        .updateTable('idempotencyKeys')
        .set({ status, body })
        .where('applicationId', '=', applicationId)
        .where('key', '=', key)
        .where('status', 'is', null),
    ),
    giveBack: prepare('idempotency_keys.give_back', ({ applicationId, key }: Key) =>
      build
        .deleteFrom('idempotencyKeys')
        .where('applicationId', '=', applicationId)
        .where('key', '=', key)
        .where('status', 'is', null),
    ),
    deleteOld: prepare('idempotency_keys.delete_old', (old: { before: number; limit: number }) =>
      build.deleteFrom('idempotencyKeys').where(
        (row) => row.refTuple('applicationId', 'key'),
        'in',
        (row) =>
          row
            .selectFrom('idempotencyKeys')
            .select(['applicationId', 'key'])
            .where('createdAt', '<', old.before)
            .orderBy('createdAt')
            .limit(old.limit)
            .$asTuple('applicationId', 'key'),
      ),
    ),
  }
}

/** The idempotency keys of {@link Records}. */
export function createIdempotency(queries: Queries): (executor: Executor) => Answers {
  const statements = prepareAll(queries)
  return (executor) => ({
    async claimIdempotencyKey(applicationId, key, requestHash, now, staleBefore, expiredBefore) {
      const claim = { applicationId, key, requestHash, now, staleBefore, expiredBefore }
      if ((await executor.change(statements.claim, claim)) === 1) return null
      const first = await executor.first(statements.find, { applicationId, key })
      if (first === null) throw conflict()
      return first
    },
    async answerIdempotencyKey(applicationId, key, status, body) {
      if (status === null) await executor.change(statements.giveBack, { applicationId, key })
      else await executor.change(statements.answer, { applicationId, key, status, body })
    },
    deleteIdempotencyKeys: (before, limit) => executor.change(statements.deleteOld, { before, limit }),
  })
}
