/** How our pages look for one application: what it may say about it, and what holds where it says nothing. */
import { limits } from '../limits.ts'
import { type Colour, colour } from './contrast.ts'
import type { ApplicationId } from './ids.ts'
import type { Logo } from './presentation.ts'

/** The two themes of a page, of which the person's device chooses. */
export const SCHEMES = ['light', 'dark'] as const
export type Scheme = (typeof SCHEMES)[number]

/** What an application may give for each theme. */
export const COLOUR_NAMES = ['background', 'surface', 'text', 'accent', 'accentText'] as const
export type ColourName = (typeof COLOUR_NAMES)[number]

/** The colours of one theme, as far as they were given. */
export type Colours = { readonly [Name in ColourName]: Colour | null }

/** How round corners are. */
export const RADII = ['none', 'small', 'medium', 'large'] as const
export type Radius = (typeof RADII)[number]

/** Families of type that the devices of people bring along; nothing is loaded for them. */
export const FONTS = ['system', 'humanist', 'geometric', 'rounded', 'serif', 'slab'] as const
export type Font = (typeof FONTS)[number]

/** Texts of an application's own, by the tag of the language and the key of the message. */
export type OwnTexts = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What an application says about its look, without the logo. */
export interface AppearanceSettings {
  /** What people read instead of the configured name; null for that one. */
  readonly name: string | null
  readonly colours: { readonly [Name in Scheme]: Colours }
  readonly radius: Radius
  readonly font: Font
  /** Whether our own name is left out. */
  readonly hideSpringbar: boolean
  readonly texts: OwnTexts
}

/** A logo with the digest of its content, by which browsers keep it. */
export interface AppearanceLogo extends Logo {
  readonly digest: string
}

/** A look with everything that a page needs of it. */
export interface Appearance {
  readonly settings: AppearanceSettings
  /** The digest of the logo, which is only read when somebody asks for it; null for none. */
  readonly logoDigest: string | null
  /** The same of the logo for the dark theme, which counts beside the other; null for that one in both. */
  readonly darkLogoDigest: string | null
}

/** An application's look as it is kept. */
export interface StoredAppearance extends Appearance {
  /** New with each change. */
  readonly revision: string
  readonly createdAt: number
  readonly updatedAt: number
}

const NO_COLOURS: Colours = Object.freeze({
  background: null,
  surface: null,
  text: null,
  accent: null,
  accentText: null,
})

/** Our own look. */
export const PLAIN_SETTINGS: AppearanceSettings = Object.freeze({
  name: null,
  colours: Object.freeze({ light: NO_COLOURS, dark: NO_COLOURS }),
  radius: 'medium',
  font: 'system',
  hideSpringbar: false,
  texts: Object.freeze({}),
})

/** The look of an application that said nothing. */
export const PLAIN_APPEARANCE: Appearance = Object.freeze({
  settings: PLAIN_SETTINGS,
  logoDigest: null,
  darkLogoDigest: null,
})

/** Our own colours, which hold for what an application leaves open. */
export const OWN_COLOURS: { readonly [Name in Scheme]: { readonly [Name in ColourName]: Colour } } =
  Object.freeze({
    light: Object.freeze({
      background: colour('#f2f3ef'),
      surface: colour('#ffffff'),
      text: colour('#17211e'),
      accent: colour('#0d5c56'),
      accentText: colour('#ffffff'),
    }),
    dark: Object.freeze({
      background: colour('#101514'),
      surface: colour('#191f1d'),
      text: colour('#e8eeeb'),
      accent: colour('#74d3c6'),
      accentText: colour('#06221f'),
    }),
  })

/** Characters that are not seen, or that turn the order of others (Unicode bidirectional overrides and isolates). */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

/** Why a text cannot stand on a page as it is; null when it can. */
export function plainTextProblem(text: string): string | null {
  if (text === '') return 'must not be empty'
  if (text !== text.trim()) return 'must have no space at its ends'
  if (/[<>]/.test(text)) return 'must be plain text, without < and >'
  if (UNSEEN.test(text)) return 'must have no control characters'
  return null
}

/** Why this cannot be what people call an application; null when it can. */
export function shownNameProblem(name: string): string | null {
  if ([...name].length > limits.shownNameCharacters)
    return `must have at most ${limits.shownNameCharacters} characters`
  return plainTextProblem(name)
}

/** A look that somebody tries, for a short time. It has no effect but on its own pages. */
export interface AppearancePreview {
  /** The digest of the unguessable key in its address. */
  readonly keyHash: string
  readonly applicationId: ApplicationId
  readonly settings: AppearanceSettings
  readonly logo: AppearanceLogo | null
  readonly darkLogo: AppearanceLogo | null
  readonly createdAt: number
  readonly expiresAt: number
}
