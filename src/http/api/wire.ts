import type { z } from '@hono/zod-openapi'
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
  reauthReason: connection.reauthReason,
  grantedScopes: [...connection.grantedScopes],
  missingScopes: [...connection.missingScopes],
  connectedAt: iso(connection.connectedAt),
  updatedAt: iso(connection.updatedAt),
  disconnectedAt: isoOrNull(connection.disconnectedAt),
})
