import { z } from '@hono/zod-openapi'
import { EVENT_TYPES } from '../../model/event.ts'
import { TIMESTAMP_TYPES, WEBHOOK_FORMATS } from '../../model/webhook.ts'
import { instantInput } from '../instant.ts'
import { pageQuery } from './paging.ts'

/** The shapes of `/v1/webhooks`. */

const instant = z.iso.datetime().openapi({ example: '2026-11-22T09:30:00.000Z' })
const hexId = z.string().openapi({ example: '5b0a2f6de1c94f7e8d3a6c1b9f402e57' })

const settings = {
  url: z.string().openapi({ example: 'https://app.example.com/hooks/springbar' }),
  types: z
    .array(z.enum(EVENT_TYPES))
    .min(1)
    .nullable()
    .openapi({ description: 'The types of events that are sent; null for all' }),
  timestampType: z.enum(TIMESTAMP_TYPES),
  format: z.enum(WEBHOOK_FORMATS),
}

export const newWebhook = z
  .strictObject({
    url: settings.url,
    types: settings.types.default(null),
    timestampType: settings.timestampType.default('unix'),
    format: settings.format.default('current'),
  })
  .openapi('NewWebhook')

export const webhookChange = z
  .strictObject({ ...settings, enabled: z.boolean() })
  .partial()
  .openapi('WebhookChange')

export const webhook = z
  .object({
    id: hexId,
    ...settings,
    managedBy: z.enum(['configuration', 'api']),
    enabled: z.boolean(),
    disabledReason: z.enum(['application', 'gone', 'failing']).nullable(),
    /** The first failure since the last success. */
    failingSince: instant.nullable(),
    pausedUntil: instant.nullable(),
    secrets: z
      .array(z.object({ id: hexId, createdAt: instant }))
      .openapi({ description: 'The live ones, the older first; what they are is told when they are made' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi('Webhook')

export const createdWebhook = webhook
  .extend({ secret: z.string().openapi({ example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }) })
  .openapi('CreatedWebhook')

export const newSecret = z
  .object({ id: hexId, secret: z.string(), createdAt: instant })
  .openapi('WebhookSecret')

export const attempt = z
  .object({
    at: instant,
    status: z.int().nullable(),
    cause: z.string().nullable().openapi({ description: 'Why there was no answer' }),
    durationMs: z.int(),
    answer: z.string().openapi({ description: 'The beginning of the body' }),
  })
  .openapi('DeliveryAttempt')

export const testResult = z.object({ succeeded: z.boolean(), attempt }).openapi('WebhookTest')

const status = z.enum(['pending', 'delivered', 'failed'])

export const delivery = z
  .object({
    eventId: hexId,
    status,
    tries: z.int(),
    attempts: z.array(attempt),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .openapi('Delivery')

export const deliveriesQuery = pageQuery.extend({
  status: status.optional(),
  // Each has up to eleven tries with the beginning of an answer.
  limit: pageQuery.shape.limit.default(50),
})

export const replay = z
  .union([
    z.strictObject({ eventId: hexId }),
    z.strictObject({ from: instantInput, to: instantInput.optional() }),
  ])
  .openapi('Replay')

export const replayed = z
  .object({ queued: z.int(), continueFrom: instant.nullable() })
  .openapi('Replayed', { description: 'With `continueFrom`, ask again from there: one call takes a part' })
