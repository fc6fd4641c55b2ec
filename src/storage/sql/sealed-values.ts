import { type Compilable, sql } from 'kysely'
import type { SealedKind, SealedValue } from '../../model/sealed-value.ts'
import type { SealedValues } from '../sealed-storage.ts'
import type { Executor } from './executor.ts'
import { prepareOnce } from './prepared.ts'
import type { Queries } from './queries.ts'

type Row = Omit<SealedValue, 'kind'>

/** How the values of one kind are read and replaced. */
interface Kind {
  readonly page: (after: string, limit: number) => Compilable<Row>
  readonly replace: (value: SealedValue, sealed: string) => Compilable<unknown>
}

const nothing = sql.lit('').as('part')

function connectionKinds({ build }: Queries) {
  const connection: Kind = {
    page: (after, limit) =>
      build
        .selectFrom('connections')
        .select(['id as key', 'applicationId', 'id as object', nothing])
        .select((value) => value.ref('sealedTokens').$notNull().as('sealed'))
        .where('sealedTokens', 'is not', null)
        .where(sql<string>`id`, '>', after)
        .orderBy('id')
        .limit(limit),
    replace: ({ key, sealed: old }, sealed) =>
      build
        .updateTable('connections')
        .set({ sealedTokens: sealed })
        .where(sql<string>`id`, '=', key)
        .where('sealedTokens', '=', old),
  }
  const revocation: Kind = {
    page: (after, limit) =>
      build
        .selectFrom('revocations')
        .select(['id as key', 'applicationId', 'connectionId as object', nothing])
        .select((value) => value.ref('sealedTokens').$notNull().as('sealed'))
        .where('sealedTokens', 'is not', null)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit),
    replace: ({ key, sealed: old }, sealed) =>
      build
        .updateTable('revocations')
        .set({ sealedTokens: sealed })
        .where('id', '=', key)
        .where('sealedTokens', '=', old),
  }
  return { connection, revocation }
}

/** Small tables, whose keys are two columns: one of them names the application or the endpoint. */
function secretKinds({ build }: Queries) {
  const ofVendor = sql<string>`application_id || ' ' || vendor`
  const ofEndpoint = sql<string>`endpoint_id || ' ' || id`
  const client: Kind = {
    page: (after, limit) =>
      build
        .selectFrom('clients')
        .select([ofVendor.as('key'), 'applicationId', 'vendor as object', nothing, 'sealedSecrets as sealed'])
        .where(ofVendor, '>', after)
        .orderBy(ofVendor)
        .limit(limit),
    replace: ({ key, sealed: old }, sealed) =>
      build
        .updateTable('clients')
        .set({ sealedSecrets: sealed })
        .where(ofVendor, '=', key)
        .where('sealedSecrets', '=', old),
  }
  const webhookSecret: Kind = {
    page: (after, limit) =>
      build
        .selectFrom('webhookSecrets')
        .select([
          ofEndpoint.as('key'),
          'applicationId',
          'endpointId as object',
          'id as part',
          'sealedSecret as sealed',
        ])
        .where(ofEndpoint, '>', after)
        .orderBy(ofEndpoint)
        .limit(limit),
    replace: ({ key, sealed: old }, sealed) =>
      build
        .updateTable('webhookSecrets')
        .set({ sealedSecret: sealed })
        .where(ofEndpoint, '=', key)
        .where('sealedSecret', '=', old),
  }
  const notificationSecret: Kind = {
    page: (after, limit) =>
      build
        .selectFrom('notificationAddresses')
        .select([ofVendor.as('key'), 'applicationId', 'vendor as object', nothing])
        .select((value) => value.ref('sealedSecret').$notNull().as('sealed'))
        .where('sealedSecret', 'is not', null)
        .where(ofVendor, '>', after)
        .orderBy(ofVendor)
        .limit(limit),
    replace: ({ key, sealed: old }, sealed) =>
      build
        .updateTable('notificationAddresses')
        .set({ sealedSecret: sealed })
        .where(ofVendor, '=', key)
        .where('sealedSecret', '=', old),
  }
  return { client, 'webhook-secret': webhookSecret, 'notification-secret': notificationSecret }
}

