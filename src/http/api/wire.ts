import type { z } from '@hono/zod-openapi'
import { callbackUri } from '../../broker/begin-connect.ts'
import type { Context } from '../../broker/context.ts'
import type { Unavailability } from '../../broker/find-source.ts'
import type { ListedSource } from '../../broker/list-sources.ts'
import type { Connection } from '../../model/connection.ts'
import type { EndUser } from '../../model/end-user.ts'
import type * as schemas from './schemas.ts'

/** From the model to what goes over the wire. */

export const iso = (instant: number): string => new Date(instant).toISOString()
export const isoOrNull = (instant: number | null): string | null => (instant === null ? null : iso(instant))

export const userToWire = (endUser: EndUser): z.infer<typeof schemas.user> => ({
  id: endUser.id,
  partnerUserId: endUser.alias,
  language: endUser.language,
  height: endUser.heightCm,
  weight: endUser.weightKg,
  birthdate: endUser.birthdate,
  gender: endUser.gender,
  createdAt: iso(endUser.createdAt),
  deleteAt: isoOrNull(endUser.deleteAt),
})

export const connectionToWire = (connection: Connection): z.infer<typeof schemas.connection> => ({
  id: connection.id,
  endUserId: connection.endUserId,
  dataSource: connection.sourceId,
  status: connection.status,
  disconnectedBy: connection.disconnectedBy,
  grantedScopes: [...connection.grantedScopes],
  missingScopes: [...connection.missingScopes],
  connectedAt: iso(connection.connectedAt),
  updatedAt: iso(connection.updatedAt),
  disconnectedAt: isoOrNull(connection.disconnectedAt),
})

export function sourceToWire(
  context: Context,
  { source, availability, authorization }: ListedSource,
): z.infer<typeof schemas.dataSource> {
  const { id, key, name, description, category } = source
  const { status, statusNote } = source.kind === 'listed' ? source : (authorization ?? LIVE)
  return {
    id,
    key,
    name,
    description,
    category,
    kind: source.kind === 'listed' ? source.connectedBy : source.kind,
    status,
    statusNote,
    logo: `${context.urls.api}/logos/${key}.svg`,
    scopes: (authorization?.scopes ?? []).map(({ value, label, requested }) => ({ value, label, requested })),
    connectable: availability.kind === 'available',
    missing: availability.kind === 'available' ? null : missingFor(availability.reason),
    callbackUri: authorization === null ? null : callbackUri(context, authorization.vendor),
  }
}

const LIVE = Object.freeze({ status: 'live', statusNote: null })

/** What would have to be there; null where nothing can be added, because the source is no more. */
function missingFor(reason: Unavailability): 'client' | 'definition' | 'phone' | null {
  if (reason === 'no_client') return 'client'
  if (reason === 'ended') return null
  return reason === 'native' ? 'phone' : 'definition'
}
