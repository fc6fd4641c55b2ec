import type { Api } from './endpoint.ts'
import { invalidArgument } from './errors.ts'
import { required } from './fields.ts'
import { flag, nullable, object, type Reader, text, textsByName } from './readers.ts'
import { type CallOptions, isRecord } from './request.ts'

/** The colours of one theme, each `#` and six hex digits. What is missing or null is the service's own. */
export interface AppearanceColours {
  /** Behind everything. */
  readonly background?: string | null
  /** Of the card and the list on it. */
  readonly surface?: string | null
  readonly text?: string | null
  /** Of the button that goes on, and of the mark of the focus. */
  readonly accent?: string | null
  /** On that button; black or white, whichever is read better, when missing. */
  readonly accentText?: string | null
}

/** How the application's pages are to look. What is missing is the service's own. */
export interface NewAppearance {
  /** What people read in place of the configured name. */
  readonly name?: string | null
  readonly colours?: { readonly light?: AppearanceColours; readonly dark?: AppearanceColours }
  readonly radius?: 'none' | 'small' | 'medium' | 'large'
  readonly font?: 'system' | 'humanist' | 'geometric' | 'rounded' | 'serif' | 'slab'
  /** Leaves the service's own name out. */
  readonly hideSpringbar?: boolean
  /** Texts in place of the service's, by the tag of the language and the key of the text. */
  readonly texts?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

type Theme = { readonly [Name in keyof AppearanceColours]-?: string | null }

/** How the application's pages look. */
export interface Appearance {
  readonly name: string | null
  readonly colours: { readonly light: Theme; readonly dark: Theme }
  readonly radius: string
  readonly font: string
  readonly hideSpringbar: boolean
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Where the logo is; null for none. */
  readonly logo: string | null
  /** Where the logo for the dark theme is; null for the same in both. */
  readonly darkLogo: string | null
  /** One of the `configuration` is read-only here; `none` is the service's own look. */
  readonly managedBy: 'configuration' | 'api' | 'none' | (string & {})
  /** ISO-8601 instant. */
  readonly updatedAt: string | null
}

/** A logo: a PNG, a WebP or an SVG, 128 KiB at most. */
export type LogoFile = Uint8Array

/** Which logo is meant; `dark`: the one that the dark theme shows in place of the other. */
export interface LogoOptions extends CallOptions {
  readonly theme?: 'light' | 'dark'
}

/** A link to every page in a look. */
export interface AppearancePreview {
  /** For whoever has it, until it expires. */
  readonly url: string
  /** ISO-8601 instant. */
  readonly expiresAt: string
}

/** How the application's pages look. */
export interface AppearanceCalls {
  readAppearance(options?: CallOptions): Promise<Appearance>
  /** Gives or replaces the look, all but the logo; `contrast_too_low` for colours that would be hard to read. */
  putAppearance(appearance: NewAppearance, options?: CallOptions): Promise<Appearance>
  /** Forgets the look and the logo. */
  removeAppearance(options?: CallOptions): Promise<void>
  putAppearanceLogo(logo: LogoFile, options?: LogoOptions): Promise<Appearance>
  /** Forgets the logo in both themes, or with `dark` in that one alone. */
  removeAppearanceLogo(options?: LogoOptions): Promise<void>
  /** A link to every page in this look; what is missing is as it is stored. Nothing is changed by it. */
  previewAppearance(
    wish?: {
      readonly appearance?: NewAppearance
      readonly logo?: LogoFile
      readonly darkLogo?: LogoFile
    },
    options?: CallOptions,
  ): Promise<AppearancePreview>
}

const theme = object<Theme>({
  background: nullable(text),
  surface: nullable(text),
  text: nullable(text),
  accent: nullable(text),
  accentText: nullable(text),
})

const texts: Reader<Appearance['texts']> = (value) =>
  Object.freeze(
    Object.fromEntries(
      Object.entries(required(value, isRecord)).map(([tag, own]) => [tag, textsByName(own)] as const),
    ),
  )

const look = object<Appearance>({
  name: nullable(text),
  colours: object({ light: theme, dark: theme }),
  radius: text,
  font: text,
  hideSpringbar: flag,
  texts,
  logo: nullable(text),
  darkLogo: nullable(text),
  managedBy: text,
  updatedAt: nullable(text),
})

const preview = object<AppearancePreview>({ url: text, expiresAt: text })

/** Bytes in base64 as every platform makes it: `btoa` takes one character for each byte, in pieces that a call can hold. */
function base64(file: LogoFile): string {
  if (!(file instanceof Uint8Array) || file.length === 0)
    throw invalidArgument('logo must be the bytes of a picture.')
  const pieces: string[] = []
  for (let at = 0; at < file.length; at += PIECE)
    pieces.push(String.fromCharCode(...file.subarray(at, at + PIECE)))
  return btoa(pieces.join(''))
}

const PIECE = 8_192

/** Makes the calls about the look of the pages. */
export function appearanceCalls({ get, run }: Api): AppearanceCalls {
  const path = '/appearance'
  const logoPath = (options?: LogoOptions) => `${path}/logo${options?.theme === 'dark' ? '?theme=dark' : ''}`
  return {
    readAppearance: async (options) => get({ purpose: 'read the look', method: 'GET', path }, look, options),
    putAppearance: async (appearance, options) =>
      get({ purpose: 'store the look', method: 'PUT', path, body: appearance }, look, options),
    removeAppearance: async (options) => run({ purpose: 'remove the look', method: 'DELETE', path }, options),
    putAppearanceLogo: async (logo, options) => {
      const body = { data: base64(logo) }
      return get({ purpose: 'store the logo', method: 'PUT', path: logoPath(options), body }, look, options)
    },
    removeAppearanceLogo: async (options) =>
      run({ purpose: 'remove the logo', method: 'DELETE', path: logoPath(options) }, options),
    previewAppearance: async (wish, options) => {
      const { appearance, logo, darkLogo } = wish ?? {}
      const body = {
        appearance,
        ...(logo === undefined ? {} : { logo: { data: base64(logo) } }),
        ...(darkLogo === undefined ? {} : { darkLogo: { data: base64(darkLogo) } }),
      }
      const endpoint = { method: 'POST', path: `${path}/preview`, body, status: 201 } as const
      return get({ purpose: 'preview a look', ...endpoint }, preview, options)
    },
  }
}
