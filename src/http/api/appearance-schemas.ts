import { z } from '@hono/zod-openapi'
import { COLOUR_NAMES, FONTS, RADII, SCHEMES } from '../../model/appearance.ts'
import { appearanceFields, logoContent } from '../../model/appearance-schema.ts'
import { textProblem } from '../../pages/index.ts'
import { instant } from './schemas.ts'

/** The shapes of an application's look. */

export const newAppearance = z
  .object(appearanceFields(textProblem))
  .openapi('NewAppearance', { description: 'What is missing or null is ours' })

const theme = z.object(
  // An entry for each name.
  Object.fromEntries(COLOUR_NAMES.map((name) => [name, z.string().nullable()])) as Record<
    (typeof COLOUR_NAMES)[number],
    z.ZodNullable<z.ZodString>
  >,
)

export const appearance = z
  .object({
    name: z.string().nullable(),
    colours: z.object({ light: theme, dark: theme }),
    radius: z.enum(RADII),
    font: z.enum(FONTS),
    hideSpringbar: z.boolean(),
    texts: z.record(z.string(), z.record(z.string(), z.string())),
    logo: z.string().nullable().openapi({ description: 'Where the logo is; null for none' }),
    darkLogo: z
      .string()
      .nullable()
      .openapi({ description: 'Where the logo for the dark theme is; null for the same in both' }),
    managedBy: z.enum(['configuration', 'api', 'none']),
    updatedAt: instant.nullable(),
  })
  .openapi('Appearance')

export const newLogo = z
  .object({
    data: logoContent.describe('The file in base64: PNG, WebP or SVG'),
  })
  .openapi('NewLogo')

export const logoTheme = z.object({
  theme: z
    .enum(SCHEMES)
    .optional()
    .openapi({ description: 'dark: the one that is shown in the dark theme in place of the other' }),
})

export const newPreview = z
  .object({ appearance: newAppearance.optional(), logo: newLogo.optional(), darkLogo: newLogo.optional() })
  .openapi('NewAppearancePreview', { description: 'What is missing is as it is stored' })

export const preview = z
  .object({
    url: z.string().openapi({ description: 'For whoever has it, until it expires' }),
    expiresAt: instant,
  })
  .openapi('AppearancePreview')
