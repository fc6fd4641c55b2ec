/**
 * Where sealed values live.
 *
 * @module broker/sealing — owns which place a value is sealed for, what is sealed together, and how all of it gets a
 * new key. The cryptography is in `vault/`.
 *
 * What was sealed for one place opens in no other, so a value that is copied to another row, application or column is
 * worth nothing there. A change here would lock what is stored.
 */

import type { ApplicationId, ConnectionId } from '../../model/ids.ts'
import type { SealedValue } from '../../model/sealed-value.ts'
import type { Place } from '../../vault/index.ts'

interface Owned {
  readonly applicationId: ApplicationId
}

/** The tokens of a connection, also while only the wish to revoke them still holds them. */
export const tokensPlace = (row: Owned & { readonly id: ConnectionId | string }): Place => ({
  applicationId: row.applicationId,
  object: row.id,
  field: 'tokens',
})

/** The secrets of a client that was given over the API. */
export const clientSecretsPlace = (row: Owned & { readonly vendor: string }): Place => ({
  applicationId: row.applicationId,
  object: `client ${row.vendor}`,
  field: 'secrets',
})

/** One secret of a webhook endpoint. */
export const webhookSecretPlace = (
  row: Owned & { readonly endpointId: string; readonly id: string },
): Place => ({
  applicationId: row.applicationId,
  object: row.endpointId,
  field: `webhook-secret ${row.id}`,
})

/** What a vendor signs its notifications with, where it gave that out itself. */
export const notificationSecretPlace = (row: Owned & { readonly vendor: string }): Place => ({
  applicationId: row.applicationId,
  object: `notifications ${row.vendor}`,
  field: 'secret',
})

/** The body of a vendor's notification, until it is done. */
export const notificationBodyPlace = (row: Owned & { readonly id: string }): Place => ({
  applicationId: row.applicationId,
  object: `notification ${row.id}`,
  field: 'body',
})

/** The vendor's own words in an event. */
export const eventBodyPlace = (event: Owned & { readonly id: string }): Place => ({
  applicationId: event.applicationId,
  object: `event ${event.id}`,
  field: 'body',
})

/** Where a stored value lives; null for one that passes by itself and has its place with its trip. */
export function placeOfValue({ kind, applicationId, object, part }: SealedValue): Place | null {
  switch (kind) {
    case 'connection':
    case 'revocation':
      return tokensPlace({ applicationId, id: object })
    case 'client':
      return clientSecretsPlace({ applicationId, vendor: object })
    case 'webhook-secret':
      return webhookSecretPlace({ applicationId, endpointId: object, id: part })
    case 'notification-secret':
      return notificationSecretPlace({ applicationId, vendor: object })
    case 'notification-body':
      return notificationBodyPlace({ applicationId, id: object })
    case 'event-body':
      return eventBodyPlace({ applicationId, id: object })
    case 'held-grant':
    case 'request-token':
      return null
  }
}
