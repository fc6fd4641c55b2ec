import { z } from '@hono/zod-openapi'

/** What a problem says beside its sentence about colours that are too near to each other. */
export const contrastFields = {
  pair: z.string().optional().openapi({
    description: 'With contrast_too_low: the two colours, such as light.text on light.background',
  }),
  found: z.number().optional().openapi({ description: 'With contrast_too_low: the contrast that they have' }),
  needed: z.number().optional().openapi({ description: 'With contrast_too_low: the one that it takes' }),
  change: z.string().optional().openapi({ description: 'With contrast_too_low: the field to change' }),
  suggestion: z
    .string()
    .optional()
    .openapi({ description: 'With contrast_too_low: the nearest colour for it that does, if one does' }),
}
