import type { Connection } from '../../model/connection.ts'
import { newHexId } from '../../model/ids.ts'
import type { Subscription } from '../../model/subscription.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Context } from '../context.ts'
import { tellingAuthorization } from './notification-address.ts'
import { applicationsSharing } from './sharing-client.ts'

/** Whoever connected; or, without a connection, an application that is to be told of all of its people. */
type Wishing = Pick<Connection, 'applicationId' | 'vendor'> & {
  readonly connectionId: Connection['id'] | null
}

/**
 * Notes inside the unit that connects somebody what the vendor is to be asked to tell: for this connection, or for the
 * whole application when it is the first. The vendor is asked by `run-subscriptions.ts`.
 */
export async function wantSubscriptions(
  context: Context,
  tables: Tables,
  { applicationId, vendor, ...wish }: Wishing,
): Promise<void> {
  const rules = tellingAuthorization(context, vendor)?.notifications.subscription
  if (rules === undefined) return
  const connectionId = rules.per === 'person' ? wish.connectionId : null
  if (rules.per === 'person' && connectionId === null) return
  const topics = rules.topics ?? ['']
  // An application is connected to thousands of times; its subscriptions are there after the first.
  const known = await tables.subscriptions.listOf(applicationId, vendor, connectionId)
  if (known.length === topics.length && known.every(({ status }) => status === 'active')) return
  // A vendor tells a client at one address, and another application with the same client has it already.
  if (connectionId === null && (await isAskedFor(context, tables, applicationId, vendor))) return
  for (const topic of topics)
    await tables.subscriptions.want(newSubscription(context, { applicationId, vendor, connectionId, topic }))
}

async function isAskedFor(
  context: Context,
  tables: Tables,
  applicationId: Connection['applicationId'],
  vendor: string,
): Promise<boolean> {
  for (const { id } of applicationsSharing(context, applicationId, vendor))
    if (id !== applicationId && (await tables.subscriptions.listOf(id, vendor, null)).length > 0) return true
  return false
}

type Wish = Pick<Subscription, 'applicationId' | 'vendor' | 'connectionId' | 'topic'>

const newSubscription = (context: Context, wish: Wish): Subscription => ({
  ...wish,
  id: newHexId(context.random),
  status: 'pending',
  remoteId: null,
  generation: 0,
  expiresAt: null,
  dueAt: context.now(),
  tries: 0,
  leaseOwner: null,
  leaseUntil: null,
  cause: null,
  createdAt: context.now(),
})
