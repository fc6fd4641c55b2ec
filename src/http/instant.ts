import { z } from '@hono/zod-openapi'

/** An instant as programs write one: a date (its first moment in UTC), or ISO 8601 with an offset. */
export const instantInput = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'must be a date, YYYY-MM-DD, or an ISO 8601 instant such as 2026-11-30T09:00:00Z',
  })
  .openapi({ example: '2026-11-30T09:00:00Z' })
