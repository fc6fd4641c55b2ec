import {
  type Appearance,
  type AppearanceSettings,
  type Font,
  type Radius,
  SCHEMES,
  type Scheme,
} from '../model/appearance.ts'
import { asColour } from '../model/contrast.ts'
import type { Language } from './language.ts'
import { constantMarkup, type Markup } from './markup.ts'
import type { Messages } from './messages/en.ts'
import { PALETTE_NAMES, paletteOf } from './palette.ts'
import { textProblem } from './text-overrides.ts'

/** What an application's look changes about a page. */
export interface Look {
  /** What people read instead of the application's configured name; null for that one. */
  readonly name: string | null
  /** Where its logo is, on the own origin; without one the first letter of the name stands in. */
  readonly logo: string | null
  /** Where the one for the dark theme is; null for the same in both. */
  readonly darkLogo: string | null
  /** Laid over the stylesheet. */
  readonly styles: Markup
  readonly hidesSpringbar: boolean
  readonly isPreview: boolean
}

/** Where an application's logos are: paths on the own origin, null for none. The dark one counts beside the other. */
export interface LogoAddresses {
  readonly light: string | null
  readonly dark: string | null
}

/** What is shown to developers who try a look. */
export interface PreviewOptions {
  /** One theme for every device; null for the device's own. */
  readonly scheme: Scheme | null
}

const ROUNDNESS: Readonly<Record<Radius, string>> = { none: '0', small: '.4', medium: '1', large: '1.6' }

/** Stacks of families that come with the systems of people's devices, after modernfontstacks.com (2026-11). */
const FAMILIES: Readonly<Record<Exclude<Font, 'system'>, string>> = {
  humanist: 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", source-sans-pro, sans-serif',
  geometric: 'Avenir, Montserrat, Corbel, "URW Gothic", source-sans-pro, sans-serif',
  rounded:
    'ui-rounded, "Hiragino Maru Gothic ProN", Quicksand, Comfortaa, Manjari, "Arial Rounded MT Bold", Calibri, source-sans-pro, sans-serif',
  serif: 'Charter, "Bitstream Charter", "Sitka Text", Cambria, serif',
  slab: 'Rockwell, "Rockwell Nova", "Roboto Slab", "DejaVu Serif", "Sitka Small", serif',
}

const PREVIEW = `
.preview { position: sticky; inset-block-start: 0; z-index: 1; inline-size: 100%; padding: .375rem 1rem; border-radius: .5rem; text-align: center; font: 600 .875rem/1.4 system-ui, sans-serif; color: #ffffff; background: #5b2a86; }
`

/**
 * The look of an appearance. Nothing of it comes into a stylesheet but colours, which are looked at once more, and
 * constants of ours. Throws a TypeError on a colour that is none.
 */
export function lookOf(
  { settings }: Appearance,
  logos: LogoAddresses | null,
  preview: PreviewOptions | null = null,
): Look {
  const { light, dark } = logos ?? { light: null, dark: null }
  const scheme = preview?.scheme ?? null
  return Object.freeze({
    name: settings.name,
    logo: scheme === 'dark' && light !== null ? (dark ?? light) : light,
    darkLogo: scheme === null && light !== null ? dark : null,
    styles: constantMarkup(`${stylesOf(settings, preview)}${preview === null ? '' : PREVIEW.trim()}`),
    hidesSpringbar: settings.hideSpringbar,
    isPreview: preview !== null,
  })
}

function stylesOf(settings: AppearanceSettings, preview: PreviewOptions | null): string {
  const { radius, font } = settings
  const scheme = preview?.scheme ?? null
  return [
    radius === 'medium' ? '' : `:root{--round:${ROUNDNESS[radius]}}`,
    font === 'system' ? '' : `body{font-family:${FAMILIES[font]}}`,
    scheme === null ? themes(settings) : oneTheme(settings, scheme),
  ].join('')
}

/** Nothing where no colour was given: the stylesheet has ours. */
const themes = (settings: AppearanceSettings): string =>
  hasColours(settings)
    ? `:root{${variables(settings, 'light')}}@media (prefers-color-scheme:dark){:root{${variables(settings, 'dark')}}}`
    : ''

/** Also without a colour of the application: a theme that the device did not choose is laid over the one that it did. */
function oneTheme(settings: AppearanceSettings, scheme: Scheme): string {
  const theme = `:root{color-scheme:${scheme};${variables(settings, scheme)}}`
  return `${theme}@media (prefers-color-scheme:dark){${theme}}`
}

const hasColours = ({ colours }: AppearanceSettings): boolean =>
  SCHEMES.some((scheme) => Object.values(colours[scheme]).some((one) => one !== null))

function variables(settings: AppearanceSettings, scheme: Scheme): string {
  const palette = paletteOf(settings, scheme)
  return PALETTE_NAMES.map((name) => {
    const value = palette[name]
    if (asColour(value) !== value) throw new TypeError('Not a colour')
    return `--${name}:${value}`
  }).join(';')
}

/** A language with the texts that an application put in place of ours. What no longer fits a text of ours is left out. */
export function withOwnTexts(language: Language, { settings }: Appearance): Language {
  const own = Object.entries(settings.texts[language.tag] ?? {}).filter(
    ([key, text]) => textProblem(language.tag, key, text) === null,
  )
  if (own.length === 0) return language
  // Every key was looked up among ours just here.
  const messages = Object.freeze({ ...language.messages, ...Object.fromEntries(own) }) as Messages
  return Object.freeze({ ...language, messages })
}
