/** What programs and operators may write about a look: one shape for the API and the configuration. */
import { z } from 'zod'
import { limits } from '../limits.ts'
import {
  type AppearanceSettings,
  COLOUR_NAMES,
  type Colours,
  FONTS,
  RADII,
  type SCHEMES,
  shownNameProblem,
} from './appearance.ts'
import { asColour } from './contrast.ts'

/** Why an application's own text cannot stand in place of one of ours; null when it can. The pages know. */
export type TextProblem = (language: string, key: string, text: string) => string | null

const hexColour = z
  .string()
  .refine((value) => asColour(value) !== null, 'must be # and six hex digits, such as #0d5c56')
  .nullable()
  .optional()

const theme = z
  .strictObject({
    background: hexColour,
    surface: hexColour,
    text: hexColour,
    accent: hexColour,
    accentText: hexColour,
  })
  .optional()

const shownName = z.string().superRefine((value, context) => {
  const problem = shownNameProblem(value)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem })
})

const ownTexts = (problemOf: TextProblem) =>
  z.record(z.string().max(20), z.record(z.string().max(100), z.string())).superRefine((texts, context) => {
    for (const [language, ofLanguage] of Object.entries(texts))
      for (const [key, text] of Object.entries(ofLanguage)) {
        const message = problemOf(language, key, text)
        if (message !== null) context.addIssue({ code: 'custom', path: [language, key], message })
      }
  })

/** The fields of a look. What is missing or null is ours. */
export const appearanceFields = (problemOf: TextProblem) => ({
  name: shownName.nullable().optional(),
  colours: z.strictObject({ light: theme, dark: theme }).optional(),
  radius: z.enum(RADII).optional(),
  font: z.enum(FONTS).optional(),
  hideSpringbar: z.boolean().optional(),
  texts: ownTexts(problemOf).optional(),
})

type Written = {
  readonly [Name in keyof ReturnType<typeof appearanceFields>]?: z.infer<
    ReturnType<typeof appearanceFields>[Name]
  >
}

/** The settings of what was written. */
export function toSettings({
  name,
  colours,
  radius,
  font,
  hideSpringbar,
  texts,
}: Written): AppearanceSettings {
  const coloursOf = (scheme: (typeof SCHEMES)[number]): Colours => {
    const written = colours?.[scheme] ?? {}
    const entries = COLOUR_NAMES.map((one) => [one, asColour(written[one] ?? '')])
    return Object.freeze(Object.fromEntries(entries)) as Colours // an entry for each name
  }
  return Object.freeze({
    name: name ?? null,
    colours: Object.freeze({ light: coloursOf('light'), dark: coloursOf('dark') }),
    radius: radius ?? 'medium',
    font: font ?? 'system',
    hideSpringbar: hideSpringbar ?? false,
    texts: texts ?? {},
  })
}

/** A picture in base64 (RFC 4648 §4). Whether it is one is seen when it was read. */
export const logoContent = z.base64().max(Math.ceil(limits.logoBytes / 3) * 4)
