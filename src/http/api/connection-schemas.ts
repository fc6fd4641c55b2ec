/** What the routes below one connection answer. */
import { z } from '@hono/zod-openapi'
import { HISTORY_STEPS } from '../../model/history.ts'
import { instant, page } from './schemas.ts'

export const history = page(
  z.object({
    step: z.enum(HISTORY_STEPS),
    /** Why, in fixed words. */
    detail: z.string().nullable(),
    at: instant,
  }),
).openapi('ConnectionHistory')

export const token = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresAt: instant.nullable(),
    scopes: z.array(z.string()),
    accountId: z.string(),
    extras: z.record(z.string(), z.string()).openapi({
      description:
        'What calls need beside the token, such as the region of the account; empty at most vendors',
    }),
  })
  .openapi('Token')
