import { z } from '@hono/zod-openapi'

/** What a problem says beside its sentence about colours that are too near to each other. */
const contrastFields = {
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

/** The one error shape (RFC 9457), with what single codes say beside it. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string(),
    errors: z
      .array(z.object({ field: z.string(), detail: z.string() }))
      .optional()
      .openapi({
        description:
          'With invalid_request: everything that is wrong with the fields, `detail` being the first',
      }),
    header: z
      .enum(['Authorization', 'AppAuthorization'])
      .optional()
      .openapi({ description: 'With a 401: the header that is missing or wrong' }),
    rule: z
      .int()
      .optional()
      .openapi({ description: 'With invalid_redirect_uri: which of the seven rules refused it' }),
    problem: z
      .string()
      .optional()
      .openapi({ description: 'With invalid_redirect_uri: why it cannot be listed' }),
    ...contrastFields,
    disconnectedBy: z
      .enum(['person', 'application', 'vendor', 'displaced', 'replaced', 'erased'])
      .optional()
      .openapi({ description: 'With pairing_ended: who or what ended it' }),
  })
  .openapi('Problem')
