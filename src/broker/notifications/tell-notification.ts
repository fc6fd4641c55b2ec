import type { Application } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import { type EventDetail, type EventType, TYPES_TO_ASK_FOR } from '../../model/event.ts'
import type { InboundNotification } from '../../model/inbound.ts'
import type { VendorEvent } from '../../oauth/index.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Context } from '../context.ts'
import { connectionEvent } from '../events/new-event.ts'
import { eventBodyPlace } from '../sealing/sealed-places.ts'
import { applicationsSharing } from '../subscriptions/sharing-client.ts'

/** A living connection that a vendor talks about. */
export interface Concerned {
  readonly application: Application
  readonly connection: Connection
}

/** What a vendor says, whom it concerns, and the text to pass on. */
export interface SaidEvent {
  readonly event: VendorEvent
  readonly concerned: readonly Concerned[]
  readonly text: string
}

/**
 * The living connections of a vendor account: of the application whose address it came to, and of those of the same
 * customer that have the same client there. A vendor knows one address for each client.
 */
export async function connectionsConcerned(
  context: Context,
  { applicationId, vendor }: Pick<InboundNotification, 'applicationId' | 'vendor'>,
  accountId: string,
): Promise<readonly Concerned[]> {
  const sharing = applicationsSharing(context, applicationId, vendor)
  const found = await Promise.all(
    sharing.map(async (application) => {
      const { connections } = context.storage.read
      const owners = await connections.ownersOf(application.id, vendor, accountId)
      return owners.map((connection) => ({ application, connection }))
    }),
  )
  return found.flat()
}

/**
 * Appends the events about new data, and the vendor's own words, inside the unit that ends the notification: each once.
 * Those that neither the application's feed nor an endpoint names are not kept at all.
 */
export async function tellOn(
  context: Context,
  tables: Tables,
  { vendor }: InboundNotification,
  said: readonly SaidEvent[],
): Promise<void> {
  const asked = new Map<Application['id'], ReadonlySet<EventType>>()
  for (const { event, concerned, text } of said)
    for (const { application, connection } of concerned) {
      const types = asked.get(application.id) ?? (await typesAskedFor(tables, application))
      asked.set(application.id, types)
      const data = dataOf(event)
      if (data !== null && types.has(data.type))
        await tables.events.append(await connectionEvent(context, tables, data.type, connection, data.detail))
      if (types.has('vendor.notification')) await appendWords(context, tables, vendor, connection, text)
    }
}

async function typesAskedFor(
  tables: Tables,
  { id, feedTypes }: Application,
): Promise<ReadonlySet<EventType>> {
  const endpoints = await tables.webhookEndpoints.list(id)
  const living = endpoints.filter(({ status }) => status === 'enabled')
  const named = [...(feedTypes ?? []), ...living.flatMap(({ types }) => types ?? [])]
  return new Set(named.filter((type) => TYPES_TO_ASK_FOR.has(type)))
}

function dataOf({
  means,
  span,
  dataTypeIds,
}: VendorEvent): { readonly type: EventType; readonly detail: EventDetail } | null {
  if (means !== 'data' || span === null) return null
  const { kind, ...when } = span
  return { type: `notification.data.${kind}.createupdate`, detail: { ...when, dataTypeIds } }
}

/** The words are health data, or may be: sealed until the moment in which they are told on. */
async function appendWords(
  context: Context,
  tables: Tables,
  vendor: string,
  connection: Connection,
  text: string,
): Promise<void> {
  const event = await connectionEvent(context, tables, 'vendor.notification', connection)
  const sealedBody = context.vault.seal(text, eventBodyPlace(event))
  await tables.events.append({ ...event, detail: { vendor, sealedBody } })
}
