import type { z } from '@hono/zod-openapi'
import type { Delivery, DeliveryAttempt } from '../../model/webhook.ts'
import type { EndpointWithSecrets } from '../../webhooks/index.ts'
import type * as schemas from './webhook-schemas.ts'
import { iso, isoOrNull } from './wire.ts'

/** From the model of webhooks to what goes over the wire. */

export const endpointToWire = ({
  endpoint,
  secrets,
}: EndpointWithSecrets): z.infer<typeof schemas.webhook> => ({
  id: endpoint.id,
  url: endpoint.url,
  types: endpoint.types && [...endpoint.types],
  timestampType: endpoint.timestampType,
  format: endpoint.format,
  managedBy: endpoint.managedBy,
  enabled: endpoint.status === 'enabled',
  disabledReason: endpoint.disabledReason,
  failingSince: isoOrNull(endpoint.failingSince),
  pausedUntil: isoOrNull(endpoint.pausedUntil),
  secrets: secrets.map(({ id, createdAt }) => ({ id, createdAt: iso(createdAt) })),
  createdAt: iso(endpoint.createdAt),
  updatedAt: iso(endpoint.updatedAt),
})

export const attemptToWire = ({ at, ...attempt }: DeliveryAttempt): z.infer<typeof schemas.attempt> => ({
  at: iso(at),
  ...attempt,
})

export const deliveryToWire = (delivery: Delivery): z.infer<typeof schemas.delivery> => ({
  eventId: delivery.eventId,
  status: delivery.status,
  tries: delivery.tries,
  attempts: delivery.attempts.map(attemptToWire),
  createdAt: iso(delivery.createdAt),
  finishedAt: isoOrNull(delivery.finishedAt),
})
