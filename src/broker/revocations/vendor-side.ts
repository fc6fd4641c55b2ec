import type { Attempt } from '../../model/attempt.ts'
import type { Connection } from '../../model/connection.ts'
import type { Revocation, RevocationStatus } from '../../model/revocation.ts'
import type { Context, SourceMap } from '../context.ts'

/**
 * What becomes of a grant at the vendor after a disconnect. `asked`: we ask the vendor to end it; `ended`: it did; `stays`: a
 * living connection uses it; `gave-up`: the vendor never confirmed; `by-hand`: the person has to remove it; `nothing`: no
 * vendor holds one. An `address` is where the person can remove it, without its scheme; null when it is not known.
 */
export type VendorSide =
  | { readonly kind: 'asked' | 'ended' | 'stays' | 'nothing' }
  | { readonly kind: 'gave-up' | 'by-hand'; readonly address: string | null }

const SETTLED: Readonly<Record<Exclude<RevocationStatus, 'pending'>, VendorSide['kind']>> = {
  revoked: 'ended',
  superseded: 'stays',
  unsupported: 'by-hand',
  gave_up: 'gave-up',
}

/** Of several accounts that ended together, a person reads about the one with the most left to do. */
const BY_WORK = ['gave-up', 'by-hand', 'asked', 'stays', 'ended'] as const

/** Jobs of one disconnect are queued in one unit of work, within this time. */
const TOGETHER_MS = 1000

/** What can become of a connection's grant at its vendor, before anybody is asked. */
export function vendorSideOf(sources: SourceMap, connection: Connection): VendorSide {
  const source = sources.get(connection.sourceId)
  // No vendor of these lets another program end what its own app may do.
  if (source?.kind === 'credentials') return { kind: 'by-hand', address: null }
  if (source?.kind !== 'oauth2') return { kind: 'nothing' }
  const revocation = revocationOf(sources, connection)
  return withAddress(revocation?.kind === 'unsupported' ? 'by-hand' : 'asked', sources, connection)
}

/** How far the end at the vendor has come by now, over all connections that the attempt ended; `connection` is one of them. */
export async function vendorSideNow(
  context: Context,
  attempt: Attempt,
  connection: Connection,
): Promise<VendorSide> {
  const { connections, revocations } = context.storage.read
  const { applicationId, endUserId, sourceId, createdAt } = attempt
  // A connection that was repaired and ended once more has a later job too.
  const jobOf = async ({ id }: Connection) =>
    (await revocations.listOf(applicationId, id)).find((job) => job.createdAt >= createdAt)
  const own = await jobOf(connection)
  const expected = vendorSideOf(context.sources, connection)
  if (own === undefined) return expected
  const others = (await connections.listOf(applicationId, [endUserId])).filter(
    (one) => one.sourceId === sourceId && one.id !== connection.id,
  )
  const jobs = (await Promise.all(others.map(jobOf))).filter(
    (job) => job !== undefined && job.createdAt <= own.createdAt + TOGETHER_MS,
  )
  const kinds = [own, ...jobs].flatMap((job) => (job === undefined ? [] : [kindOf(job, expected)]))
  const most = BY_WORK.find((kind) => kinds.includes(kind))
  return most === undefined ? expected : withAddress(most, context.sources, connection)
}

/** A job that nobody has looked at yet ends as its vendor lets it. */
const kindOf = ({ status }: Revocation, expected: VendorSide): VendorSide['kind'] =>
  status === 'pending' ? expected.kind : SETTLED[status]

/** The connections, of those that have ended, whose end the vendor never confirmed: with where to look. */
export async function unconfirmedEnds(
  { storage, sources }: Pick<Context, 'storage' | 'sources'>,
  connections: readonly Connection[],
): Promise<ReadonlyMap<Connection['id'], VendorSide>> {
  const found = new Map<Connection['id'], VendorSide>()
  const ended = connections.filter(({ status }) => status === 'disconnected')
  await Promise.all(
    ended.map(async (connection) => {
      const jobs = await storage.read.revocations.listOf(connection.applicationId, connection.id)
      if (jobs.at(-1)?.status === 'gave_up')
        found.set(connection.id, withAddress('gave-up', sources, connection))
    }),
  )
  return found
}

function withAddress(
  kind: Exclude<VendorSide['kind'], 'nothing'>,
  sources: SourceMap,
  connection: Connection,
): VendorSide {
  if (kind !== 'by-hand' && kind !== 'gave-up') return { kind }
  const address = revocationOf(sources, connection)?.removeAt?.replace(/^https:\/\//, '') ?? null
  return { kind, address }
}

function revocationOf(sources: SourceMap, { sourceId, vendor }: Connection) {
  const source = sources.get(sourceId)
  if (source?.kind !== 'oauth2') return undefined
  return source.authorizations.find((authorization) => authorization.vendor === vendor)?.revocation
}
