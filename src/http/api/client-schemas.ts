import { z } from '@hono/zod-openapi'
import { limits } from '../../limits.ts'

/** The shapes of an application's client at a vendor. A secret comes in and never goes out. */

/** What a vendor gives out (RFC 6749, appendix A), as it is: a space or line break at an end was copied by mistake. */
const vendorText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'must be printable ASCII without a space at an end')

const isName = (name: string) => /^[a-zA-Z][a-zA-Z0-9]{0,39}$/.test(name)

// A name is not repeated in a complaint: it may be a secret that was put on the wrong side.
const extras = z
  .record(z.string(), vendorText(limits.clientSecretCharacters))
  .refine(
    (values) => Object.keys(values).every(isName),
    'a name must be a letter, then letters and digits, up to 40',
  )
  .refine(
    (values) => Object.keys(values).length <= limits.clientExtras,
    `has at most ${limits.clientExtras} values`,
  )

const environment = z.enum(['production', 'sandbox'])
const vendor = z.string().min(1).max(80)

/** Which of a source's authorizations is meant. Needed where it has several. */
export const clientChoice = z.strictObject({ vendor: vendor.optional(), environment: environment.optional() })

export const newClient = clientChoice
  .extend({
    clientId: vendorText(limits.clientIdCharacters),
    clientSecret: vendorText(limits.clientSecretCharacters),
    scopes: z.array(z.string().min(1).max(200)).min(1).max(50).optional().openapi({
      description: 'Scopes to ask for instead of those that the source asks for by itself',
    }),
    extras: extras.optional().openapi({
      description: 'What the vendor wants beside id and secret, by the names of the source’s documentation',
    }),
  })
  .openapi('NewClient')

export const client = z
  .object({
    dataSource: z.int().positive(),
    vendor: z.string(),
    environment,
    clientId: z.string(),
    scopes: z.array(z.string()).nullable(),
    extras: z
      .array(z.string())
      .openapi({ description: 'The names of the further values; no value is given back' }),
    managedBy: z.enum(['configuration', 'api']),
    callbackUri: z.string().openapi({ description: 'What to register at the vendor as the redirect URI' }),
    createdAt: z.iso.datetime().nullable(),
    updatedAt: z.iso.datetime().nullable(),
  })
  .openapi('Client')