const BODY_MARK = '"sealedBody":"'

function bodyKinds({ build, dialect }: Queries) {
  const notificationBody: Kind = {
    page: (after, limit) =>
      build
        .selectFrom('inboundNotifications')
        .select(['id as key', 'applicationId', 'id as object', nothing])
        .select((value) => value.ref('sealedBody').$notNull().as('sealed'))
        .where('sealedBody', 'is not', null)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit),
    replace: ({ key, sealed: old }, sealed) =>
      build
        .updateTable('inboundNotifications')
        .set({ sealedBody: sealed })
        .where('id', '=', key)
        .where('sealedBody', '=', old),
  }
  // The body stands in the event's JSON, where a sealed value, which is base64url and dots, needs no escape.
  const position = (text: string) =>
    dialect === 'postgres' ? sql`strpos(detail, ${text})` : sql`instr(detail, ${text})`
  const eventBody: Kind = {
    page: (after, limit) =>
      build
        .selectFrom('events')
        .select([
          sql<string>`cast(sequence as text)`.as('key'),
          'applicationId',
          'id as object',
          nothing,
          sql<string>`substr(detail, ${position(BODY_MARK)} + ${sql.lit(BODY_MARK.length)})`.as('sealed'),
        ])
        .where('sequence', '>', Number(after))
        .where(sql<number>`${position(BODY_MARK)}`, '>', 0)
        .orderBy('sequence')
        .limit(limit),
    replace: ({ key, sealed: old }, sealed) =>
      build
        .updateTable('events')
        .set({ detail: sql<string>`replace(detail, ${old}, ${sealed})` })
        .where('sequence', '=', Number(key))
        .where(sql<number>`${position(`${BODY_MARK}${old}"`)}`, '>', 0),
  }
  return { 'notification-body': notificationBody, 'event-body': eventBody }
}

/** Trips under way. They are only looked at: what is held has tokens sealed within it, and all are gone soon. */
function passingKinds({ build }: Queries) {
  const replace: Kind['replace'] = () => {
    throw new TypeError('A value that passes by itself is not replaced.')
  }
  const heldGrant: Kind = {
    page: (after, limit) =>
      build
        .selectFrom('heldGrants')
        .select(['attemptId as key', 'applicationId', 'attemptId as object', nothing])
        .select((value) => value.ref('sealed').$notNull().as('sealed'))
        .where('sealed', 'is not', null)
        .where(sql<string>`attempt_id`, '>', after)
        .orderBy('attemptId')
        .limit(limit),
    replace,
  }
  const requestToken: Kind = {
    page: (after, limit) =>
      build
        .selectFrom('attempts')
        .select(['id as key', 'applicationId', 'id as object', nothing])
        .select((value) => value.ref('sealedRequestToken').$notNull().as('sealed'))
        .where('sealedRequestToken', 'is not', null)
        .where(sql<string>`id`, '>', after)
        .orderBy('id')
        .limit(limit),
    replace,
  }
  return { 'held-grant': heldGrant, 'request-token': requestToken }
}

/** The value alone, of what an event's JSON has from there on. */
const untilQuote = (text: string): string => text.split('"', 1)[0] ?? text

/** The values of {@link SealedValues}. Statements are built for each page: a rotation is rare, and its pages are large. */
export function createSealedValues(queries: Queries): (executor: Executor) => SealedValues {
  const kinds: Readonly<Record<SealedKind, Kind>> = {
    ...connectionKinds(queries),
    ...secretKinds(queries),
    ...bodyKinds(queries),
    ...passingKinds(queries),
  }
  return (executor) => ({
    async page(kind, after, limit) {
      const rows = await executor.all(prepareOnce(kinds[kind].page(after, limit)), {})
      return rows.map((row) => ({ ...row, kind, sealed: untilQuote(row.sealed) }))
    },
    replace: async (value, sealed) =>
      (await executor.change(prepareOnce(kinds[value.kind].replace(value, sealed)), {})) === 1,
  })
}
